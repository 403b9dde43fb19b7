package verify

import (
	"fmt"

	ts "github.com/tallystick/tallystick"
)

// Bounds of what a report may ask to be recounted. A report of every measure asks some
// hundred questions; a stranger's must not ask for all memory.
const (
	maxQuestions = 4096
	maxGrouped   = 256
	maxWindows   = 32
)

// plan is every question that a report answers, each once, and the checks that its
// answers are for, in the order of their lines.
type plan struct {
	counters []*counter
	asked    map[string]*counter
	windows  map[ts.Window]bool
	grouped  int
	checks   []func(*Result, *census)
	sources  sources
	tooMany  bool
}

// sources are what a plan must know of the evidence.
type sources struct {
	places int  // data sets of places
	mixed  bool // batches of several rules: the same records may have been judged twice
}

func newPlan(s sources) *plan {
	return &plan{asked: map[string]*counter{}, windows: map[ts.Window]bool{}, sources: s}
}

// ask returns the counter of q.
func (p *plan) ask(q question) *counter {
	id := q.id()
	if c := p.asked[id]; c != nil {
		return c
	}
	c := &counter{question: q, groups: map[string]uint32{}}
	p.asked[id], p.windows[q.window] = c, true
	if len(q.groupBy) > 0 {
		p.grouped++
	}
	if len(p.counters) >= maxQuestions || p.grouped > maxGrouped || len(p.windows) > maxWindows {
		p.tooMany = true
		return c
	}
	p.counters = append(p.counters, c)
	return c
}

// id tells questions apart. Any country and the country unknown must not look alike.
func (q *question) id() string {
	return fmt.Sprintf("%q %q %+v %v %d %d %q %q %q %s %q",
		q.by, q.on, q.measure, q.window, q.byAS, q.onAS, q.sensor, q.site, q.family, q.verdict, q.groupBy)
}

// later adds a check that is made once rows are counted.
func (p *plan) later(check func(*Result, *census)) { p.checks = append(p.checks, check) }

// notChecked adds a line for what cannot be recounted.
func (p *plan) notChecked(what string, err error) {
	p.later(func(r *Result, _ *census) { r.add(NotChecked, what, "%v", err) })
}

// planReport plans the recount of every number of c that is a count of members.
func planReport(c *claim, s sources) *plan {
	p := newPlan(s)
	for i := range c.Figures {
		p.figure(&c.Figures[i], "", true)
	}
	for i := range c.Mirror {
		p.figure(&c.Mirror[i], "mirror ", false)
	}
	for _, list := range [][]table{c.Rankings, c.Families, c.Networks, c.Servers, c.Apart} {
		for i := range list {
			p.table(c, &list[i])
		}
	}
	for i := range c.Series {
		p.series(c, &c.Series[i])
	}
	for i := range c.Matrix {
		p.matrix(c, &c.Matrix[i])
	}
	return p
}

// count answers every question in two passes over the rows: what rows show of others,
// then members.
func (p *plan) count(e *evidence) (*census, error) {
	f := newFacts(p.counters)
	if len(f.windows) > 0 {
		if err := e.each(f.learn); err != nil {
			return nil, err
		}
	}
	byClass := map[ts.Class][]*counter{}
	for _, c := range p.counters {
		byClass[c.measure.Class] = append(byClass[c.measure.Class], c)
	}
	all := &census{numbers: map[string]uint32{}}
	return all, e.each(func(row *ts.Row) {
		if e.history.excludes(row) {
			return
		}
		all.turn()
		for _, c := range byClass[row.Class] {
			c.add(row, all, f)
		}
	})
}
