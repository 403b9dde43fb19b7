package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/report"
	"github.com/tallystick/tallystick/internal/wording"
)

// checkAsk refuses what the ledger knows nothing of, where a 0 would say that nothing
// happened, and warns of a window without rows.
func (r *reading) checkAsk(s streams, ask report.Ask) error {
	if _, ok := r.view.Sensors[ask.Sensor]; ask.Sensor != "" && !ok {
		known := slices.Sorted(maps.Keys(r.view.Sensors))
		return usage(fmt.Errorf("--sensor %q is none of this ledger's: %s", ask.Sensor, strings.Join(known, ", ")))
	}
	r.checkWindow(s, ask.Window)
	return nil
}

// checkWindow warns where the ledger has rows, but none of the window.
func (r *reading) checkWindow(s streams, w ts.Window) {
	var first, last ts.Day
	rows := false
	for b := range r.view.Live() {
		for _, seg := range b.Segments {
			m := &seg.Manifest
			if w.All() || m.First < w.To && w.From <= m.Last {
				return
			}
			if first, last = min(first, m.First), max(last, m.Last); !rows {
				first, last, rows = m.First, m.Last, true
			}
		}
	}
	if rows {
		fmt.Fprintf(s.errs, "no row is of these days, the ledger's are of %s to %s: a 0 may only say that nothing was recorded\n", first, last)
	}
}

// tellNothing says of a figure of nothing whether the ledger knows the family asked for.
func (r *reading) tellNothing(ctx context.Context, s streams, ask report.Ask, f ts.Figure) error {
	if ask.Family == "" || f.Value+f.Internal > 0 {
		return nil
	}
	var known []string
	for g, err := range r.scan.Count(ctx, count.Question{Measure: ask.Measure, Group: []count.Dimension{count.Family}}) {
		switch {
		case err != nil:
			return err
		case g.Key[0] == ask.Family:
			return nil
		case g.Key[0] != "":
			known = append(known, g.Key[0])
		}
	}
	text := "none has a family"
	if len(known) > 0 {
		text = "there are " + firstOf(known)
	}
	fmt.Fprintf(s.errs, "no row of %s has the family %q; %s\n", ask.Measure.Name, wording.Printable(ask.Family), wording.Printable(text))
	return nil
}

// mostNamed bounds a list of names for people.
const mostNamed = 10

// firstOf joins the first names of a list.
func firstOf(names []string) string {
	if len(names) > mostNamed {
		return strings.Join(names[:mostNamed], ", ") + " …"
	}
	return strings.Join(names, ", ")
}
