package verify

import (
	"net/netip"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// TestCanary: a recount leaves out what a reveal names, and nothing for a commitment.
func TestCanary(t *testing.T) {
	c := &proof.Canary{Values: []string{"240.0.0.7", "c2.example"}}
	reveal, err := c.Build()
	if err != nil {
		t.Fatal(err)
	}
	commitment, err := (&proof.CanaryCommitment{Commitment: c.Commitment()}).Build()
	if err != nil {
		t.Fatal(err)
	}
	rows := []ts.Row{{Sighting: ts.Sighting{Perp: netip.MustParseAddr("240.0.0.7")}}, {Sighting: ts.Sighting{PerpName: "c2.example"}}}
	h := newHistory()
	for i, step := range []struct {
		entry []byte
		out   bool
	}{{commitment, false}, {reveal, true}} {
		if err := h.read(step.entry); err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if h.excludes(&r) != step.out {
				t.Errorf("after %d: excluded %v: %+v", i, !step.out, r)
			}
		}
	}
	if err := h.read(reveal[:len(reveal)-2]); err == nil || len(h.exclusions) != 2 || h.unknown != "" {
		t.Errorf("%v, exclusions %+v", err, h.exclusions)
	}
}
