package bundle

import (
	"net/netip"
	"testing"

	ts "github.com/tallystick/tallystick"
)

// TestExcludedTwice: an address that is excluded again later, in another spelling, was
// excluded from the first entry on.
func TestExcludedTwice(t *testing.T) {
	l := &history{words: map[string]uint64{}, addrs: map[netip.Addr]uint64{}}
	for i, value := range []string{"240.0.0.1", "::ffff:240.0.0.1"} {
		o := ts.Object{Type: "tally-exclude/v1"}
		o.Add("value", value)
		if err := l.takeExclusion(uint64(3+4*i), &o); err != nil {
			t.Fatal(err)
		}
	}
	row := ts.Row{Sighting: ts.Sighting{Perp: netip.MustParseAddr("240.0.0.1")}}
	for size, want := range map[uint64]bool{3: false, 4: true, 8: true} {
		if got := l.excluded(&row, size); got != want {
			t.Errorf("excluded below size %d: %t", size, got)
		}
	}
}
