package verify

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/wording"
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
	what += ": " + wording.Plural(uint64(len(t.Rows)), "row", "rows") + ", all recounted"
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
	groups := named(columns[0].answer(all).peopled(), slices.Index(t.GroupBy, "name"))
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

// named leaves out the groups whose key has no name at i: a table by name has none of them.
func named(groups []group, i int) []group {
	if i < 0 {
		return groups
	}
	return slices.DeleteFunc(slices.Clone(groups), func(g group) bool { return g.Key[i] == "" })
}

// keyOf joins a key so that no two keys are one.
func keyOf(key []string) string { return fmt.Sprintf("%q", key) }
