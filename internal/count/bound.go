package count

import (
	"slices"
	"strconv"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/segment"
)

// bound is a query against one row group: every rule that looks at one column, worked out
// once for each value of the column's dictionary. One worker has it.
type bound struct {
	q      *query
	h      *handle
	group  int
	dicts  [segment.Columns]*segment.Dictionary
	checks []check
	days   uint32 // of a run: those of the window, a bit each
	never  bool   // no row of the group counts
	dims   []numbering
	names  [segment.Columns]numbering // of the columns that members are made of
	shadow []bool                     // by input, or origin of a run; nil where nothing is shadowed
}

// check keeps the rows whose value in a column is ok.
type check struct {
	col segment.Column
	ok  []bool
}

// numbering maps a dictionary's indexes to ordinals of the query, plus one, as they are
// met; 0 is not met yet.
type numbering []uint32

// bind returns q against a row group of h. Where never is set, nothing else is.
func bind(q *query, h *handle, group int, c *segment.Cursor) (*bound, error) {
	b := &bound{q: q, h: h, group: group}
	if h.merged != nil {
		b.days = h.merged.days(q.Window)
		b.never = b.days == 0
	}
	for _, rule := range q.rules {
		if rule.col == segment.Day && h.merged != nil {
			continue // a row of a run has several
		}
		if err := b.check(c, rule.col, rule.ok); err != nil || b.never {
			return b, err
		}
	}
	for _, d := range q.Group {
		dict, err := b.dictionary(c, d.column(&q.Measure))
		if err != nil {
			return nil, err
		}
		b.dims = append(b.dims, make(numbering, dict.Len()))
	}
	return b, b.bindShadow(c)
}

// dictionary returns the dictionary of a column, kept with b.
func (b *bound) dictionary(c *segment.Cursor, col segment.Column) (*segment.Dictionary, error) {
	if b.dicts[col] == nil {
		d, err := b.h.dictionary(c, b.group, col)
		if err != nil {
			return nil, err
		}
		b.dicts[col] = d
	}
	return b.dicts[col], nil
}

// check works a rule out for each value of its column, and forgets it where all pass.
func (b *bound) check(c *segment.Cursor, col segment.Column, ok func(string, uint64) bool) error {
	d, err := b.dictionary(c, col)
	if err != nil {
		return err
	}
	list, passed := make([]bool, d.Len()), 0
	for i := range list {
		if d.Texts != nil {
			list[i] = ok(d.Texts[i], 0)
		} else {
			list[i] = ok("", d.Numbers[i])
		}
		if list[i] {
			passed++
		}
	}
	b.never = passed == 0
	if passed < len(list) {
		b.checks = append(b.checks, check{col, list})
	}
	return nil
}

func (b *bound) bindShadow(c *segment.Cursor) error {
	if b.q.shadowed == nil {
		return nil
	}
	origins, err := b.origins(c)
	if err != nil {
		return err
	}
	list := make([]bool, len(origins))
	for i, from := range origins {
		list[i] = b.q.shadowed(from.segment, from.input)
	}
	if slices.Contains(list, true) {
		b.shadow = list
	}
	return nil
}

// origins returns those of a run, or what the dictionary of inputs says of a segment's.
func (b *bound) origins(c *segment.Cursor) ([]origin, error) {
	if b.h.merged != nil {
		return b.h.merged.origins, nil
	}
	d, err := b.dictionary(c, segment.Input)
	if err != nil {
		return nil, err
	}
	var list []origin
	for _, n := range d.Numbers {
		list = append(list, origin{segment: b.h.name, input: uint32(n)})
	}
	return list, nil
}

// text returns the text of a dictionary value, as a dimension shows it.
func (d Dimension) text(dict *segment.Dictionary, index int32) string {
	if dict.Texts != nil {
		return dict.Texts[index]
	}
	n := dict.Numbers[index]
	switch {
	case d == Date:
		return ts.Day(int32(n)).String()
	case n == 0:
		return ""
	default:
		return strconv.FormatUint(n, 10)
	}
}
