package bundle

import (
	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// reach is what a rule, or a statement by it, may be a try at: figures that overlap in what
// they count, in days and in countries, whatever their publisher calls them.
type reach struct {
	measure string
	member  ts.MemberKind
	classes uint64 // a bit for each
	grades  uint64
	window  ts.Window
	by, on  countries
}

// countries is a set of codes of two capitals.
type countries [(26*26 + 63) / 64]uint64

func countriesOf(group []ts.Country) (set countries) {
	if len(group) == 0 { // any
		for i := range set {
			set[i] = ^uint64(0)
		}
	}
	for _, c := range group {
		n := int(c[0]-'A')*26 + int(c[1]-'A')
		set[n/64] |= 1 << (n % 64)
	}
	return set
}

func (a *countries) meets(b *countries) bool {
	for i := range a {
		if a[i]&b[i] != 0 {
			return true
		}
	}
	return false
}

func reachOf(r *proof.Rule) reach {
	all := reach{measure: r.Measure, member: r.Member, window: r.Window, by: countriesOf(r.By), on: countriesOf(r.On)}
	for _, c := range r.Classes {
		all.classes |= 1 << c
	}
	for _, g := range r.Grades {
		all.grades |= 1 << g
	}
	return all
}

// meets reports whether two may be tries at one figure: of one measure, or of members of
// one kind from rows of one class and grade, on days and countries that they share.
func (a *reach) meets(b *reach) bool {
	return (a.measure == b.measure || a.member == b.member && a.classes&b.classes != 0 && a.grades&b.grades != 0) &&
		a.window.From < b.window.To && b.window.From < a.window.To && a.by.meets(&b.by) && a.on.meets(&b.on)
}

// number gives every round its place among the attempts at its figure: behind the earlier
// statements of its measure, days and countries, or of what it meets, and the statement's own
// rounds before it. The rounds of other statements do not count: any passer-by can ask for them.
func (l *history) number() {
	for at, f := range l.figures {
		met := uint64(1)
		for _, earlier := range l.figures[:at] {
			if f.bound == nil && earlier.bound == nil && f.reach.meets(&earlier.reach) {
				met++
			}
		}
		for i := range f.rounds {
			f.rounds[i].attempt, f.rounds[i].among = f.attempt+uint64(i), met+uint64(i)
		}
	}
}

// rivals counts the other rules of the ledger that may be tries at the figure.
func (f *figure) rivals() (n int) {
	for i := range f.ledger.reaches {
		if f.reach.meets(&f.ledger.reaches[i]) {
			n++
		}
	}
	return n - 1 // its own
}
