package publish

import (
	"net/netip"
	"testing"

	"github.com/tallystick/tallystick/proof"
)

// TestHeld: what would be opened is counted before, figure by figure, as it is opened then.
func TestHeld(t *testing.T) {
	w, figures := live(t, proof.ModeRoot)
	for _, c := range []struct {
		asked string
		want  [3]uint64 // of control.servers, control.hosts, infected.addresses
	}{
		{"240.1.3.0/24", [3]uint64{0, 8, 8}},
		{"240.0.0.0/7", [3]uint64{2, 80, 80}},
		{"240.2.0.1/32", [3]uint64{}},
	} {
		asked := []netip.Prefix{netip.MustParsePrefix(c.asked)}
		held := must(w.Held(t.Context(), figures, asked))
		opened := must(proof.ParseDisclosures(must(w.Disclose(t.Context(), figures, asked))))
		if len(held) != 3 || len(opened) != 3 {
			t.Fatalf("%+v, %d opened", held, len(opened))
		}
		for i, h := range held {
			if h.Members != c.want[i] || h.Members != uint64(len(opened[i].Openings)) || h.Budget != 20 || h.N != []uint64{2, 80, 80}[i] {
				t.Errorf("%s: %+v, want %d, %d are opened", c.asked, h, c.want[i], len(opened[i].Openings))
			}
		}
	}
}
