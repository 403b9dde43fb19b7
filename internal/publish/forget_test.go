package publish

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/proof"
)

// TestForget: a secret is kept while anything may be demanded by it, and then leaves nothing
// behind. The bundle that was made before is as good as ever.
func TestForget(t *testing.T) {
	w, figures := live(t, proof.ModeList)
	w.answerKnown(figures, nil)
	file := w.pack(figures)
	for _, at := range []int64{knownTime, knownTime + 86400} {
		w.at = at
		if err := w.Forget(figures); !errors.Is(err, ErrOwed) || !strings.Contains(err.Error(), "until 2023-08-24T15:59:24Z") {
			t.Errorf("at %d: %v", at, err)
		}
	}
	if err := w.Forget(append(figures, ' ')); err == nil {
		t.Error("another report was forgotten")
	}
	must(w.secret(reportID(figures)))
	w.at = knownTime + 86401
	for range 2 {
		if err := w.Forget(figures); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.secret(reportID(figures)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the secret is there: %v", err)
	}
	for _, s := range must(evidence.Read(w.house.Ledger)).Statements {
		if _, err := w.house.Private(membersName(s.Object.Root)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the members of %s are there: %v", s.Object.ID, err)
		}
	}
	wantCode(t, checked(file, w.trust()), 0, "")
}

// TestNext: who published is told to have it dated and when to answer, until he has.
func TestNext(t *testing.T) {
	w := newWorld(t)
	w.readDays(2, 3)
	w.at = knownTime - 7200
	figures := w.report()
	must(0, w.State(t.Context(), figures, terms(proof.ModeList)))
	if next := must(w.Next(figures)); len(next) != 2 || !strings.Contains(next[0], "before 2023-08-23T14:59:24Z") || !strings.Contains(next[1], "draws up to 5 members") {
		t.Errorf("%q", next)
	}
	w.date(knownTime - 7000)
	if next := must(w.Next(figures)); len(next) != 1 || !strings.Contains(next[0], "round 1000 of the public beacon, at 2023-08-23T15:59:24Z") {
		t.Errorf("%q", next)
	}
	w.answerKnown(figures, nil)
	if next := must(w.Next(figures)); len(next) != 0 {
		t.Errorf("%q", next)
	}
}

// TestForgetWaitsForOverlaps: an answer may be owed to another observer too.
func TestForgetWaitsForOverlaps(t *testing.T) {
	s := evidence.Logged[proof.Statement]{Digest: ts.Digest{1}, Object: proof.Statement{AuditRound: 1000}}
	var v evidence.View
	alone, err := openUntil(&v, &s, nil)
	if err != nil {
		t.Fatal(err)
	}
	later := alone + 1000
	v.Offers = append(v.Offers, evidence.Logged[proof.Offer]{Object: proof.Offer{Q: proof.Party{Figure: s.Digest}, Deadline: later}},
		evidence.Logged[proof.Offer]{Object: proof.Offer{Q: proof.Party{Figure: ts.Digest{2}}, Deadline: later + 1}})
	if until, err := openUntil(&v, &s, nil); err != nil || until != later {
		t.Errorf("until %d, %v; want %d", until, err, later)
	}
}

// TestForgetWaitsForWhatCounts: a later round that is demanded keeps the secret, a challenge
// that counts for nothing does not.
func TestForgetWaitsForWhatCounts(t *testing.T) {
	const later = knownRound + 20*day/3
	for k, at := range map[uint64]int64{1: knownTime + 21*day + 1, 10_000: knownTime + day + 1} { // budget of 20
		w, figures := live(t, proof.ModeList)
		signer, vkey := challenger(w, "somebody.example")
		w.logged(demand(signer, vkey, must(evidence.Read(w.house.Ledger)).Statements[1].Digest, later, k, 1))
		w.answerKnown(figures, nil)
		w.at = at - 1
		if err := w.Forget(figures); !errors.Is(err, ErrOwed) {
			t.Errorf("k %d: %v", k, err)
		}
		w.at = at
		if err := w.Forget(figures); err != nil {
			t.Errorf("k %d: %v", k, err)
		}
	}
}

const day = 86400
