package verify

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
)

func (g *group) equal(h *group) bool {
	return slices.Equal(g.Key, h.Key) && g.Value == h.Value && g.Internal == h.Internal
}

// at writes a group for a line.
func at(list []group, i int) string {
	if i >= len(list) {
		return "none"
	}
	g := list[i]
	return fmt.Sprintf("%.80q with %d and %d internal", strings.Join(g.Key, ";"), g.Value, g.Internal)
}

// question returns what a column counts over all groups.
func (c *column) question(doc *claim) (question, error) {
	q, err := newQuestion(c.Measure, doc.Window, c.By, c.On, doc.Verdict)
	if err == nil && c.Unit != string(q.measure.Unit) {
		err = fmt.Errorf("unit %.30q of %s", c.Unit, c.Measure)
	}
	if err == nil && c.Bearing != "" {
		q.measure.Grades, q.measure.Without = measure.AnyGrade, 0
		q.measure.Resolvers, q.measure.CatchAll = false, false
		q.measure.Bearing, err = flagNamed(c.Bearing)
	}
	return q, err
}

// table plans every cell and total of a table, which groups it shows, and how many it
// folds.
func (p *plan) table(doc *claim, t *table) {
	what := fmt.Sprintf("table %.60s", t.Name)
	var totals, columns []*counter
	for i := range t.Columns {
		q, err := t.Columns[i].question(doc)
		if err == nil {
			err = checkDimensions(&q.measure, t.GroupBy)
		}
		if err != nil {
			p.notChecked(what, err)
			return
		}
		what += fmt.Sprintf(", %s", q.measure.Name)
		totals = append(totals, p.ask(q))
		q.groupBy = t.GroupBy
		columns = append(columns, p.ask(q))
	}
	if len(columns) == 0 || len(t.GroupBy) == 0 {
		p.notChecked(what, errors.New("a table without columns or groups"))
		return
	}
	what += fmt.Sprintf(": %d rows, all recounted", len(t.Rows))
	p.later(func(r *Result, all *census) {
		err := t.compare(totals, columns, all)
		r.check(err == nil, what, "%v", err)
	})
}

func (t *table) compare(totals, columns []*counter, all *census) error {
	for i, c := range t.Columns {
		if found := totals[i].answer(all).total; c.Total != found {
			return fmt.Errorf("total of %s is %d and %d internal, rows support %d and %d",
				c.Measure, c.Total.Value, c.Total.Internal, found.Value, found.Internal)
		}
	}
	groups := columns[0].answer(all).peopled()
	if len(t.Rows) > len(groups) || t.Folded != uint64(len(groups)-len(t.Rows)) {
		return fmt.Errorf("%d rows and %d folded, rows support %d groups", len(t.Rows), t.Folded, len(groups))
	}
	found := make([]map[string]cell, len(columns))
	for i, c := range columns {
		found[i] = map[string]cell{}
		for _, g := range c.answer(all).peopled() {
			found[i][keyOf(g.Key)] = cell{g.Value, g.Internal}
		}
	}
	for n, row := range t.Rows {
		if !slices.Equal(row.Key, groups[n].Key) || len(row.Cells) != len(columns) {
			return fmt.Errorf("row %d is %.80q of %d cells; rows support %.80q there", n+1, strings.Join(row.Key, ";"), len(row.Cells), strings.Join(groups[n].Key, ";"))
		}
		for i, got := range row.Cells {
			if want := found[i][keyOf(row.Key)]; got != want {
				return fmt.Errorf("%s of %.80q is %d and %d internal, rows support %d and %d",
					t.Columns[i].Measure, strings.Join(row.Key, ";"), got.Value, got.Internal, want.Value, want.Internal)
			}
		}
	}
	return nil
}

// keyOf joins a key so that no two keys are one.
func keyOf(key []string) string { return fmt.Sprintf("%q", key) }

// matrix plans the cells of a matrix, the pairs that it folds, and the largest of these.
func (p *plan) matrix(doc *claim, m *matrix) {
	what := fmt.Sprintf("matrix of %.60s: %d by %d countries, all recounted", m.Measure, len(m.By), len(m.On))
	q, err := newQuestion(m.Measure, doc.Window, nil, nil, doc.Verdict)
	q.groupBy = []string{"by", "on"}
	if err == nil {
		err = checkDimensions(&q.measure, q.groupBy)
	}
	if err == nil && m.Unit != string(q.measure.Unit) {
		err = fmt.Errorf("unit %.30q", m.Unit)
	}
	if err != nil {
		p.notChecked(what, err)
		return
	}
	c := p.ask(q)
	p.later(func(r *Result, all *census) {
		err := m.compare(c.answer(all).peopled())
		r.check(err == nil, what, "%v", err)
	})
}

func (m *matrix) compare(pairs []group) error {
	shown := map[[2]string]cell{}
	if len(m.Cells) != len(m.By) {
		return fmt.Errorf("%d rows of cells for %d countries", len(m.Cells), len(m.By))
	}
	for i, by := range m.By {
		if len(m.Cells[i]) != len(m.On) {
			return fmt.Errorf("%d cells for %d countries", len(m.Cells[i]), len(m.On))
		}
		for j, on := range m.On {
			pair := [2]string{by, on}
			if _, again := shown[pair]; again {
				return fmt.Errorf("%.20q on %.20q stands twice", by, on)
			}
			shown[pair] = m.Cells[i][j]
		}
	}
	seen := map[[2]string]bool{}
	var folded uint64
	var largest cell
	for _, g := range pairs {
		pair, found := [2]string{g.Key[0], g.Key[1]}, cell{g.Value, g.Internal}
		got, ok := shown[pair]
		switch {
		case ok && got != found:
			return fmt.Errorf("%.20q on %.20q is %d and %d internal, rows support %d and %d",
				g.Key[0], g.Key[1], got.Value, got.Internal, g.Value, g.Internal)
		case !ok && folded == 0:
			largest = found
			fallthrough
		case !ok:
			folded++
		}
		seen[pair] = true
	}
	for i, by := range m.By {
		for j, on := range m.On {
			if got := m.Cells[i][j]; got != (cell{}) && !seen[[2]string{by, on}] {
				return fmt.Errorf("%.20q on %.20q is %d and %d internal, rows support none", by, on, got.Value, got.Internal)
			}
		}
	}
	if m.Folded != folded || m.Largest != largest {
		return fmt.Errorf("%d pairs folded, the largest of %d and %d internal; rows support %d, %d and %d",
			m.Folded, m.Largest.Value, m.Largest.Internal, folded, largest.Value, largest.Internal)
	}
	return nil
}

// series plans the days of a series, each of the window's, and what is distinct up to
// them. Records of unset clocks are not in it.
func (p *plan) series(doc *claim, s *series) {
	what := fmt.Sprintf("series of %s: %d days, all recounted", about(s.Measure, s.By, s.On), len(s.Points))
	q, err := newQuestion(s.Measure, doc.Window, s.By, s.On, doc.Verdict)
	if err == nil && s.Unit != string(q.measure.Unit) {
		err = fmt.Errorf("unit %.30q", s.Unit)
	}
	if err != nil {
		p.notChecked(what, err)
		return
	}
	q.measure.Without |= ts.FlagClock
	q.groupBy = []string{"day"}
	c := p.ask(q)
	p.later(func(r *Result, all *census) {
		err := s.compare(q.window, c.byDay(all))
		r.check(err == nil, what, "%v", err)
	})
}

func (s *series) compare(w ts.Window, days []dayCount) error {
	w, err := span(w, days)
	if err != nil {
		return err
	}
	if len(s.Points) != w.Days() {
		return fmt.Errorf("%d days, rows support %d", len(s.Points), w.Days())
	}
	var until cell
	for i, got := range s.Points {
		want := point{Day: (w.From + ts.Day(i)).String()}
		if len(days) > 0 && days[0].day == want.Day {
			want.Value, until, days = days[0].on, days[0].until, days[1:]
		}
		want.Total = until
		if got != want {
			return fmt.Errorf("day %d is %.20s with %v, up to it %v; rows support %s with %v, up to it %v",
				i+1, got.Day, got.Value, got.Total, want.Day, want.Value, want.Total)
		}
	}
	return nil
}

// span is the window whose open sides end at the outermost days with members.
func span(w ts.Window, days []dayCount) (ts.Window, error) {
	open, err := ts.ParseWindow("1970-01-01", "9999-12-31")
	if err != nil || len(days) == 0 && (w.All() || w.From <= open.From || w.To >= open.To) {
		return ts.Window{}, err
	}
	if len(days) == 0 {
		return w, nil
	}
	seen, err := ts.ParseWindow(days[0].day, days[len(days)-1].day)
	if w.All() {
		return seen, err
	}
	if w.From <= open.From {
		w.From = seen.From
	}
	if w.To >= open.To {
		w.To = seen.To
	}
	return w, err
}
