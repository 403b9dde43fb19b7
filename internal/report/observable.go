package report

import (
	"context"
	"fmt"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/measure"
)

// PartUnobservable names the only part of a figure that nobody could have seen.
const PartUnobservable = "not-observable"

// Observable reports whether a number may be printed for f. Where it may not, f says "not
// observable from here", and its Value of 0 means nothing.
func Observable(f *ts.Figure) bool {
	return len(f.Bounds.Parts) != 1 || f.Bounds.Parts[0].Name != PartUnobservable
}

// observable reports whether anybody could have seen victims where ask looks for them: a
// sensor stands there that sees such contacts, or rows of the class have a victim there.
// What no detector looks for nobody could have seen, wherever.
func (d *drafter) observable(ctx context.Context, ask Ask, total count.Group) (bool, error) {
	if total.Members+total.Internal+total.Unknown > 0 {
		return true, nil
	}
	if ask.On == nil || ask.Measure.Undetected {
		return !ask.Measure.Undetected, nil
	}
	for _, s := range d.evidence.Sensors {
		if slices.Contains(ask.On, s.Country) && sees(s.Role, &ask.Measure) {
			return true, nil
		}
	}
	victims := measure.Measure{
		Name: ask.Measure.Name, Unit: measure.Addresses, Class: ask.Measure.Class,
		Grades: measure.AnyGrade, Member: measure.Victim,
	}
	any := Ask{Window: ask.Window, On: ask.On, Verdict: ask.Verdict}
	g, err := d.total(ctx, any.question(victims))
	return g.Members+g.Internal+g.Unknown > 0, err
}

// sees reports whether a sensor of the role would see victims of m in its own country. A
// sinkhole sees victims anywhere, so where it stands says nothing; its rows do.
func sees(role ts.Role, m *measure.Measure) bool {
	switch role {
	case ts.RoleHoneypot:
		return m.Class == ts.Attempt
	case ts.RoleWebserver:
		return m.Class == ts.Backdoor || m.Class == ts.Attempt
	case ts.RoleResolver:
		return m.Class.PerpResponds() && m.Grades.Has(ts.LookedUp)
	case ts.RoleSinkhole:
		return false
	default:
		return true
	}
}

func unobservable(ask Ask) ts.FigurePart {
	if ask.Measure.Undetected {
		return ts.FigurePart{Name: PartUnobservable, Text: fmt.Sprintf(
			"No detector looks for class %s: nothing can be said, not even 0.", ask.Measure.Class)}
	}
	return ts.FigurePart{Name: PartUnobservable, Text: fmt.Sprintf(
		"No sensor could have seen such contacts with victims placed in %s, and no row of class %s has a victim there: nothing can be said, not even 0.",
		groupName(ask.On), ask.Measure.Class)}
}
