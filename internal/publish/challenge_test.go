package publish

import (
	"fmt"
	"slices"
	"testing"
	"time"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify/bundle"
)

// TestRoom: those whom a rule names find room for a challenge after others took theirs, and
// nobody logs so many that a bundle would be malformed.
func TestRoom(t *testing.T) {
	figure := ts.Digest{1}
	for name, c := range map[string]struct {
		who    string
		others int // challenges of the figure
		all    int
		ok     bool
	}{
		"first":                      {"anybody", 0, 0, true},
		"last of anybody's":          {"anybody", maxChallenges/2 - 1, maxChallenges / 2, true},
		"what is kept":               {"anybody", maxChallenges / 2, maxChallenges / 2, false},
		"what is kept, by the named": {"named", maxChallenges / 2, maxChallenges / 2, true},
		"none left":                  {"named", maxChallenges, maxChallenges, false},
		"none left in the ledger":    {"named", 0, mostChallenges, false},
	} {
		v := &evidence.View{Published: evidence.Published{
			Statements: []evidence.Logged[proof.Statement]{{Digest: figure}},
			Rules:      []evidence.Logged[proof.Rule]{{Object: proof.Rule{Challengers: []string{"named"}}}},
			Challenges: make([]evidence.Logged[proof.Challenge], c.all),
		}}
		for i := range c.others {
			v.Challenges[i].Object.Figure = figure
		}
		if err := room(v, &proof.Challenge{Figure: figure, Challenger: c.who}); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := room(&evidence.View{}, &proof.Challenge{Figure: figure}); err == nil {
		t.Error("a challenge of no statement")
	}
}

// logged logs a challenge as a publisher does who does not ask whether it counts.
func (w *world) logged(challenge []byte) {
	w.Helper()
	must(w.house.Commit(func(ledger.Head) ([][]byte, error) { return [][]byte{challenge}, nil }))
}

// TestIdleChallengeStopsNoAnswer: a challenge that the budget does not cover is in the
// ledger beside one that counts, and the round is answered as every verifier draws it.
func TestIdleChallengeStopsNoAnswer(t *testing.T) {
	w := newWorld(t)
	w.open("control.hosts")
	w.date(start.Start() - 3600)
	w.readDays(10, 8)
	with := terms(proof.ModeList) // audit of 5, budget of 20
	with.After = 90 * time.Minute
	figures := w.stated(with)
	figure := must(evidence.Read(w.house.Ledger)).Statements[1].Digest
	signer, vkey := challenger(w, "passer.example")
	w.logged(demand(signer, vkey, figure, knownRound, 1, 1))
	w.logged(demand(signer, vkey, figure, knownRound, 10_000, 2))
	w.date(knownTime - 6000)
	if audits := w.answerKnown(figures, nil); len(audits) != 1 || audits[0].Figure != figure {
		t.Fatalf("%+v", audits)
	}
	wantCode(t, checked(w.pack(figures), w.trust()), 2, "all 1; attempt 2, 1 challenges")
}

// TestOneFigureStopsNoOther: of the figures of a round all are answered but one whose members
// are damaged, and one of which the ledger demands something else meanwhile; these once they
// can be.
func TestOneFigureStopsNoOther(t *testing.T) {
	w, figures := live(t, proof.ModeList)
	demands := must(w.Demands(figures, w.trust()))
	signer, vkey := challenger(w, "late.example")
	w.logged(demand(signer, vkey, demands[1].Digest, knownRound, 1, 1))
	path := membersName(demands[0].Statement.Root)
	kept := must(w.house.Private(path))
	must(0, w.house.RemovePrivate(path))
	must(0, w.house.PutPrivate(path, kept[1:]))
	audits, err := w.Answer(t.Context(), demands, Reply{Beacon: Beacon{knownRound, knownSignature}})
	want := demands[0].Statement.ID + ": keys/" + path + " is damaged: delete it, and it is made again\n" +
		demands[1].Statement.ID + ": another challenge was logged meanwhile: answer again"
	if err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
	if len(demands) != 3 || len(audits) != 1 || audits[0].Figure != demands[2].Digest {
		t.Errorf("%d demands, audits %+v", len(demands), audits)
	}
	must(0, w.house.RemovePrivate(path))
	if audits := w.answerKnown(figures, nil); len(audits) != 2 || audits[0].Figure != demands[0].Digest || audits[1].Figure != demands[1].Digest {
		t.Errorf("%+v", audits)
	}
}

// TestIdleChallengeIsRefused: what would count for nothing is not logged, and its sender is
// told why. What counts, for a verifier who reads it in the ledger, is.
func TestIdleChallengeIsRefused(t *testing.T) {
	w := newWorld(t)
	signer, named := challenger(w, "named.example")
	puppet, unnamed := challenger(w, "puppet.example")
	w.open("control.hosts", func(r *proof.Rule) { r.Challengers = []string{named} })
	w.date(start.Start() - 3600)
	w.readDays(10, 8)
	figures := w.stated(terms(proof.ModeList)) // audit of 5, budget of 20
	s := must(evidence.Read(w.house.Ledger)).Statements[1]
	w.answerKnown(figures, nil)
	w.at = knownTime - 8000
	const next, later = knownRound + 30_000, knownRound + 40_000
	kept := " (half of both is kept for the challengers whom its rule names)"
	covers := func(asked, rounds int, kept string) string {
		return fmt.Sprintf("the budget of %s does not cover it: %d of 20 members are asked for, in %d of 100 rounds%s: ask for fewer, or for no more in a round that is asked for already", s.Object.ID, asked, rounds, kept)
	}
	for i, c := range []struct {
		text []byte
		why  string
	}{
		{demand(signer, named, s.Digest, knownRound, 1, 0), "round 1000 of " + s.Object.ID + " is answered already: ask for a later one"},
		{demand(puppet, unnamed, s.Digest, next, 6, 1), covers(5, 1, kept)},
		{demand(puppet, unnamed, s.Digest, next, 5, 2), ""},
		{demand(puppet, unnamed, s.Digest, next, 5, 3), ""}, // costs nothing
		{demand(puppet, unnamed, s.Digest, later, 1, 4), covers(10, 2, kept)},
		{demand(signer, named, s.Digest, later, 11, 5), covers(10, 2, "")},
		{demand(signer, named, s.Digest, later, 10, 6), ""},
		{demand(signer, named, s.Digest, next, 6, 7), covers(20, 3, "")},
	} {
		size := w.house.Head().Size
		_, err := w.Challenge(c.text)
		if err == nil && c.why != "" || err != nil && err.Error() != c.why {
			t.Errorf("%d: %v, want %q", i, err, c.why)
		}
		if logged := w.house.Head().Size > size; logged != (err == nil) {
			t.Errorf("%d: logged: %t", i, logged)
		}
		if err != nil {
			w.logged(c.text)
		}
		if slices.ContainsFunc(must(w.Demands(figures, w.trust())), func(d bundle.Demand) bool { return slices.Contains(d.Challenges, ts.DigestOf(c.text)) }) != (err == nil) {
			t.Errorf("%d: a verifier sees it otherwise", i)
		}
	}
}

// TestWhyIdle: the words for what is of no round that there may be.
func TestWhyIdle(t *testing.T) {
	v := &evidence.View{Published: evidence.Published{Statements: []evidence.Logged[proof.Statement]{{Object: proof.Statement{ID: "figure", AuditRound: 1000}}}}}
	for round, want := range map[uint64]string{
		999:                   "round 999 is before the first of figure, which is 1000: ask for that or a later one",
		1000 + proof.MaxLater: "the budget of figure does not cover it: 0 of 0 members are asked for, in 0 of 100 rounds: ask for fewer, or for no more in a round that is asked for already",
		1001 + proof.MaxLater: "round 10541801 is more than 366 days after the first of figure, which is 1000: ask for an earlier one",
	} {
		if err := idle(v, &proof.Challenge{Round: round}, nil); err == nil || err.Error() != want {
			t.Errorf("%v", err)
		}
	}
}
