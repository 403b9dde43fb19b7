package report

import (
	"context"
	"fmt"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/place"
)

// Ask is one figure wanted. Zero fields ask for any: all days, any country, network, sensor,
// site and family, the verdict of the first-named data set, no groups.
type Ask struct {
	Measure    measure.Measure
	Window     ts.Window
	By, On     []ts.Country
	ByAS, OnAS uint32
	Sensor     string
	Site       string
	Family     string
	Verdict    place.Verdict
	GroupBy    []count.Dimension
}

// check refuses an ask that its measure cannot answer.
func (a *Ask) check() error {
	if !a.Measure.HasBy && (a.By != nil || a.ByAS != 0) {
		return fmt.Errorf("%s: has no perpetrator end, so it cannot be asked by country or network of one", a.Measure.Name)
	}
	return nil
}

func (a *Ask) question(m measure.Measure) count.Question {
	return count.Question{
		Measure: m, Window: a.Window, By: a.By, On: a.On, ByAS: a.ByAS, OnAS: a.OnAS,
		Sensor: a.Sensor, Site: a.Site, Family: a.Family, Verdict: a.Verdict,
	}
}

// mirror returns the same ask in the other direction; false where no country is asked for,
// or where the measure knows no perpetrator whose country could take the victims' place.
func (a Ask) mirror() (Ask, bool) {
	if a.By == nil && a.On == nil || !a.Measure.HasBy {
		return Ask{}, false
	}
	a.By, a.On = a.On, a.By
	a.ByAS, a.OnAS = a.OnAS, a.ByAS
	a.GroupBy = nil
	return a, true
}

// total answers a question without dimensions, once.
func (d *drafter) total(ctx context.Context, q count.Question) (count.Group, error) {
	q.Group = nil
	id := fmt.Sprintf("%#v", q)
	if g, ok := d.answers[id]; ok {
		return g, nil
	}
	for group, err := range d.engine.Count(ctx, q) {
		if err != nil {
			return count.Group{}, fmt.Errorf("%s: %w", q.Measure.Name, err)
		}
		d.answers[id] = group
		return group, nil
	}
	return count.Group{}, fmt.Errorf("count %s: the engine gave no answer", q.Measure.Name)
}
