package place

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/phuslu/iploc"
)

func randomAddrs(v6 bool) []netip.Addr {
	rng := rand.New(rand.NewPCG(3, 4))
	list := make([]netip.Addr, 1<<16)
	for i := range list {
		if v6 {
			list[i] = point{0x2a00<<48 | rng.Uint64()>>12, rng.Uint64()}.addr()
			continue
		}
		var b [4]byte
		binary.BigEndian.PutUint32(b[:], rng.Uint32())
		list[i] = netip.AddrFrom4(b)
	}
	return list
}

// BenchmarkAt measures a look-up in the embedded table beside the module's own.
func BenchmarkAt(b *testing.B) {
	s := embedded(b)
	a, err := New(s)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		v6   bool
	}{{"IPv4", false}, {"IPv6", true}} {
		list := randomAddrs(c.v6)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				a.At(list[i&(1<<16-1)], s.Day)
			}
		})
		b.Run(c.name+"/module", func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				iploc.IPCountry(list[i&(1<<16-1)])
			}
		})
	}
}

func BenchmarkEmbedded(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		embedded(b)
	}
}

func BenchmarkCompile(b *testing.B) {
	s := embedded(b)
	b.ReportAllocs()
	for range b.N {
		compile([]opinion{{countries: []steps{s.steps}}})
	}
}

func BenchmarkOpenTable(b *testing.B) {
	var table bytes.Buffer
	if _, err := embedded(b).WriteTo(&table); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(table.Len()))
	b.ReportAllocs()
	for range b.N {
		if _, err := Open("x", 1, bytes.NewReader(table.Bytes())); err != nil {
			b.Fatal(err)
		}
	}
}
