package report

import (
	"context"
	"fmt"

	ts "github.com/tallystick/tallystick"
)

// Series is one measure a day: distinct on that day, and distinct from the first day up to
// it. Days are never to be summed.
type Series struct {
	Measure string       `json:"measure"`
	Unit    string       `json:"unit"`
	Label   string       `json:"label"`
	By      []ts.Country `json:"by"`
	On      []ts.Country `json:"on"`
	Points  []Point      `json:"points"`
}

// Point is one day of a Series.
type Point struct {
	Day   string `json:"day"`
	Value Cell   `json:"distinct"`
	Total Cell   `json:"accumulated"`
}

// series leaves records of unset clocks out: they would stretch the axis over decades.
func (d *drafter) series(ctx context.Context, c columnForm) (Series, error) {
	s := Series{Measure: c.ask.Measure.Name, Unit: string(c.ask.Measure.Unit), Label: c.label,
		By: orEmpty(c.ask.By), On: orEmpty(c.ask.On), Points: []Point{}}
	c.ask.Measure.Without |= ts.FlagClock
	for p, err := range d.engine.Series(ctx, c.ask.question(c.ask.Measure)) {
		if err != nil {
			return s, fmt.Errorf("series of %s: %w", s.Measure, err)
		}
		s.Points = append(s.Points, Point{Day: p.Day.String(),
			Value: Cell{p.Members, p.Internal}, Total: Cell{p.TotalMembers, p.TotalInternal}})
	}
	return s, nil
}
