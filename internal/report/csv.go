package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

var csvHead = [...]string{"measure", "unit", "value", "internal", "from", "to", "by", "on", "group_by", "key"}

// WriteCSV writes figures.csv (RFC 4180, but lines end in LF): one line a figure, mirror
// figure, group of a table or a matrix, and day. value and internal are empty where nothing was observable; by
// and on are empty for any country; group_by and key join their parts with ";". A measure
// with a mark, "infected.addresses+sinkhole", counts only rows that bear it, in any grade.
func (r *Report) WriteCSV(w io.Writer) error {
	c := csvWriter{csv.NewWriter(w), r}
	c.line(csvHead[:]...)
	for _, f := range r.Figures {
		c.finding(f)
	}
	for _, f := range r.Mirror {
		c.finding(f)
	}
	for _, list := range [][]Table{r.Rankings, r.Families, r.Networks, r.Servers, r.Apart} {
		for _, t := range list {
			c.table(t)
		}
	}
	for _, m := range r.Matrix {
		c.matrix(m)
	}
	for _, s := range r.Series {
		c.series(s)
	}
	c.w.Flush()
	if err := c.w.Error(); err != nil {
		return fmt.Errorf("figures.csv: %w", err)
	}
	return nil
}

// csvWriter leaves errors to csv.Writer, which keeps the first.
type csvWriter struct {
	w *csv.Writer
	r *Report
}

func (c csvWriter) line(fields ...string) { _ = c.w.Write(fields) } // kept by c.w.Error

func (c csvWriter) finding(f Finding) {
	value, internal := digits(f.Value), digits(f.Internal)
	if !f.Observable() {
		value, internal = "", ""
	}
	c.line(f.Measure, f.Unit, value, internal, f.Window.From, f.Window.To, groupName(f.By), groupName(f.On), "", "")
}

func (c csvWriter) table(t Table) {
	for i, col := range t.Columns {
		name := col.Measure
		if col.Bearing != "" {
			name += "+" + col.Bearing
		}
		for _, row := range t.Rows {
			c.line(name, col.Unit, digits(row.Cells[i].Value), digits(row.Cells[i].Internal),
				c.r.Window.From, c.r.Window.To, groupName(col.By), groupName(col.On),
				strings.Join(t.GroupBy, ";"), inert(strings.Join(row.Key, ";")))
		}
	}
}

func (c csvWriter) matrix(m Matrix) {
	for i, by := range m.By {
		for j, on := range m.On {
			cell := m.Cells[i][j]
			if cell == (Cell{}) {
				continue
			}
			c.line(m.Measure, m.Unit, digits(cell.Value), digits(cell.Internal),
				c.r.Window.From, c.r.Window.To, "", "", "by;on", inert(by+";"+on))
		}
	}
}

// series writes the distinct members of each day; the accumulation is in figures.json.
func (c csvWriter) series(s Series) {
	for _, p := range s.Points {
		c.line(s.Measure, s.Unit, digits(p.Value.Value), digits(p.Value.Internal),
			c.r.Window.From, c.r.Window.To, groupName(s.By), groupName(s.On), "day", p.Day)
	}
}

func digits(n uint64) string { return strconv.FormatUint(n, 10) }

// inert keeps a spreadsheet from taking a key, which an attacker may have written, for a
// formula: it puts an apostrophe before the characters that begin one (OWASP, CSV Injection).
func inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
