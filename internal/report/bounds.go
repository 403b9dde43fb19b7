package report

import (
	"context"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/place"
)

// bounds counts what makes the figure uncertain and, where beside is set, what was left out
// of it. Only the places move Low and High: they are the sole doubt that can move a member
// into the figure or out of it. The other parts are named and left to the reader.
func (d *drafter) bounds(ctx context.Context, ask Ask, total count.Group, beside bool) (ts.FigureBounds, error) {
	b := ts.FigureBounds{Low: total.Members, High: total.Members, Parts: []ts.FigurePart{}}
	list := inside(&ask.Measure)
	if beside {
		list = append(list, weaker(&ask.Measure)...)
		list = append(list, unplaced(&ask)...)
	}
	for _, p := range list {
		if err := d.addPart(ctx, &b, ask, total, p); err != nil {
			return b, err
		}
	}
	if beside {
		if err := d.addLeftOut(ctx, &b, ask); err != nil {
			return b, err
		}
	}
	if err := d.addSessions(ctx, &b, ask, total); err != nil {
		return b, err
	}
	b.Parts = append(b.Parts, ts.FigurePart{Name: "unknown", Value: total.Unknown,
		Text: noun(total.Unknown, "row", "rows") + " that would count, if the " + ask.Measure.Unit.Noun(1) + " were known. Not in the figure."})
	return b, d.addVerdicts(ctx, &b, ask)
}

// addPart counts one part.
func (d *drafter) addPart(ctx context.Context, b *ts.FigureBounds, ask Ask, total count.Group, p part) error {
	if p.anyBy {
		ask.By, ask.ByAS = nil, 0
	}
	switch nowhere := []ts.Country{ts.Unknown}; p.unplaced {
	case perpEnd:
		ask.By = nowhere
	case victimEnd:
		ask.On = nowhere
	}
	if p.anyWindow {
		ask.Window = ts.Window{}
	}
	g, err := d.total(ctx, ask.question(p.measure))
	if err != nil {
		return err
	}
	switch {
	case p.rest:
		g.Members, g.Internal = less(total.Members, g.Members), less(total.Internal, g.Internal)
	case p.more:
		g.Members, g.Internal = less(g.Members, total.Members), less(g.Internal, total.Internal)
	}
	b.Parts = append(b.Parts, ts.FigurePart{Name: p.name, Value: g.Members, Internal: g.Internal,
		Text: p.measure.Unit.Noun(g.Members) + " " + p.text})
	return nil
}

// noun is the word for n of what has no measure.Unit.
func noun(n uint64, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// less is a-b, and 0 where an engine that is wrong would make it wrap.
func less(a, b uint64) uint64 { return a - min(a, b) }

// addLeftOut counts the excluded roles one by one. Most ledgers have none of a class, which
// one question shows.
func (d *drafter) addLeftOut(ctx context.Context, b *ts.FigureBounds, ask Ask) error {
	list := leftOut(&ask.Measure)
	if len(list) == 0 {
		return nil
	}
	probe := ask
	probe.By, probe.ByAS = nil, 0
	g, err := d.total(ctx, probe.question(anyOf(list)))
	if err != nil {
		return err
	}
	for _, p := range list {
		if g.Members+g.Internal+g.Unknown == 0 {
			b.Parts = append(b.Parts, ts.FigurePart{Name: p.name, Text: p.measure.Unit.Noun(0) + " " + p.text})
		} else if err := d.addPart(ctx, b, ask, g, p); err != nil {
			return err
		}
	}
	return nil
}

// addVerdicts counts the figure under each verdict on places where data sets could disagree
// about it (CAIDA Geocompare 2011; doc/measures.md). What L holds P holds, and what P holds U
// holds: where L and U are of one size, so is P, and is not asked.
func (d *drafter) addVerdicts(ctx context.Context, b *ts.FigureBounds, ask Ask) error {
	if d.placeNames() < 2 || ask.By == nil && ask.On == nil {
		return nil
	}
	under := func(v place.Verdict) (count.Group, error) {
		ask.Verdict = v
		return d.total(ctx, ask.question(ask.Measure))
	}
	lower, err := under(place.L)
	if err != nil {
		return err
	}
	upper, err := under(place.U)
	if err != nil {
		return err
	}
	most := upper
	if lower.Members != upper.Members || lower.Internal != upper.Internal {
		if most, err = under(place.P); err != nil {
			return err
		}
	}
	b.Low, b.High = min(b.Low, lower.Members), max(b.High, upper.Members)
	b.Parts = append(b.Parts,
		placePart(ask, "places-all", lower, "where at least two data sets answer and all of them agree with this placing."),
		placePart(ask, "places-most", most, "where more than half of the answering data sets agree with this placing."),
		placePart(ask, "places-any", upper, "where any data set agrees with this placing."))
	return nil
}

func placePart(ask Ask, name string, g count.Group, text string) ts.FigurePart {
	return ts.FigurePart{Name: name, Value: g.Members, Internal: g.Internal, Text: ask.Measure.Unit.Noun(g.Members) + " " + text}
}

// placeNames is the number of data sets of places, whatever their editions.
func (d *drafter) placeNames() int {
	names := map[string]bool{}
	for _, p := range d.evidence.Places {
		names[p.Name] = true
	}
	return len(names)
}
