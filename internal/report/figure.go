package report

import (
	"context"
	"fmt"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
)

// Figure counts one figure with its groups, its bounds and its sentence. A figure of nothing
// where no sensor could have seen anything is not observable: its bounds then hold only the
// part PartUnobservable, and its sentence says so instead of 0.
func Figure(ctx context.Context, engine Engine, evidence Evidence, ask Ask) (ts.Figure, error) {
	return newDrafter(engine, evidence).figure(ctx, ask, true)
}

// Mirror counts the same figure in the other direction, without groups and without the parts
// that are not in it. It returns false where there is no other direction.
func Mirror(ctx context.Context, engine Engine, evidence Evidence, ask Ask) (ts.Figure, bool, error) {
	other, ok := ask.mirror()
	if !ok {
		return ts.Figure{}, false, nil
	}
	figure, err := newDrafter(engine, evidence).figure(ctx, other, false)
	return figure, err == nil, err
}

// figure counts what ask wants; beside adds the parts that stand beside the figure.
func (d *drafter) figure(ctx context.Context, ask Ask, beside bool) (ts.Figure, error) {
	if err := ask.check(); err != nil {
		return ts.Figure{}, err
	}
	total, err := d.total(ctx, ask.question(ask.Measure))
	if err != nil {
		return ts.Figure{}, err
	}
	f := d.blank(ask)
	f.Value, f.Internal = total.Members, total.Internal
	seen, err := d.observable(ctx, ask, total)
	if err != nil {
		return ts.Figure{}, err
	}
	if !seen {
		f.Bounds.Parts = []ts.FigurePart{d.unobservable(ask)}
		f.Sentence = d.mark(sentence(ask, f))
		return f, nil
	}
	if f.Groups, err = d.groups(ctx, ask); err != nil {
		return ts.Figure{}, err
	}
	if f.Bounds, err = d.bounds(ctx, ask, total, beside); err != nil {
		return ts.Figure{}, err
	}
	f.Sentence = d.mark(sentence(ask, f))
	return f, nil
}

// blank fills what is known before counting. Lists are never nil, so that JSON has [].
func (d *drafter) blank(ask Ask) ts.Figure {
	f := ts.Figure{
		Measure: ask.Measure.Name, Unit: string(ask.Measure.Unit),
		Window: ts.FigureWindowOf(ask.Window),
		By:     orEmpty(ask.By), On: orEmpty(ask.On), Verdict: ask.Verdict.String(),
		ByAS: ask.ByAS, OnAS: ask.OnAS, Sensor: ask.Sensor, Site: ask.Site, Family: ask.Family,
		GroupBy: words(ask.GroupBy), Groups: []ts.FigureGroup{},
		Recipe: d.evidence.Recipe, Checkpoint: d.evidence.Checkpoint,
	}
	r := &f.Recipe
	r.Sensors, r.Places = orEmpty(r.Sensors), orEmpty(r.Places)
	r.Rules, r.Excluded = orEmpty(r.Rules), orEmpty(r.Excluded)
	if ask.Sensor != "" {
		r.Sensors = []string{ask.Sensor}
	}
	return f
}

func (d *drafter) groups(ctx context.Context, ask Ask) ([]ts.FigureGroup, error) {
	list := []ts.FigureGroup{}
	if len(ask.GroupBy) == 0 {
		return list, nil
	}
	q := ask.question(ask.Measure)
	q.Group = ask.GroupBy
	for g, err := range d.engine.Count(ctx, q) {
		if err != nil {
			return nil, fmt.Errorf("%s by %s: %w", ask.Measure.Name, strings.Join(words(ask.GroupBy), ","), err)
		}
		list = append(list, ts.FigureGroup{Key: g.Key, Value: g.Members, Internal: g.Internal})
	}
	return list, nil
}

func words(dims []count.Dimension) []string {
	list := []string{}
	for _, dim := range dims {
		list = append(list, string(dim))
	}
	return list
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
