package bundle

import (
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// TestMeets: what a publisher may change of a rule, and count the same members again.
func TestMeets(t *testing.T) {
	base := func() proof.Rule {
		r := hostsRule(t)
		r.Scope = proof.Scope{Window: ts.Window{From: 100, To: 110}, By: []ts.Country{"US"}, On: []ts.Country{"CN", "HK"}}
		return r
	}
	for name, c := range map[string]struct {
		change func(*proof.Rule)
		want   bool
	}{
		"itself":                 {func(r *proof.Rule) {}, true},
		"another name":           {func(r *proof.Rule) { r.Measure = "x" }, true},
		"another seal":           {func(r *proof.Rule) { r.Seal++ }, true},
		"a day more":             {func(r *proof.Rule) { r.Window.To++ }, true},
		"a day in common":        {func(r *proof.Rule) { r.Window.From, r.Window.To = 109, 120 }, true},
		"the days behind":        {func(r *proof.Rule) { r.Window.From, r.Window.To = 110, 120 }, false},
		"the days before":        {func(r *proof.Rule) { r.Window.From, r.Window.To = 90, 100 }, false},
		"a country more":         {func(r *proof.Rule) { r.On = []ts.Country{"AQ", "CN"} }, true},
		"any country":            {func(r *proof.Rule) { r.By = nil }, true},
		"the last country":       {func(r *proof.Rule) { r.On = []ts.Country{"ZZ"} }, false},
		"another perpetrator":    {func(r *proof.Rule) { r.By = []ts.Country{"UR"} }, false},
		"a class more":           {func(r *proof.Rule) { r.Measure, r.Classes = "x", []ts.Class{ts.Control, ts.Backdoor} }, true},
		"another class":          {func(r *proof.Rule) { r.Measure, r.Classes = "x", []ts.Class{ts.Backdoor} }, false},
		"another class, by name": {func(r *proof.Rule) { r.Classes = []ts.Class{ts.Backdoor} }, true},
		"another grade":          {func(r *proof.Rule) { r.Measure, r.Grades = "x", []ts.Grade{ts.Attempted} }, false},
		"other members":          {func(r *proof.Rule) { r.Measure, r.Member = "x", ts.MemberPerp }, false},
	} {
		one, other := base(), base()
		c.change(&other)
		a, b := reachOf(&one), reachOf(&other)
		if a.meets(&b) != c.want || b.meets(&a) != c.want {
			t.Errorf("%s: %v and %v, want %v", name, a.meets(&b), b.meets(&a), c.want)
		}
	}
}

// TestNumber: rounds are counted on from earlier statements: of the same figure, and of those that
// it meets; what others ask of those makes no difference.
func TestNumber(t *testing.T) {
	figureOf := func(on ts.Country, more ...ts.Country) *figure {
		f := &figure{rule: hostsRule(t), rounds: make([]round, 2)}
		f.rule.Scope = proof.Scope{Window: ts.Window{From: 100, To: 110}, On: append([]ts.Country{on}, more...)}
		f.attempt, f.reach = 1, reachOf(&f.rule)
		return f
	}
	l := &history{figures: []*figure{figureOf("CN"), figureOf("FR"), figureOf("AQ", "CN"), figureOf("CN")}}
	l.figures[0].rounds = make([]round, proof.MaxRounds)
	l.figures[3].attempt = 2
	l.number()
	for i, want := range [][2]uint64{{1, 1}, {1, 1}, {1, 2}, {2, 3}} {
		r := l.figures[i].rounds
		if got := [2]uint64{r[0].attempt, r[0].among}; got != want || r[1].attempt != want[0]+1 || r[1].among != want[1]+1 {
			t.Errorf("statement %d: %v, and %+v; want %v and one more", i, got, r[1], want)
		}
	}
}
