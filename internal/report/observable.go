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

// observable reports whether anybody could have seen victims where ask looks for them: rows
// of the class have a victim there, or a sensor stands there that sees such contacts and
// knew what to look for. What no detector looks for nobody could have seen, wherever.
func (d *drafter) observable(ctx context.Context, ask Ask, total count.Group) (bool, error) {
	if total.Members+total.Internal+total.Unknown > 0 {
		return true, nil
	}
	if !ask.Measure.Undetected && d.looked(ask.Measure.Class) && (ask.On == nil || d.stands(ask)) {
		return true, nil
	}
	victims := measure.Measure{
		Name: ask.Measure.Name, Unit: measure.Addresses, Class: ask.Measure.Class,
		Grades: measure.AnyGrade, Member: measure.Victim,
	}
	any := Ask{Window: ask.Window, On: ask.On, Verdict: ask.Verdict}
	g, err := d.total(ctx, any.question(victims))
	return !ask.Measure.Undetected && g.Members+g.Internal+g.Unknown > 0, err
}

// looked reports whether records were judged for the class: an attempt is told by alerts and
// by honeypots too, a contact with a sinkhole by the sinkhole; else a list must speak of it.
func (d *drafter) looked(class ts.Class) bool {
	return class == ts.Attempt || slices.Contains(d.evidence.Listed, class) ||
		class == ts.Control && slices.ContainsFunc(d.evidence.Sensors, func(s ts.Sensor) bool { return s.Role == ts.RoleSinkhole })
}

// stands reports whether a sensor stands where ask looks that would see such contacts.
func (d *drafter) stands(ask Ask) bool {
	return slices.ContainsFunc(d.evidence.Sensors, func(s ts.Sensor) bool {
		return slices.Contains(ask.On, s.Country) && sees(s.Role, &ask.Measure)
	})
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

// unobservable is the part that says why nothing can be said.
func (d *drafter) unobservable(ask Ask) ts.FigurePart {
	class, why := ask.Measure.Class, ""
	switch {
	case ask.Measure.Undetected:
		why = fmt.Sprintf("No detector looks for class %s", class)
	case !d.looked(class):
		why = fmt.Sprintf("No list that was used speaks of class %s", class)
	default:
		why = fmt.Sprintf("No sensor could have seen such contacts with victims placed in %s, and no row of class %s has a victim there",
			groupName(ask.On), class)
	}
	return ts.FigurePart{Name: PartUnobservable, Text: why + ": nothing can be said, not even 0."}
}
