package bundle

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// round is one audit: as the statement fixes it, or as later challenges demand it.
type round struct {
	number     uint64
	k          uint64
	attempt    uint64 // at a figure of its measure and scope
	among      uint64 // at those that may be the same by other names
	challenges []ts.Digest
	last       uint64 // entry of the last challenge
}

// settle binds each figure to its rule and key, and finds the rounds that are asked of it.
func (l *history) settle() {
	for i := range l.size() {
		if r, ok := l.rules[i]; ok {
			l.reaches = append(l.reaches, reachOf(&r))
		}
	}
	for _, f := range l.figures {
		if f.bound = f.bind(); f.bound == nil {
			f.reach = reachOf(&f.rule)
		}
		f.rounds = f.demanded()
	}
	l.number()
}

// demanded returns the statement's own round and those that challenges added later, as far
// as the budget goes. A challenge that it does not cover is none, and costs nothing: nobody
// can undo the demand of another by wanting more. Which challenges count follows from
// their places in the ledger alone, so that every verifier draws the same members, whoever
// he trusts; his policy says whether they came in time.
func (f *figure) demanded() []round {
	list := []round{{number: f.AuditRound, k: f.AuditK}}
	left := budget{all: f.Budget - min(f.AuditK, f.N, f.Budget)}
	if len(f.rule.Challengers) > 0 {
		left.kept = f.Budget / 2
	}
	for _, c := range f.ledger.challenges[f.digest] {
		if f.soon(c.Round) && f.unanswered(&c) && c.Check() == nil {
			list = f.demand(list, &c, &left)
		}
	}
	slices.SortStableFunc(list[1:], func(a, b round) int { return cmp.Compare(a.number, b.number) })
	return list
}

// demand adds a challenge to its round. One to the statement's own round joins its seed;
// how many are opened there the statement says.
func (f *figure) demand(list []round, c *challenge, left *budget) []round {
	named := slices.Contains(f.rule.Challengers, c.Challenger)
	i := slices.IndexFunc(list, func(d round) bool { return d.number == c.Round })
	if i < 0 {
		if i = len(list); i >= f.most(named) {
			return list
		}
	}
	if i > 0 {
		wants, has := min(c.K, proof.MaxAudit, f.N), uint64(0)
		if i < len(list) {
			has = list[i].k
		}
		more := max(wants, has) - has
		if !left.spend(more, named) {
			return list
		}
		if i == len(list) {
			list = append(list, round{number: c.Round})
		}
		list[i].k += more
	}
	list[i].challenges, list[i].last = append(list[i].challenges, c.digest), c.index
	return list
}

// most is how many rounds there are when a challenger can open no more: half of all, for one
// whom the rule does not name, where it names others.
func (f *figure) most(named bool) int {
	if named || len(f.rule.Challengers) == 0 {
		return proof.MaxRounds
	}
	return proof.MaxRounds / 2
}

// budget is how many members may yet be opened. What is kept is for the challengers of the
// rule: puppets of the publisher cannot use it up.
type budget struct{ all, kept uint64 }

// spend takes n openings for a challenger, named by the rule or not, if that many are left.
func (b *budget) spend(n uint64, named bool) bool {
	free := b.all
	if !named {
		free -= min(b.all, b.kept)
	}
	if n > free {
		return false
	}
	b.all -= n
	if named {
		b.kept -= min(n, b.kept)
	}
	return true
}

// soon reports whether a round is the statement's or one of the year behind it: what is due
// later keeps a bundle from being all true for as long, at the cost of one signature.
func (f *figure) soon(number uint64) bool {
	return number >= f.AuditRound && number-f.AuditRound <= proof.MaxLater
}

// unanswered reports whether a challenge was logged before its round was answered.
func (f *figure) unanswered(c *challenge) bool {
	a, ok := f.ledger.audits[asked{f.digest, c.Round}]
	return !ok || c.index < a.index
}

// unforeseen fails unless the challenges of a round were dated before anybody could know
// what they draw. Only the publisher logs them, and he can leave out what comes too late.
func (f *figure) unforeseen(d *round) error {
	t, err := proof.BeaconTime(d.number)
	if err == nil && len(d.challenges) > 0 && f.ledger.dated(d.last) > t-proof.ClockSkew {
		err = fmt.Errorf("the challenge of entry %d is dated so late that it may have been made for what it draws", d.last)
	}
	return err
}

// inTime reports whether entry i was dated an hour before the round.
func (f *figure) inTime(i, number uint64) bool {
	t, err := proof.BeaconTime(number)
	dated := f.ledger.dated(i)
	return err == nil && dated > 0 && dated <= t-proof.Foreseen
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
// statement first. trust dates what a Demand judges.
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
