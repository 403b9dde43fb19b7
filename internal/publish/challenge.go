package publish

import (
	"fmt"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify/bundle"
)

// margin is how long before its last moment a challenge must come: witnesses need time to
// date it.
const margin = 1800

// maxChallenges bounds those of one figure, well below what makes a bundle malformed. Half are
// kept for the challengers whom its rule names: nobody else can use them up. mostChallenges
// bounds those of all figures.
const (
	maxChallenges  = 1000
	mostChallenges = 1 << 16
)

// Challenge logs what somebody sent, unless it is there, and returns its entry. It refuses
// what came too late to be dated in time, and what would count for nothing.
func (p *Publisher) Challenge(text []byte) (index uint64, err error) {
	c, err := proof.ParseChallenge(text)
	if err == nil {
		err = c.Check()
	}
	if err != nil {
		return 0, err
	}
	t, err := proof.BeaconTime(c.Round)
	if err != nil {
		return 0, err
	}
	_, err = p.Ledger.Commit(func(head ledger.Head) ([][]byte, error) {
		v, err := evidence.Read(p.Ledger)
		if err != nil {
			return nil, err
		}
		for _, old := range v.Challenges {
			if old.Digest == ts.DigestOf(text) {
				index = old.Index
				return nil, nil
			}
		}
		if err := room(v, &c); err != nil {
			return nil, err
		}
		if p.now() > t-proof.ClockSkew-margin {
			return nil, fmt.Errorf("too late for round %d: witnesses must date a challenge %d seconds before it, and may take %d", c.Round, proof.ClockSkew, margin)
		}
		index = head.Size
		return [][]byte{text}, p.useful(v, &c, text)
	})
	return index, err
}

// room fails unless another challenge of its figure may be logged.
func room(v *evidence.View, c *proof.Challenge) error {
	s := statementOf(v, c.Figure)
	if s == nil {
		return fmt.Errorf("no statement here is %s", c.Figure)
	}
	rule, err := ruleAt(v, s.Rule)
	if err != nil {
		return err
	}
	most, others := maxChallenges, 0
	if len(rule.Challengers) > 0 && !slices.Contains(rule.Challengers, c.Challenger) {
		most /= 2
	}
	for _, old := range v.Challenges {
		if old.Object.Figure == c.Figure {
			others++
		}
	}
	if others >= most || len(v.Challenges) >= mostChallenges {
		return fmt.Errorf("%d challenges of this figure are logged, %d of all: no more fit", others, len(v.Challenges))
	}
	return nil
}

// useful fails unless a verifier would count a challenge that stood next in the ledger.
func (p *Publisher) useful(v *evidence.View, c *proof.Challenge, text []byte) error {
	b, err := p.bareBundle()
	if err != nil {
		return err
	}
	counts, err := bundle.Counts(b, b.Size(), text)
	if counts || err != nil {
		return err
	}
	demands, err := bundle.Demands(b, b.Size(), bundle.Trust{})
	if err != nil {
		return err
	}
	return idle(v, c, demands)
}

// idle says in words why a verifier does not count a challenge; that he does not is his to
// say.
func idle(v *evidence.View, c *proof.Challenge, demands []bundle.Demand) error {
	s := statementOf(v, c.Figure)
	switch {
	case answeredRound(v, c.Figure, c.Round):
		return fmt.Errorf("round %d of %s is answered already: ask for a later one", c.Round, s.ID)
	case c.Round < s.AuditRound:
		return fmt.Errorf("round %d is before the first of %s, which is %d: ask for that or a later one", c.Round, s.ID, s.AuditRound)
	case c.Round-s.AuditRound > proof.MaxLater:
		return fmt.Errorf("round %d is more than 366 days after the first of %s, which is %d: ask for an earlier one", c.Round, s.ID, s.AuditRound)
	}
	var rounds, asked uint64
	for _, d := range demands {
		if d.Digest == c.Figure {
			rounds, asked = rounds+1, asked+d.K
		}
	}
	kept := ""
	if r, err := ruleAt(v, s.Rule); err == nil && len(r.Challengers) > 0 && !slices.Contains(r.Challengers, c.Challenger) {
		kept = " (half of both is kept for the challengers whom its rule names)"
	}
	return fmt.Errorf("the budget of %s does not cover it: %d of %d members are asked for, in %d of %d rounds%s: ask for fewer, or for no more in a round that is asked for already",
		s.ID, asked, s.Budget, rounds, proof.MaxRounds, kept)
}

func statementOf(v *evidence.View, d ts.Digest) *proof.Statement {
	for i := range v.Statements {
		if v.Statements[i].Digest == d {
			return &v.Statements[i].Object
		}
	}
	return nil
}
