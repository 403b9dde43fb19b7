package publish

import (
	"bytes"
	"strings"
	"testing"

	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify"
	"github.com/tallystick/tallystick/verify/bundle"
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

// TestChallengeOfAnOlderBundle: that a challenge is not in a ledger says nothing of its publisher
// while he may still log it; when that time is over by a witness's clock, or the round is
// answered, it was omitted.
func TestChallengeOfAnOlderBundle(t *testing.T) {
	w, figures := live(t, proof.ModeList)
	signer, vkey := challenger(w, "accused.example")
	c := demand(signer, vkey, must(evidence.Read(w.house.Ledger)).Statements[1].Digest, knownRound, 1, 1)
	want := func(status verify.Status, says string) {
		t.Helper()
		b := w.pack(figures)
		r := bundle.CheckBeside(bytes.NewReader(b), int64(len(b)), w.trust(), bundle.Beside{Challenge: c})
		if l := r.Lines[len(r.Lines)-1]; l.Status != status || !strings.Contains(l.Found, says) {
			t.Errorf("%s %s: %s, want %s %s", l.Status, l.What, l.Found, status, says)
		}
	}
	want(verify.NotChecked, "ask for a newer one")
	w.exclude("a.example")
	w.date(knownTime - 300)
	want(verify.NotChecked, "may be logged until 2023-08-23T15:54:24Z")
	w.exclude("b.example")
	w.date(knownTime - 299)
	want(verify.False, "OMITTED")

	w, figures = live(t, proof.ModeList)
	w.at = knownTime + 60
	must(w.Answer(t.Context(), must(w.Demands(figures, w.trust())), Reply{Beacon: Beacon{knownRound, knownSignature}}))
	want(verify.False, "OMITTED")
}
