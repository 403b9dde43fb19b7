package report

import (
	"context"
	"fmt"
	"slices"

	"github.com/tallystick/tallystick/internal/count"
)

// matrixSide is how many countries a side of the matrix shows.
const matrixSide = 12

// Matrix counts one measure for pairs of countries. By and On are the countries of the
// largest pairs; Cells[i][j] is By[i] on On[j]. "" is unknown. Nothing in it may be summed.
type Matrix struct {
	Measure string   `json:"measure"`
	Unit    string   `json:"unit"`
	Label   string   `json:"label"`
	By      []string `json:"by"`
	On      []string `json:"on"`
	Cells   [][]Cell `json:"cells"`
	Folded  uint64   `json:"folded"`  // pairs that have members and are not shown
	Largest Cell     `json:"largest"` // of the folded pairs
}

// matrix counts over all pairs, whatever countries the request names.
func (d *drafter) matrix(ctx context.Context, c columnForm) (Matrix, error) {
	c.ask.By, c.ask.On = nil, nil
	q := c.ask.question(c.ask.Measure)
	q.Group = []count.Dimension{count.By, count.On}
	m := Matrix{Measure: c.ask.Measure.Name, Unit: string(c.ask.Measure.Unit), Label: c.label, By: []string{}, On: []string{}, Cells: [][]Cell{}}
	var pairs []count.Group
	for g, err := range d.engine.Count(ctx, q) {
		switch {
		case err != nil:
			return m, fmt.Errorf("matrix of %s: %w", m.Measure, err)
		case len(g.Key) != 2:
			return m, fmt.Errorf("matrix of %s: a pair with %d keys", m.Measure, len(g.Key))
		}
		if g.Members+g.Internal > 0 {
			pairs = append(pairs, g)
		}
	}
	for _, g := range pairs {
		m.By, m.On = seat(m.By, g.Key[0]), seat(m.On, g.Key[1])
	}
	m.place(pairs)
	return m, nil
}

// seat adds a country to a side that still has room.
func seat(side []string, country string) []string {
	if len(side) < matrixSide && !slices.Contains(side, country) {
		return append(side, country)
	}
	return side
}

// place writes the pairs, largest first, into the cells.
func (m *Matrix) place(pairs []count.Group) {
	for range m.By {
		m.Cells = append(m.Cells, make([]Cell, len(m.On)))
	}
	for _, g := range pairs {
		cell := Cell{g.Members, g.Internal}
		i, j := slices.Index(m.By, g.Key[0]), slices.Index(m.On, g.Key[1])
		if i >= 0 && j >= 0 {
			m.Cells[i][j] = cell
			continue
		}
		if m.Folded == 0 {
			m.Largest = cell
		}
		m.Folded++
	}
}
