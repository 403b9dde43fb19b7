package report

import (
	"context"
	"fmt"
	"slices"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/wording"
)

// Table is the largest groups of one or more measures that share their dimensions. Rows are
// by the falling count of the first column. Columns are never to be summed: a member in
// several groups counts in each.
type Table struct {
	Name    string     `json:"name"`
	Title   string     `json:"title"`
	Note    string     `json:"note"`
	GroupBy []string   `json:"group_by"`
	Columns []Column   `json:"columns"`
	Rows    []TableRow `json:"rows"`
	Folded  uint64     `json:"folded"` // further groups, each no larger than the last row
}

// Column is what the cells of one column count, with the count over all groups.
type Column struct {
	Measure string       `json:"measure"`
	Unit    string       `json:"unit"`
	Label   string       `json:"label"`
	Bearing string       `json:"bearing"` // "" or the role that every counted row bears, with any grade
	By      []ts.Country `json:"by"`
	On      []ts.Country `json:"on"`
	Total   Cell         `json:"total"`
}

// TableRow is one group: a text for each dimension, a cell for each column.
type TableRow struct {
	Key   []string `json:"key"`
	Cells []Cell   `json:"cells"`
}

// Cell is a number of distinct public members, and of internal ones apart.
type Cell struct {
	Value    uint64 `json:"value"`
	Internal uint64 `json:"internal"`
}

// Empty reports whether the table has no row.
func (t *Table) Empty() bool { return len(t.Rows) == 0 }

// tableForm is a table to be filled.
type tableForm struct {
	name, title, note string
	dims              []count.Dimension
	columns           []columnForm
	limit             int
}

type columnForm struct {
	ask     Ask
	label   string
	bearing string
}

// table fills a form. The first column decides which groups are shown; the others are read
// for those groups only, so that memory is bounded by the limit and not by the ledger.
func (d *drafter) table(ctx context.Context, form tableForm) (Table, error) {
	t := Table{Name: form.name, Title: form.title, Note: form.note, GroupBy: words(form.dims),
		Columns: []Column{}, Rows: []TableRow{}}
	at := map[string]int{}
	for i, c := range form.columns {
		total, err := d.total(ctx, c.ask.question(c.ask.Measure))
		if err != nil {
			return t, fmt.Errorf("table %s: %w", form.name, err)
		}
		t.Columns = append(t.Columns, c.column(total))
		if err := d.fill(ctx, &t, form, i, at); err != nil {
			return t, fmt.Errorf("table %s: %w", form.name, err)
		}
	}
	return t, nil
}

func (c columnForm) column(total count.Group) Column {
	m := c.ask.Measure
	return Column{Measure: m.Name, Unit: string(m.Unit), Label: c.label, Bearing: c.bearing,
		By: orEmpty(c.ask.By), On: orEmpty(c.ask.On), Total: Cell{total.Members, total.Internal}}
}

// fill reads column i; at finds the row of a key.
func (d *drafter) fill(ctx context.Context, t *Table, form tableForm, i int, at map[string]int) error {
	ask := form.columns[i].ask
	q := ask.question(ask.Measure)
	q.Group = form.dims
	for g, err := range d.engine.Count(ctx, q) {
		if err != nil {
			return err
		}
		if g.Members+g.Internal == 0 || unnamed(form.dims, g.Key) {
			continue
		}
		id := strings.Join(g.Key, "\x00")
		row, ok := at[id]
		if !ok && i == 0 {
			if len(t.Rows) >= form.limit {
				t.Folded++
				continue
			}
			row, ok = len(t.Rows), true
			at[id] = row
			t.Rows = append(t.Rows, TableRow{Key: g.Key, Cells: make([]Cell, len(form.columns))})
		}
		if ok {
			t.Rows[row].Cells[i] = Cell{g.Members, g.Internal}
		} else if len(g.Key) == 1 && unknownKey(form.dims[0], g.Key[0]) {
			t.Note = strings.TrimSpace(t.Note + " " + unlisted(t.Columns[i].Label, g))
		}
	}
	return nil
}

// unnamed reports whether a group of a table by name has none: most contacts are with bare
// addresses, and their families would leave the names no room.
func unnamed(dims []count.Dimension, key []string) bool {
	i := slices.Index(dims, count.Name)
	return i >= 0 && key[i] == ""
}

// unlisted says what a column's total counts and no row shows: the group of what is not
// known, where the first column counts nobody in it, as servers behind a proxy are.
func unlisted(label string, g count.Group) string {
	number := wording.Thousands(g.Members)
	if g.Internal > 0 {
		number += " and " + wording.Thousands(g.Internal) + " internal"
	}
	return fmt.Sprintf("Of the %s, %s belong under “unknown”, which has no row.", label, number)
}

func unknownKey(dim count.Dimension, key string) bool {
	return key == "" || key == "0" && (dim == count.ByAS || dim == count.OnAS)
}

// label is a measure's column head; its caption with places stands in the figures.
func label(name string) string {
	switch name {
	case "control.servers":
		return "control servers"
	case "control.hosts":
		return "addresses answered by control servers"
	case "infected.addresses":
		return "infected addresses"
	case "backdoor.sources":
		return "addresses using web shells"
	case "backdoor.sites":
		return "sites with web shells"
	case "backdoor.attacks":
		return "attacks through web shells"
	case "phishing.hosts":
		return "addresses serving phishing"
	case "phishing.pages":
		return "phishing pages"
	case "phishing.contacts":
		return "contacts with phishing"
	default:
		return strings.ReplaceAll(name, ".", " ")
	}
}
