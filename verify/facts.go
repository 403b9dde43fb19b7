package verify

import (
	"net/netip"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
)

// facts are what a row cannot know of itself, and only other rows of the window show:
// which addresses are resolvers, and which sites answer everything alike. Excluded rows
// show it too, so that an exclusion takes members out of a figure, and never puts any in.
type facts struct {
	windows map[ts.Window]*windowFacts
}

type windowFacts struct {
	asked    map[resolver]bool
	listed   map[string]map[string]bool // paths that a site answered, as lists have them; at most CatchAllPaths
	catchAll map[string]bool
}

// resolver is an address that look-ups went to: at the sensor that saw it, and, as a
// public one, at every sensor.
type resolver struct {
	addr   netip.Addr
	sensor string // "" where public
}

// newFacts makes facts for the windows that questions with cross-row rules ask about.
func newFacts(list []*counter) *facts {
	f := &facts{map[ts.Window]*windowFacts{}}
	for _, c := range list {
		if (c.measure.Resolvers || c.measure.CatchAll) && f.windows[c.window] == nil {
			f.windows[c.window] = &windowFacts{map[resolver]bool{}, map[string]map[string]bool{}, map[string]bool{}}
		}
	}
	return f
}

// learn takes what row shows of others.
func (f *facts) learn(row *ts.Row) {
	asks := row.Grade == ts.LookedUp && row.Via.IsValid()
	answers := row.Class == ts.Backdoor && row.Grade == ts.Established && row.Site != "" && row.Indicator != ""
	if !asks && !answers {
		return
	}
	for window, w := range f.windows {
		if !window.Contains(row.Day()) {
			continue
		}
		if asks {
			w.asked[resolver{row.Via, ""}] = true
			w.asked[resolver{row.Via, row.Sensor}] = true
		}
		if answers {
			w.answered(row.Site, row.Indicator)
		}
	}
}

func (w *windowFacts) answered(site, indicator string) {
	if w.catchAll[site] {
		return
	}
	if w.listed[site] == nil {
		w.listed[site] = map[string]bool{}
	}
	w.listed[site][indicator] = true
	if len(w.listed[site]) >= measure.CatchAllPaths {
		w.catchAll[site] = true
		delete(w.listed, site)
	}
}

// forbid reports whether other rows take this one out of the answer.
func (f *facts) forbid(q *question, row *ts.Row) bool {
	if q.measure.Resolvers && row.Grade == ts.LookedUp && row.Victim.IsValid() {
		client := resolver{addr: row.Victim}
		if row.Flags.Has(ts.FlagVictimInternal) {
			client.sensor = row.Sensor
		}
		if f.windows[q.window].asked[client] {
			return true
		}
	}
	return q.measure.CatchAll && row.Site != "" && f.windows[q.window].catchAll[row.Site]
}
