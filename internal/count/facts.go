package count

import (
	"context"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/segment"
)

// facts are what a row cannot know of itself: other rows of the window show it, whatever
// their pair and flags, and whether they are excluded or not.
type facts struct {
	asked    map[knownAddr]bool // resolvers; each at its sensor, and wherever it was seen
	catchAll map[string]bool    // sites that answer everything alike
}

// learn reads the facts that the measure of q needs from the rows of its window.
func (s *Scan) learn(ctx context.Context, q *query) error {
	if q.Measure.Resolvers {
		asked, err := s.learnAsked(ctx, q)
		if err != nil {
			return err
		}
		q.facts.asked = asked
	}
	if q.Measure.CatchAll {
		sites, err := s.learnCatchAll(ctx, q)
		if err != nil {
			return err
		}
		q.facts.catchAll = sites
	}
	return nil
}

// look returns a query over every row of q's window that keeps the rules.
func (q *query) look(rules ...rule) *query {
	plain := newQuery(&Source{}, Question{Window: q.Window})
	plain.rules = append(rules, q.dayRule())
	return plain
}

// askedSink gathers the addresses that look-ups went to.
type askedSink map[knownAddr]bool

func (s askedSink) visit(v *view, rows []int32) error {
	vias, sensors := v.vias(), v.index(segment.Sensor)
	names := v.dictionary(segment.Sensor).Texts
	if v.err != nil {
		return v.err
	}
	var last knownAddr
	for _, i := range rows {
		k := knownAddr{vias.row(i), true, names[sensors.At(int(i))]}
		if k.halves != (halves{}) && k != last {
			s[k], s[knownAddr{halves: k.halves}] = true, true
			last = k
		}
	}
	return nil
}

func (s askedSink) ended() {}

func (s *Scan) learnAsked(ctx context.Context, q *query) (map[knownAddr]bool, error) {
	sinks, err := scan(ctx, s, q.look(gradeRule(measure.GradesOf(ts.LookedUp))), func() askedSink { return askedSink{} })
	all := make(map[knownAddr]bool)
	for _, sink := range sinks {
		for k := range sink {
			all[k] = true
		}
	}
	return all, err
}

// pathSink gathers up to CatchAllPaths listed paths, which are indicators, of each site.
type pathSink map[string][]string

func (s pathSink) visit(v *view, rows []int32) error {
	sites, listed := v.index(segment.Site), v.index(segment.Indicator)
	siteTexts, listedTexts := v.dictionary(segment.Site).Texts, v.dictionary(segment.Indicator).Texts
	if v.err != nil {
		return v.err
	}
	last := [2]int32{-1, -1}
	for _, i := range rows {
		at := [2]int32{sites.At(int(i)), listed.At(int(i))}
		if at != last {
			s.add(siteTexts[at[0]], listedTexts[at[1]])
			last = at
		}
	}
	return nil
}

func (s pathSink) add(site, path string) {
	known := s[site]
	if site == "" || path == "" || len(known) >= measure.CatchAllPaths || slices.Contains(known, path) {
		return
	}
	s[site] = append(known, path)
}

func (s pathSink) ended() {}

func (s *Scan) learnCatchAll(ctx context.Context, q *query) (map[string]bool, error) {
	look := q.look(classRule(ts.Backdoor), gradeRule(measure.GradesOf(ts.Established)))
	sinks, err := scan(ctx, s, look, func() pathSink { return pathSink{} })
	all := pathSink{}
	for _, sink := range sinks {
		for site, paths := range sink {
			for _, path := range paths {
				all.add(site, path)
			}
		}
	}
	catchAll := make(map[string]bool)
	for site, paths := range all {
		if len(paths) >= measure.CatchAllPaths {
			catchAll[site] = true
		}
	}
	return catchAll, err
}
