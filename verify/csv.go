package verify

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	ts "github.com/tallystick/tallystick"
)

// checkCSV checks that figures.csv says the numbers of figures.json, line by line
// (doc/formats/figure.md).
func checkCSV(r *Result, content []byte, c *claim) {
	const what = "figures.csv says the same numbers as figures.json"
	got := csv.NewReader(bytes.NewReader(content))
	got.FieldsPerRecord, got.ReuseRecord = -1, true
	n := 0
	for want := range c.lines {
		n++
		line, err := got.Read()
		if err != nil && !errors.Is(err, io.EOF) {
			r.add(Malformed, what, "%v", err)
			return
		}
		if !slices.Equal(line, want) {
			r.add(False, what, "line %d is %.200q, figures.json says %.200q", n, line, want)
			return
		}
	}
	line, err := got.Read()
	r.check(errors.Is(err, io.EOF), what, "line %d is %.200q, figures.json ends before it (%v)", n+1, line, err)
}

// lines yields the lines of figures.csv that c demands.
func (c *claim) lines(yield func([]string) bool) {
	if !yield([]string{"measure", "unit", "value", "internal", "from", "to", "by", "on", "group_by", "key"}) {
		return
	}
	for _, list := range [][]finding{c.Figures, c.Mirror} {
		for _, f := range list {
			if !yield(f.line()) {
				return
			}
		}
	}
	for _, list := range [][]table{c.Rankings, c.Families, c.Networks, c.Servers, c.Apart} {
		for _, t := range list {
			for line := range c.tableLines(t) {
				if !yield(line) {
					return
				}
			}
		}
	}
	for _, m := range c.Matrix {
		for line := range c.matrixLines(m) {
			if !yield(line) {
				return
			}
		}
	}
	for _, s := range c.Series {
		for _, p := range s.Points {
			if !yield(c.line(s.Measure, s.Unit, p.Value, s.By, s.On, "day", p.Day)) {
				return
			}
		}
	}
}

func (f *finding) line() []string {
	value, internal := "", ""
	if f.Value != nil && f.Internal != nil {
		value, internal = decimal(*f.Value), decimal(*f.Internal)
	}
	return []string{f.Measure, f.Unit, value, internal, f.Window.From, f.Window.To, join(f.By), join(f.On), "", ""}
}

func (c *claim) line(measure, unit string, n cell, by, on []ts.Country, groupBy, key string) []string {
	return []string{measure, unit, decimal(n.Value), decimal(n.Internal), c.Window.From, c.Window.To, join(by), join(on), groupBy, inert(key)}
}

func (c *claim) tableLines(t table) func(func([]string) bool) {
	return func(yield func([]string) bool) {
		for i, col := range t.Columns {
			name := col.Measure
			if col.Bearing != "" {
				name += "+" + col.Bearing
			}
			for _, row := range t.Rows {
				if i < len(row.Cells) && !yield(c.line(name, col.Unit, row.Cells[i], col.By, col.On,
					strings.Join(t.GroupBy, ";"), strings.Join(row.Key, ";"))) {
					return
				}
			}
		}
	}
}

func (c *claim) matrixLines(m matrix) func(func([]string) bool) {
	return func(yield func([]string) bool) {
		for i, by := range m.By {
			for j, on := range m.On {
				if i >= len(m.Cells) || j >= len(m.Cells[i]) || m.Cells[i][j] == (cell{}) {
					continue
				}
				if !yield(c.line(m.Measure, m.Unit, m.Cells[i][j], nil, nil, "by;on", by+";"+on)) {
					return
				}
			}
		}
	}
}

// inert is a key as it stands where a spreadsheet would take it for a formula.
func inert(key string) string {
	if key != "" && strings.ContainsRune("=+-@\t\r", rune(key[0])) {
		return fmt.Sprintf("'%s", key)
	}
	return key
}
