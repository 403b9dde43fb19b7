package publish

import (
	"testing"
	"time"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/proof"
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
