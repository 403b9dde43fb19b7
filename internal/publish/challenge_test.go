package publish

import (
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
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
