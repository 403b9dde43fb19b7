package verify

import (
	"fmt"
	"slices"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
)

// question is which rows support a number, and by what they are told apart.
type question struct {
	measure    measure.Measure
	window     ts.Window
	by, on     []ts.Country // empty: any
	byAS, onAS uint32       // 0: any, as are the empty strings that follow
	sensor     string
	site       string
	family     string
	verdict    verdict
	groupBy    []string
}

// question returns what f counts, without its groups.
func (f *finding) question() (question, error) {
	q, err := newQuestion(f.Measure, f.Window, f.By, f.On, f.Verdict)
	q.byAS, q.onAS, q.sensor, q.site, q.family = f.ByAS, f.OnAS, f.Sensor, f.Site, f.Family
	if err == nil && !q.measure.HasBy && f.ByAS != 0 {
		err = fmt.Errorf("%s has no perpetrator end to ask for", f.Measure)
	}
	return q, err
}

func newQuestion(name string, w ts.FigureWindow, by, on []ts.Country, places string) (q question, err error) {
	if q.measure, err = measure.ByName(fmt.Sprintf("%.60s", name)); err != nil {
		return q, err
	}
	if q.window, err = readWindow(w); err != nil {
		return q, err
	}
	if q.verdict, err = parseVerdict(places); err != nil {
		return q, err
	}
	for _, c := range slices.Concat(by, on) {
		if known, err := ts.ParseCountry(string(c)); err != nil || known != c {
			return q, fmt.Errorf("country %.20q: want two capital letters", c)
		}
	}
	if !q.measure.HasBy && len(by) > 0 {
		return q, fmt.Errorf("%s has no perpetrator end to ask for", name)
	}
	q.by, q.on = by, on
	return q, nil
}

// readWindow reads a window whose number of days is that of its days.
func readWindow(w ts.FigureWindow) (ts.Window, error) {
	window, err := ts.ParseWindow(w.From, w.To)
	if err != nil {
		return window, fmt.Errorf("window from %.20q to %.20q: %w", w.From, w.To, err)
	}
	if ts.FigureWindowOf(window) != w {
		return window, fmt.Errorf("window from %.20q to %.20q has not %d days", w.From, w.To, w.Days)
	}
	return window, nil
}

// counts reports whether row supports the number asked for.
func (q *question) counts(row *ts.Row, f *facts) bool {
	return q.measure.Counts(row) && q.window.Contains(row.Day()) &&
		q.verdict.in(row.By, row.ByPlaces, q.by) && q.verdict.in(row.On, row.OnPlaces, q.on) &&
		(q.byAS == 0 || q.byAS == row.ByAS) && (q.onAS == 0 || q.onAS == row.OnAS) &&
		(q.sensor == "" || q.sensor == row.Sensor) && (q.site == "" || q.site == row.Site) &&
		(q.family == "" || q.family == row.Family) && !f.forbid(q, row)
}

// verdict says how several data sets place an end (doc/measures.md, Places).
type verdict string

const (
	first    verdict = "first" // the first-named data set
	lower    verdict = "L"     // two or more data sets answer, and all say so
	majority verdict = "P"     // more than half of those answering say so
	upper    verdict = "U"     // any data set says so
)

func parseVerdict(s string) (verdict, error) {
	switch v := verdict(s); v {
	case first, lower, majority, upper:
		return v, nil
	}
	return "", fmt.Errorf("verdict %.20q is none of first, L, P, U", s)
}

// in reports whether an end is placed in one of the countries; none is anywhere. country
// is by the first-named data set, places by all of them where they differ.
func (v verdict) in(country ts.Country, places string, countries []ts.Country) bool {
	switch {
	case len(countries) == 0:
		return true
	case v == first || places == "":
		return slices.Contains(countries, country)
	}
	answers, yes := 0, 0
	for _, place := range strings.Split(places, ";") {
		said, _, _ := strings.Cut(place, "/")
		if said != "" {
			answers++
			if slices.Contains(countries, ts.Country(said)) {
				yes++
			}
		}
	}
	switch v {
	case lower:
		return answers >= 2 && yes == answers
	case majority:
		return 2*yes > answers
	}
	return yes > 0
}
