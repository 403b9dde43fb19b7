package intel

import (
	"encoding/binary"
	"io/fs"
	"net/netip"
	"os"
	"strings"
	"testing"
)

// BenchmarkLookup asks a set of the size of maltrail: addresses and names that are not
// in it, as nearly all records show, and some that are.
func BenchmarkLookup(b *testing.B) {
	s := loadReal(b, "maltrail/trails/static")
	names := zeekColumn(b, realData(b, "zeek/simda/dns.log"), "query")
	addrs := spread(1 << 14)
	misses := make([][]byte, 1<<14)
	for n := range misses {
		misses[n] = []byte(strings.ReplaceAll(addrs[n].String(), ".", "-") + ".host-name.example.org")
	}
	b.Run("addr/miss", func(b *testing.B) {
		b.ReportAllocs()
		for n := range b.N {
			s.Addr(addrs[n&(1<<14-1)], 443, 0)
		}
	})
	b.Run("name/miss", func(b *testing.B) {
		b.ReportAllocs()
		for n := range b.N {
			s.Name(misses[n&(1<<14-1)], 0)
		}
	})
	b.Run("name/simda", func(b *testing.B) {
		b.ReportAllocs()
		for n := range b.N {
			s.Name(names[n%len(names)], 0)
		}
	})
	b.Run("path/miss", func(b *testing.B) {
		b.ReportAllocs()
		path := []byte("/images/2024/picture.png")
		for range b.N {
			s.Path(path, 0)
		}
	})
}

// spread returns n addresses spread over IPv4.
func spread(n int) []netip.Addr {
	list := make([]netip.Addr, n)
	for i := range list {
		var a [4]byte
		binary.BigEndian.PutUint32(a[:], uint32(i)*2654435761)
		list[i] = netip.AddrFrom4(a)
	}
	return list
}

// BenchmarkCompile loads and compiles all of maltrail.
func BenchmarkCompile(b *testing.B) {
	fsys := os.DirFS(realData(b, "intel"))
	b.SetBytes(sizeOf(b, fsys, "maltrail/trails/static"))
	b.ReportAllocs()
	for range b.N {
		l := NewLoader()
		if err := l.LoadPath(fsys, "maltrail/trails/static", Hint{}); err != nil {
			b.Fatal(err)
		}
		compiled(b, l)
	}
}

func sizeOf(b *testing.B, fsys fs.FS, root string) int64 {
	var total int64
	err := fs.WalkDir(fsys, root, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			total += info.Size()
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return total
}
