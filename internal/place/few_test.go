package place

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	ts "github.com/tallystick/tallystick"
)

// TestCountryOfByAtlas: whoever asks few editions for a country hears what the atlas of them
// says.
func TestCountryOfByAtlas(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	known := 0
	for range 300 {
		var all []*Snapshot
		for range 1 + rng.IntN(5) {
			all = append(all, randomTable(t, rng))
			if rng.IntN(4) == 0 {
				all = append(all, all[rng.IntN(len(all))].As("made", ts.Day(16000+rng.IntN(6))))
			}
		}
		a := atlas(t, all...)
		for range 50 {
			addr := netip.AddrFrom4([4]byte{240, 0, byte(rng.IntN(6)), byte(rng.IntN(256))})
			if rng.IntN(4) == 0 {
				addr = netip.MustParseAddr(fmt.Sprintf("2001:db8:%x::1", rng.IntN(6)))
			}
			day := ts.Day(15998 + rng.IntN(10))
			want, _ := a.At(addr, day)
			if got := CountryOf(all, addr, day); got != want.Country {
				t.Fatalf("%s on %s: %q, want %q", addr, day, got, want.Country)
			}
			if want.Country != "" {
				known++
			}
		}
	}
	if known < 3000 || known > 12000 {
		t.Errorf("%d of 15000 are known", known)
	}
}

// randomTable places some blocks, now and then none by country.
func randomTable(t *testing.T, rng *rand.Rand) *Snapshot {
	t.Helper()
	var b strings.Builder
	countries := []string{"US", "CN", "CZ", "FR"}
	for i := range 6 {
		if rng.IntN(2) == 0 {
			fmt.Fprintf(&b, "240.0.%d.0/%d,%s,\n", i, 24+rng.IntN(3), countries[rng.IntN(4)])
		}
		if rng.IntN(3) == 0 {
			fmt.Fprintf(&b, "2001:db8:%d::/48,%s,\n", i, countries[rng.IntN(4)])
		}
	}
	if rng.IntN(4) == 0 || b.Len() == 0 {
		b.Reset()
		b.WriteString("240.0.0.0/16,,64500\n")
	}
	s, err := Read("made", ts.Day(16000+rng.IntN(6)), []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestReadAsItIs: Read takes what Open takes, but nothing that is larger than it looks.
func TestReadAsItIs(t *testing.T) {
	text := "240.0.0.0/16,US,1\n"
	if s, err := Read("made", 1, []byte(text)); err != nil || s.Digest != ts.DigestOf([]byte(text)) {
		t.Errorf("%v", err)
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open("made", 1, bytes.NewReader(b.Bytes())); err != nil {
		t.Error(err)
	}
	if _, err := Read("made", 1, b.Bytes()); err == nil {
		t.Error("took what is compressed")
	}
}
