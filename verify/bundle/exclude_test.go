package bundle

import (
	"net/netip"
	"testing"

	ts "github.com/tallystick/tallystick"
)

// TestFirstExclusionCounts: an address that is excluded again later, in whatever spelling, is
// excluded since the first entry that names it.
func TestFirstExclusionCounts(t *testing.T) {
	l := &history{words: map[string]uint64{}, addrs: map[netip.Addr]uint64{}}
	l.exclude(3, "240.0.0.1")
	l.exclude(7, "::ffff:240.0.0.1")
	l.exclude(8, "240.0.0.1")
	l.exclude(9, "")
	row := &ts.Row{}
	row.Perp = netip.MustParseAddr("240.0.0.1")
	for size, want := range map[uint64]bool{3: false, 4: true, 9: true} {
		if l.excluded(row, size) != want {
			t.Errorf("below %d: excluded %v", size, !want)
		}
	}
	if l.excluded(&ts.Row{}, 10) {
		t.Error("a row of nothing is excluded")
	}
}
