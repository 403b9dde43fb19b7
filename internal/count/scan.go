package count

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
)

// Scan counts by scanning the columns of segments. It keeps segments open between
// questions; it is safe for concurrent use.
type Scan struct {
	src   Source
	opt   Options
	store store
	runs  []run
}

// New returns a Scan over src.
func New(src Source, opt Options) *Scan {
	s := &Scan{src: src, opt: opt, store: store{open: make(map[string]*handle)}}
	s.runs = planRuns(s.src.Segments)
	return s
}

// Close closes the segments that are kept open. No question may be running.
func (s *Scan) Close() error { return s.store.Close() }

// ask checks a question and learns the facts that it needs.
func (s *Scan) ask(ctx context.Context, question Question) (*query, error) {
	if err := question.check(); err != nil {
		return nil, err
	}
	q := newQuery(&s.src, question)
	if err := s.learn(ctx, q); err != nil {
		return nil, err
	}
	q.rules = q.countingRules()
	return q, nil
}

// Count yields the groups of a question by falling Members, then falling Internal, then
// Key. Without dimensions it yields one group, also where nothing counts. Groups without
// a row that counts do not exist.
func (s *Scan) Count(ctx context.Context, question Question) iter.Seq2[Group, error] {
	return func(yield func(Group, error) bool) {
		groups, err := s.count(ctx, question)
		if err != nil {
			yield(Group{}, err)
			return
		}
		for _, g := range groups {
			if !yield(g, nil) {
				return
			}
		}
	}
}

func (s *Scan) count(ctx context.Context, question Question) ([]Group, error) {
	q, err := s.ask(ctx, question)
	if err != nil {
		return nil, err
	}
	for of := uint64(1); ; of *= 4 {
		tallies, err := s.countParts(ctx, q, of)
		if !errors.Is(err, errMemory) || of >= maxParts {
			return q.sorted(tallies), err
		}
	}
}

// countParts counts the members in so many parts, one after another.
func (s *Scan) countParts(ctx context.Context, q *query, of uint64) ([]tally, error) {
	var sum []tally
	for i := range of {
		c, err := s.countPart(ctx, q, false, part{i, of}, s.memory())
		if err != nil {
			return nil, err
		}
		sum = append(sum, make([]tally, max(0, len(c.tallies)-len(sum)))...)
		for g, t := range c.tallies {
			sum[g].members += t.members
			sum[g].internal += t.internal
			sum[g].unknown += t.unknown
			sum[g].records += t.records
		}
	}
	return sum, nil
}

// countPart returns a counter that holds every member of a part.
func (s *Scan) countPart(ctx context.Context, q *query, days bool, p part, memory int64) (*counter, error) {
	limit := memory / int64(s.workers())
	counters, err := scan(ctx, s, q, func() *counter { return newCounter(q, days, p, limit) })
	if err != nil {
		return nil, err
	}
	for _, c := range counters {
		c.finish()
	}
	slices.SortStableFunc(counters, func(a, b *counter) int { return cmp.Compare(b.set.n, a.set.n) })
	for _, c := range counters[1:] {
		counters[0].join(c)
	}
	return counters[0], nil
}

// maxParts bounds how often one question may scan: memory that needs more is too little.
const maxParts = 1 << 12

func (s *Scan) memory() int64 {
	if s.opt.Memory > 0 {
		return s.opt.Memory
	}
	return 1 << 30
}

// sorted returns the groups that have a row, in the order of Count.
func (q *query) sorted(tallies []tally) []Group {
	var groups []Group
	for g, t := range tallies {
		if t != (tally{}) {
			groups = append(groups, Group{q.groupKey(uint32(g)), t.members, t.internal, t.unknown, t.records})
		}
	}
	if len(q.Group) == 0 && len(groups) == 0 {
		return []Group{{Key: []string{}}}
	}
	slices.SortFunc(groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Members, a.Members), cmp.Compare(b.Internal, a.Internal), slices.Compare(a.Key, b.Key))
	})
	return groups
}
