package bundle

import (
	"errors"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// TestElsewhereNone: silence about a figure of no members is no failed audit, as it is none
// where its tags are at hand.
func TestElsewhereNone(t *testing.T) {
	const at = 1000
	time, err := proof.BeaconTime(at)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		n     uint64
		fails bool
	}{{0, false}, {1, true}} {
		l := &history{heads: []*head{{size: 1, since: time - proof.Foreseen, time: time - proof.Foreseen}}, latest: time + 1, audits: map[asked]audit{}}
		f := &figure{ledger: l, digest: ts.Digest{1}, Statement: proof.Statement{N: c.n, AuditK: 3}}
		err := f.fromAfar(&round{number: at, k: 3})
		if got := err != nil && !errors.As(err, &unanswered{}); got != c.fails {
			t.Errorf("N = %d: %v", c.n, err)
		}
	}
}
