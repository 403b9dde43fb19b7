package verify

import (
	"errors"
	"fmt"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/wording"
)

// about says in a line what a number is a count of.
func about(name string, by, on []ts.Country) string {
	return fmt.Sprintf("%.60s by %s on %s", name, orAny(by), orAny(on))
}

func orAny(countries []ts.Country) string {
	if len(countries) == 0 {
		return "any"
	}
	return join(countries)
}

// join writes a group of countries as on the command line.
func join(countries []ts.Country) string {
	list := make([]string, len(countries))
	for i, c := range countries {
		list[i] = string(c)
	}
	return strings.Join(list, "+")
}

// about names the figure with everything that narrows it.
func (f *finding) about() string {
	text := about(f.Measure, f.By, f.On)
	for _, x := range []struct{ word, value string }{
		{"by AS", known(f.ByAS)}, {"on AS", known(f.OnAS)}, {"sensor ", f.Sensor}, {"site ", f.Site}, {"family ", f.Family},
	} {
		if x.value != "" {
			text += fmt.Sprintf(", %s%.60s", x.word, x.value)
		}
	}
	if f.Verdict != string(first) {
		text += fmt.Sprintf(", verdict %.20s", f.Verdict)
	}
	return text
}

// figure plans a figure, its groups and its bounds. beside says that the parts that stand
// beside the figure are to be there.
func (p *plan) figure(f *finding, prefix string, beside bool) {
	what := prefix + f.about()
	q, err := f.question()
	if err == nil {
		err = checkDimensions(&q.measure, f.GroupBy)
	}
	switch {
	case err != nil:
		p.notChecked(what, err)
	case f.Observable == nil:
		p.notChecked(what, errors.New("it is not said whether it is observable"))
	case !*f.Observable:
		p.unobservable(f, what, q)
	default:
		p.observed(f, what, q, beside)
	}
}

func (p *plan) observed(f *finding, what string, q question, beside bool) {
	total := p.ask(q)
	p.later(func(r *Result, all *census) {
		if f.Value == nil || f.Internal == nil {
			r.add(False, what, "it is observable, and has no number")
			return
		}
		claimed, found := cell{*f.Value, *f.Internal}, total.answer(all).total
		r.check(claimed == found && f.Unit == string(q.measure.Unit),
			fmt.Sprintf("%s: %d public and %d internal, recounted", what, claimed.Value, claimed.Internal),
			"rows support %d public and %d internal, of unit %s", found.Value, found.Internal, q.measure.Unit)
	})
	p.groups(f, what, q)
	p.bounds(f, what, q, beside)
}

// groups plans the groups of a figure, which are all there are.
func (p *plan) groups(f *finding, what string, q question) {
	if len(f.GroupBy) == 0 {
		if len(f.Groups) > 0 {
			p.notChecked(what, errors.New("groups of nothing"))
		}
		return
	}
	q.groupBy = f.GroupBy
	c := p.ask(q)
	p.later(func(r *Result, all *census) {
		found := c.answer(all).groups
		line := fmt.Sprintf("%s by %s: %s, all recounted", what, strings.Join(f.GroupBy, ","), wording.Plural(uint64(len(f.Groups)), "group", "groups"))
		for i := range max(len(f.Groups), len(found)) {
			if i >= len(f.Groups) || i >= len(found) || !f.Groups[i].equal(&found[i]) {
				r.add(False, line, "group %d is %s, rows support %s", i+1, at(f.Groups, i), at(found, i))
				return
			}
		}
		r.add(True, line, "")
	})
}

// unobservable plans a figure that claims nothing: rows must not gainsay it.
func (p *plan) unobservable(f *finding, what string, q question) {
	what += ": not observable"
	total := p.ask(q)
	seen := question{window: q.window, on: q.on, verdict: q.verdict, measure: q.measure.Sight()}
	sight := p.ask(seen)
	p.later(func(r *Result, all *census) {
		bare := f.Value == nil && f.Internal == nil && len(f.Groups) == 0 && f.Bounds.Low == 0 && f.Bounds.High == 0 &&
			len(f.Bounds.Parts) == 1 && f.Bounds.Parts[0].bare("not-observable")
		if !bare {
			r.add(False, what, "numbers stand beside it")
			return
		}
		a, v := total.answer(all), sight.answer(all)
		r.check(a.total == cell{} && v.total == cell{}, what,
			"contacts of class %s there support %d public and %d internal members, in this figure or beside it", q.measure.Class, v.total.Value, v.total.Internal)
	})
}

func (x *part) bare(name string) bool { return x.Name == name && x.Value == 0 && x.Internal == 0 }
