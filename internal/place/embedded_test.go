package place

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/phuslu/iploc"

	ts "github.com/tallystick/tallystick"
)

func embedded(t testing.TB) *Snapshot {
	t.Helper()
	s, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestEmbeddedAgreesWithModule asks the module itself, at random and at every border.
func TestEmbeddedAgreesWithModule(t *testing.T) {
	s := embedded(t)
	a, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	check := func(addr netip.Addr) {
		t.Helper()
		want := string(mark{country: country(iploc.IPCountry(addr))}.place().Country)
		if got, places := a.At(addr, s.Day); string(got.Country) != want || places != "" {
			t.Fatalf("%s: %q %q, the module says %q", addr, got.Country, places, want)
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300_000 {
		var b [4]byte
		binary.BigEndian.PutUint32(b[:], rng.Uint32())
		check(netip.AddrFrom4(b))
		// Most of 2000::/3 is not assigned: draw the first bits from what is.
		p := point{0x2a00<<48 | rng.Uint64()>>12, rng.Uint64()}
		check(p.addr())
	}
	for i, step := range s.steps {
		if i%7 == 0 && step.at.lo|step.at.hi != 0 {
			check(step.at.addr())
			check(step.at.previous().addr())
		}
	}
}

// TestEmbeddedIsReproducible: the digest is that of the written table, which Open reads
// back to the same steps.
func TestEmbeddedIsReproducible(t *testing.T) {
	s := embedded(t)
	if again := embedded(t); again.Edition != s.Edition {
		t.Fatalf("%v, then %v", s.Edition, again.Edition)
	}
	var b bytes.Buffer
	if n, err := s.WriteTo(&b); err != nil || n != int64(b.Len()) {
		t.Fatalf("wrote %d of %d: %v", n, b.Len(), err)
	}
	read, err := Open(s.Name, s.Day, &b)
	if err != nil {
		t.Fatal(err)
	}
	if read.Edition != s.Edition || len(read.steps) != len(s.steps) {
		t.Fatalf("read back %v with %d steps, want %v with %d", read.Edition, len(read.steps), s.Edition, len(s.steps))
	}
	for i := range s.steps {
		if read.steps[i] != s.steps[i] {
			t.Fatalf("step %d: %v, want %v", i, read.steps[i], s.steps[i])
		}
	}
}

func TestEmbeddedDay(t *testing.T) {
	if d, err := embeddedDay("v1.0.20260915"); err != nil || d.String() != "2026-09-15" {
		t.Errorf("%v, %v", d, err)
	}
	for _, bad := range []string{"", "v1.0.0", "v2.0.20260915", "v1.0.20261315"} {
		if _, err := embeddedDay(bad); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

func TestCountry(t *testing.T) {
	for s, want := range map[string]string{"us": "US", "CN": "CN", "AD": "AD", "ZW": "ZW", "XK": "XK",
		"ZZ": "", "XX": "", "EU": "", "AP": "", "A1": "", "-": "", "": "", "None": "", "UK": "", "D ": ""} {
		if got := (mark{country: country(s)}).place().Country; string(got) != want {
			t.Errorf("%q: %q", s, got)
		}
	}
	if n := len(countries) / 3; n != 250 {
		t.Errorf("%d codes, want the 249 of ISO 3166-1 and XK", n)
	}
}

// TestEmbeddedSource: the digest of the embedded data set names what WriteSource writes.
func TestEmbeddedSource(t *testing.T) {
	s, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	var source bytes.Buffer
	if _, err := s.WriteSource(&source); err != nil || ts.DigestOf(source.Bytes()) != s.Digest {
		t.Errorf("%d bytes, %v", source.Len(), err)
	}
}
