package publish

import (
	"testing"

	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/proof"
)

// TestRoundInAThousandYears: a challenge for a round that nobody lives to see is none, even
// where a publisher logs it: what he answered stays all true.
func TestRoundInAThousandYears(t *testing.T) {
	for later, code := range map[uint64]int{366*86400/3 + 1: 0, 1 << 50: 0, 366 * 86400 / 3: 2} {
		w, figures := live(t, proof.ModeList)
		signer, vkey := challenger(w, "puppet.example")
		c := demand(signer, vkey, must(evidence.Read(w.house.Ledger)).Statements[1].Digest, knownRound+later, 1, 1)
		must(w.house.Commit(func(ledger.Head) ([][]byte, error) { return [][]byte{c}, nil }))
		w.date(knownTime - 6000)
		w.answerKnown(figures, nil)
		if r := checked(w.pack(figures), w.trust()); r.ExitCode() != code {
			t.Errorf("%d rounds later: exit code %d, want %d: %s", later, r.ExitCode(), code, notTrue(r))
		}
	}
}
