package report

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/measure"
)

// plain is an Engine of maps over rows in memory. It keeps the rules local to a row; the two
// that need other rows (Resolvers, CatchAll) are the real engine's affair.
type plain struct {
	rows  []ts.Row
	asked int // questions answered
}

// set is one group being counted.
type set struct {
	key              []string
	public, internal map[string]bool
	unknown, records uint64
}

func newSet(key []string) *set {
	return &set{key: key, public: map[string]bool{}, internal: map[string]bool{}}
}

func (s *set) add(m *measure.Measure, r *ts.Row) {
	member, internal := m.AppendMember(nil, r)
	switch {
	case len(member) == 0:
		s.unknown++
		return
	case internal:
		s.internal[string(member)] = true
	default:
		s.public[string(member)] = true
	}
	s.records += r.Records
}

func (s *set) group() count.Group {
	return count.Group{Key: s.key, Members: uint64(len(s.public)), Internal: uint64(len(s.internal)),
		Unknown: s.unknown, Records: s.records}
}

func (p *plain) Count(_ context.Context, q count.Question) iter.Seq2[count.Group, error] {
	p.asked++
	sets := map[string]*set{}
	if len(q.Group) == 0 {
		sets[""] = newSet(nil)
	}
	for i := range p.rows {
		r := &p.rows[i]
		if !wanted(&q, r) {
			continue
		}
		key := keyOf(q.Group, r)
		id := strings.Join(key, "\x00")
		if sets[id] == nil {
			sets[id] = newSet(key)
		}
		sets[id].add(&q.Measure, r)
	}
	var groups []count.Group
	for _, s := range sets {
		groups = append(groups, s.group())
	}
	slices.SortFunc(groups, func(a, b count.Group) int {
		return cmp.Or(cmp.Compare(b.Members, a.Members), cmp.Compare(b.Internal, a.Internal), slices.Compare(a.Key, b.Key))
	})
	return func(yield func(count.Group, error) bool) {
		for _, g := range groups {
			if !yield(g, nil) {
				return
			}
		}
	}
}

func wanted(q *count.Question, r *ts.Row) bool {
	return q.Measure.Counts(r) && q.Window.Contains(r.Day()) &&
		q.Verdict.In(r.By, r.ByPlaces, q.By) && q.Verdict.In(r.On, r.OnPlaces, q.On) &&
		(q.ByAS == 0 || q.ByAS == r.ByAS) && (q.OnAS == 0 || q.OnAS == r.OnAS) &&
		(q.Sensor == "" || q.Sensor == r.Sensor) && (q.Site == "" || q.Site == r.Site) &&
		(q.Family == "" || q.Family == r.Family)
}

func keyOf(dims []count.Dimension, r *ts.Row) []string {
	var key []string
	for _, dim := range dims {
		key = append(key, map[count.Dimension]string{
			count.By: string(r.By), count.On: string(r.On), count.Family: r.Family, count.Name: r.PerpName,
			count.ByAS: numberText(uint64(r.ByAS)), count.OnAS: numberText(uint64(r.OnAS)),
			count.Server: addrText(r), count.Port: numberText(uint64(r.PerpPort)),
		}[dim])
	}
	return key
}

// numberText is a number as count keys it: "" where 0 says that it is unknown.
func numberText(n uint64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatUint(n, 10)
}

func addrText(r *ts.Row) string {
	if !r.Perp.IsValid() {
		return ""
	}
	return r.Perp.String()
}

func (p *plain) Rows(_ context.Context, q count.Question) iter.Seq2[ts.Row, error] {
	return func(yield func(ts.Row, error) bool) {
		for i := range p.rows {
			if wanted(&q, &p.rows[i]) && !yield(p.rows[i], nil) {
				return
			}
		}
	}
}

func (p *plain) Series(_ context.Context, q count.Question) iter.Seq2[count.Point, error] {
	days := map[ts.Day]*set{}
	for i := range p.rows {
		r := &p.rows[i]
		if !wanted(&q, r) {
			continue
		}
		if days[r.Day()] == nil {
			days[r.Day()] = newSet(nil)
		}
		days[r.Day()].add(&q.Measure, r)
	}
	return func(yield func(count.Point, error) bool) {
		so := newSet(nil)
		for day := q.Window.From; day < q.Window.To; day++ {
			s := cmp.Or(days[day], newSet(nil))
			for m := range s.public {
				so.public[m] = true
			}
			for m := range s.internal {
				so.internal[m] = true
			}
			now, total := s.group(), so.group()
			if !yield(count.Point{Day: day, Members: now.Members, Internal: now.Internal, TotalMembers: total.Members, TotalInternal: total.Internal}, nil) {
				return
			}
		}
	}
}
