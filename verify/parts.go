package verify

import (
	"fmt"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/wording"
)

// beside is a part that a figure must have in its bounds, and the question it answers.
type beside struct {
	name string
	ask  question
	how  how
}

// how the number of a part comes from the answer.
type how uint8

const (
	plain    how = iota
	rest         // what the answer leaves of the figure
	more         // what the answer has beyond the figure
	rows         // the figure's own rows whose member is not known
	records      // the figure's own records
	sessions     // the sessions behind the figure's own rows
)

// flags are the marks of doc/formats/figure.md that take contacts out of figures, in order.
var flags = [...]struct {
	name string
	flag ts.Flags
}{
	{"sinkhole", ts.FlagSinkhole}, {"scanner", ts.FlagScanner}, {"parked", ts.FlagParked}, {"egress", ts.FlagEgress},
	{"shared", ts.FlagShared}, {"vetoed", ts.FlagVetoed}, {"resolver", ts.FlagResolver}, {"unverified", ts.FlagUnverified},
}

func flagNamed(name string) (ts.Flags, error) {
	for _, f := range flags {
		if f.name == name {
			return f.flag, nil
		}
	}
	if name == "nowhere" {
		return ts.FlagNowhere, nil
	}
	return 0, fmt.Errorf("mark %.30q is not known", name)
}

// partsOf lists the parts of a figure that asks q, in their order (doc/formats/figure.md).
func partsOf(q question, all bool, places int) []beside {
	list := rests(q)
	if all {
		list = append(list, weaker(q)...)
		list = append(list, unplaced(q)...)
		list = append(list, leftOut(q)...)
	}
	if hasSessions(&q.measure) {
		list = append(list, beside{"requests", q, records}, beside{"sessions", q, sessions})
	}
	list = append(list, beside{"unknown", q, rows})
	if places >= 2 && len(q.by)+len(q.on) > 0 {
		for _, v := range []struct {
			name string
			verdict
		}{{"places-all", lower}, {"places-most", majority}, {"places-any", upper}} {
			under := q
			under.verdict = v.verdict
			list = append(list, beside{v.name, under, plain})
		}
	}
	return list
}

// rests are the parts that say what a figure rests on.
func rests(q question) []beside {
	dated, clock, declared := q, q, q
	dated.measure.Without |= ts.FlagUndated
	clock.measure.Bearing, clock.window = ts.FlagClock, ts.Window{}
	declared.measure.Bearing = ts.FlagVictimDeclared
	return []beside{{"undated", dated, rest}, {"clock", clock, plain}, {"declared", declared, plain}}
}

// weaker are contacts that got less far than the measure demands, and what other rows
// speak against.
func weaker(q question) []beside {
	var list []beside
	if !q.measure.Grades.Has(ts.Attempted) {
		attempted := q
		attempted.measure.Grades = measure.GradesOf(ts.Attempted)
		list = append(list, beside{"attempted", attempted, plain})
	}
	if looksUp(&q.measure) {
		list = append(list, beside{"looked-up", lookedUp(q), plain})
	}
	if q.measure.CatchAll {
		every := q
		every.measure.CatchAll = false
		list = append(list, beside{"catch-all", every, more})
	}
	if q.measure.Resolvers {
		every := q
		every.measure.Resolvers = false
		list = append(list, beside{"behind-resolver", every, more})
	}
	return list
}

// looksUp reports whether look-ups can stand beside the measure, and are not in it.
func looksUp(m *measure.Measure) bool {
	return (m.Class == ts.Control || m.Class == ts.Spyware) && !m.Grades.Has(ts.LookedUp)
}

// lookedUp asks q of look-ups, whoever serves the name: names stand in for servers.
func lookedUp(q question) question {
	q.by, q.byAS = nil, 0
	q.measure.Grades = measure.GradesOf(ts.LookedUp)
	if q.measure.Member == measure.Perp {
		q.measure.Member = measure.Name
	} else {
		q.measure.Resolvers = true
	}
	return q
}

// unplaced are the members whose end nobody places, on a side that q names.
func unplaced(q question) []beside {
	var list []beside
	nowhere := []ts.Country{ts.Unknown}
	if len(q.by) > 0 {
		by := q
		by.by = nowhere
		list = append(list, beside{"by-unknown", by, plain})
	}
	if len(q.on) > 0 {
		on := q
		on.on = nowhere
		list = append(list, beside{"on-unknown", on, plain})
	}
	return list
}

// leftOut are the members in contacts of any grade that bear a mark the measure excludes,
// whatever the perpetrator's country and the other marks.
func leftOut(q question) []beside {
	var list []beside
	var every ts.Flags
	for _, f := range flags {
		every |= f.flag
	}
	for _, f := range flags {
		if q.measure.Without.Has(f.flag) {
			marked := q
			marked.by, marked.byAS = nil, 0
			marked.measure.Grades, marked.measure.Bearing = measure.AnyGrade, f.flag
			marked.measure.Without &^= every
			list = append(list, beside{f.name, marked, plain})
		}
	}
	if looksUp(&q.measure) {
		nowhere := lookedUp(q)
		nowhere.measure.Bearing = ts.FlagNowhere
		list = append(list, beside{"nowhere", nowhere, plain})
	}
	return list
}

// bounds plans the parts of a figure, and its bounds.
func (p *plan) bounds(f *finding, what string, q question, all bool) {
	list := partsOf(q, all, p.sources.places)
	counters := make([]*counter, len(list))
	for i, x := range list {
		counters[i] = p.ask(x.ask)
		if x.how == sessions && counters[i].visits == nil {
			counters[i].visits = &visits{numbers: map[string]uint32{}}
		}
	}
	total := p.ask(q)
	p.later(func(r *Result, all *census) {
		line := fmt.Sprintf("%s: bounds and %s, recounted", what, wording.Plural(uint64(len(f.Bounds.Parts)), "part", "parts"))
		found := make([]part, len(list))
		for i, x := range list {
			c := x.how.of(total.answer(all), counters[i].answer(all))
			found[i] = part{Name: x.name, Value: c.Value, Internal: c.Internal}
			if x.how == records && p.sources.mixed && i < len(f.Bounds.Parts) {
				found[i].Value = min(found[i].Value, f.Bounds.Parts[i].Value) // see unchecked
			}
		}
		status, why := f.Bounds.compare(found, total.answer(all).total.Value)
		r.add(status, line, "%s", why)
	})
}

// compare compares bounds with the parts that rows support, of a figure of so many.
func (b *bounds) compare(found []part, value uint64) (Status, string) {
	low, high := value, value
	for i, want := range found {
		if i >= len(b.Parts) {
			return False, fmt.Sprintf("part %s is missing", want.Name)
		}
		got := b.Parts[i]
		if got.Text = ""; got != want {
			return False, fmt.Sprintf("part %.40q of %d and %d internal; rows support %s of %d and %d",
				got.Name, got.Value, got.Internal, want.Name, want.Value, want.Internal)
		}
		switch want.Name {
		case "places-all":
			low = min(low, want.Value)
		case "places-any":
			high = max(high, want.Value)
		}
	}
	switch {
	case len(b.Parts) > len(found):
		return NotChecked, fmt.Sprintf("part %.40q is not known", b.Parts[len(found)].Name)
	case b.Low != low || b.High != high:
		return False, fmt.Sprintf("%d to %d; rows support %d to %d", b.Low, b.High, low, high)
	}
	return True, ""
}

// of returns the number of a part from the figure and the answer to the part's question.
func (h how) of(figure, answer *answer) cell {
	switch h {
	case rest:
		return cell{figure.total.Value - answer.total.Value, figure.total.Internal - answer.total.Internal}
	case more:
		return cell{answer.total.Value - figure.total.Value, answer.total.Internal - figure.total.Internal}
	case rows:
		return cell{Value: figure.unknown}
	case records:
		return cell{Value: figure.records}
	case sessions:
		return cell{Value: figure.sessions}
	}
	return answer.total
}
