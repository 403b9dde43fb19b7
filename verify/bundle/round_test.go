package bundle

import (
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// asks is a challenge by somebody for k members in a round.
func asks(who string, round, k uint64) *challenge {
	return &challenge{Challenge: proof.Challenge{Challenger: who, Round: round, K: k}, digest: ts.DigestOf([]byte(who))}
}

// TestNobodyUndoesADemand: what others want more of a round than the budget covers is none,
// and the round stays as it was; half of the budget is for those whom the rule names.
func TestNobodyUndoesADemand(t *testing.T) {
	f := &figure{Statement: proof.Statement{N: 100_000, AuditRound: 1000, AuditK: 299, Budget: 2000}}
	f.rule.Challengers = []string{"named"}
	list, left := []round{{number: 1000, k: 299}}, budget{all: 1701, kept: 1000}
	for _, c := range []struct {
		ask    *challenge
		rounds int
		k      uint64 // of the last round
		joined int    // challenges of the last round
	}{
		{asks("named", 2000, 300), 2, 300, 1},
		{asks("puppet", 2000, 10_000), 2, 300, 1},
		{asks("puppet", 3000, 702), 2, 300, 1}, // 1,401 are left, 700 of them kept
		{asks("neighbour", 2000, 100), 2, 300, 2},
		{asks("puppet", 2000, 400), 2, 400, 3},
		{asks("named", 2000, 10_000), 2, 400, 3},
		{asks("named", 4000, 1301), 3, 1301, 1},
		{asks("puppet", 5000, 1), 3, 1301, 1},
	} {
		list = f.demand(list, c.ask, &left)
		last := list[len(list)-1]
		if len(list) != c.rounds || last.k != c.k || len(last.challenges) != c.joined {
			t.Fatalf("%s wants %d in round %d: %d rounds, the last of %d, %d challenges; want %d, %d, %d", c.ask.Challenger, c.ask.K, c.ask.Round,
				len(list), last.k, len(last.challenges), c.rounds, c.k, c.joined)
		}
	}
	if left != (budget{}) {
		t.Errorf("%+v is left", left)
	}
}

// TestRoundsAreBounded: each costs its verifier work, even where nobody answered.
func TestRoundsAreBounded(t *testing.T) {
	f := &figure{Statement: proof.Statement{N: 1 << 31, AuditRound: 1, AuditK: 1, Budget: 1 << 31}}
	first := []round{{number: 1, k: 1}}
	all := f.flooded("anybody", first)
	if len(all) != proof.MaxRounds {
		t.Errorf("%d rounds", len(all))
	}
	f.rule.Challengers = []string{"named"}
	half := f.flooded("anybody", first)
	if len(half) != proof.MaxRounds/2 {
		t.Errorf("%d rounds of challengers whom the rule does not name", len(half))
	}
	if half = f.flooded("named", half); len(half) != proof.MaxRounds {
		t.Errorf("%d rounds with those of challengers whom it names", len(half))
	}
	left := budget{all: 1}
	if half = f.demand(half, asks("anybody", half[99].number, 2), &left); half[99].k != 2 {
		t.Errorf("nobody can join a round: %+v", half[99])
	}
}

// flooded has one challenger ask for every round there is, behind those of others.
func (f *figure) flooded(who string, list []round) []round {
	left := budget{all: 1 << 31}
	for i := range uint64(3 * proof.MaxRounds) {
		list = f.demand(list, asks(who, 2+i, 1), &left)
	}
	return list
}
