package bundle

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// before is how long before its round a statement or a challenge must be dated: nobody
// knows the round's randomness then (protocol 3.3).
const before = 3600

// round is one audit: as the statement fixes it, or as later challenges demand it.
type round struct {
	number     uint64
	k          uint64
	attempt    uint64
	challenges []ts.Digest
	named      bool // by somebody for whom the rule keeps half of the budget
}

// settle binds each figure to its rule and key, and finds the rounds that are asked of it.
// What is attempted at one figure is counted over all its statements.
func (l *history) settle() {
	rounds := map[string]uint64{}
	for _, f := range l.figures {
		f.bound = f.bind()
		f.rounds = f.demanded()
		what := f.what()
		for i := range f.rounds {
			f.rounds[i].attempt = f.attempt + rounds[what] + uint64(i)
		}
		rounds[what] += uint64(len(f.rounds)) - 1
	}
}

// demanded returns the statement's own round and those that challenges added later, as far
// as the budget goes. A demand that it does not cover is none, and costs nothing.
func (f *figure) demanded() []round {
	list := []round{{number: f.AuditRound, k: f.AuditK}}
	for _, c := range f.ledger.challenges[f.digest] {
		if c.Round >= f.AuditRound && f.inTime(c.index, c.Round) && c.Check() == nil {
			list = f.demand(list, &c)
		}
	}
	slices.SortStableFunc(list[1:], func(a, b round) int { return cmp.Compare(a.number, b.number) })
	return f.afforded(list)
}

// demand adds a challenge to its round. One to the statement's own round joins its seed;
// how many are opened there the statement says.
func (f *figure) demand(list []round, c *challenge) []round {
	i := slices.IndexFunc(list, func(d round) bool { return d.number == c.Round })
	if i < 0 {
		i, list = len(list), append(list, round{number: c.Round})
	}
	d := &list[i]
	if i > 0 {
		d.k = max(d.k, min(c.K, proof.MaxAudit))
	}
	d.named = d.named || slices.Contains(f.rule.Challengers, c.Challenger)
	d.challenges = append(d.challenges, c.digest)
	return list
}

// afforded drops the later rounds that the budget does not cover. Half of it is kept for
// the challengers of the rule: puppets of the publisher cannot use it up.
func (f *figure) afforded(list []round) []round {
	left := f.Budget
	kept := uint64(0)
	if len(f.rule.Challengers) > 0 {
		kept = f.Budget / 2
	}
	afforded := list[:0]
	for i, d := range list {
		k := min(d.k, f.N)
		if i > 0 && (k > left || !d.named && k > left-min(left, kept)) {
			continue
		}
		left -= min(k, left)
		if d.named {
			kept -= min(k, kept)
		}
		afforded = append(afforded, d)
	}
	return afforded
}

// inTime reports whether entry i was dated before anybody could know the round.
func (f *figure) inTime(i, number uint64) bool {
	t, err := proof.BeaconTime(number)
	dated := f.ledger.dated(i)
	return err == nil && (f.ledger.undated || dated > 0 && dated <= t-before)
}

// Demand is a round for which the ledger asks its publisher for openings.
type Demand struct {
	Statement  proof.Statement
	Digest     ts.Digest // of the statement
	Index      uint64    // of its entry
	Round, K   uint64
	Challenges []ts.Digest
}

// Demands returns what is asked of every figure of the ledger in a bundle, the round of the
// statement first. Without a policy every challenge counts as dated in time.
func Demands(file io.ReaderAt, size int64, trust Trust) ([]Demand, error) {
	a, err := openArchive(file, size)
	if err != nil {
		return nil, err
	}
	l, err := readLedger(a)
	if err != nil {
		return nil, err
	}
	l.undated = trust.Policy == nil
	l.checkTimes(&Result{}, trust)
	l.settle()
	var list []Demand
	for _, f := range l.figures {
		if f.bound != nil {
			return nil, fmt.Errorf("%s: %w", f.ID, f.bound)
		}
		for _, d := range f.rounds {
			list = append(list, Demand{f.Statement, f.digest, f.index, d.number, min(d.k, f.N), d.challenges})
		}
	}
	return list, nil
}
