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
// show that somebody did (measure.Sight), or records of these days that can show such contacts
// were read, of a sensor that stands there, and it was known what to look for. What no
// detector looks for nobody could have seen, wherever.
func (d *drafter) observable(ctx context.Context, ask Ask, total count.Group) (bool, error) {
	reads := d.reads(ask)
	if total.Members+total.Internal > 0 || reads && total.Unknown > 0 {
		return true, nil
	}
	if !ask.Measure.Undetected && d.looked(ask.Measure.Class) && reads && (ask.On == nil || d.stands(ask)) {
		return true, nil
	}
	sight := Ask{Window: ask.Window, On: ask.On, Verdict: ask.Verdict}
	g, err := d.total(ctx, sight.question(ask.Measure.Sight()))
	return !ask.Measure.Undetected && g.Members+g.Internal > 0, err
}

// looked reports whether records were judged for the class: an attempt is told by alerts and
// by honeypots too, a contact with a sinkhole by the sinkhole; else a list must speak of it.
func (d *drafter) looked(class ts.Class) bool {
	return class == ts.Attempt || slices.Contains(d.evidence.Listed, class) ||
		class == ts.Control && slices.ContainsFunc(d.evidence.Sensors, func(s ts.Sensor) bool { return s.Role == ts.RoleSinkhole })
}

// reads reports whether an input has records of these days, and can hold such contacts.
func (d *drafter) reads(ask Ask) bool {
	return slices.ContainsFunc(d.evidence.Inputs, func(in Input) bool {
		return (ask.Sensor == "" || ask.Sensor == in.Sensor) && in.shows(&ask)
	})
}

// stands reports whether a sensor stands where ask looks that would see such contacts, and
// recorded these days.
func (d *drafter) stands(ask Ask) bool {
	return slices.ContainsFunc(d.evidence.Sensors, func(s ts.Sensor) bool {
		ask.Sensor = s.Name
		return slices.Contains(ask.On, s.Country) && sees(s.Role, &ask.Measure) && d.reads(ask)
	})
}

// shows reports whether the input has records, perhaps of these days, that can show a
// member of the measure.
func (in *Input) shows(ask *Ask) bool {
	w := ask.Window
	if in.Tally.Observed == 0 || !w.All() && !in.Days.All() && (in.Days.To <= w.From || w.To <= in.Days.From) {
		return false
	}
	return slices.ContainsFunc(in.Shows, func(r ts.Record) bool { return shows(r, &ask.Measure) })
}

// shows reports whether records of a kind can show a member of m: a connection shows
// neither names nor paths, a look-up reaches no server, and what somebody reports are
// contacts with sinkholes, and attempts.
func shows(r ts.Record, m *measure.Measure) bool {
	named := m.Member == measure.Name || m.Member == measure.Contact
	switch {
	case m.Class == ts.Attempt:
		return r != ts.RecordDNS
	case m.Class == ts.Backdoor:
		return r == ts.RecordHTTP || r == ts.RecordAccess
	case m.Member == measure.Page:
		return r == ts.RecordHTTP || r == ts.RecordAlert
	}
	switch r {
	case ts.RecordConn:
		return !named
	case ts.RecordHTTP, ts.RecordTLS, ts.RecordAlert:
		return true
	case ts.RecordDNS:
		return looksUp(m.Class) && m.Grades.Has(ts.LookedUp)
	case ts.RecordReport:
		return m.Class == ts.Control && !m.Without.Has(ts.FlagSinkhole)
	default:
		return false
	}
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
	case !d.reads(ask):
		why = "No record that was read" + ofDays(ask.Window) + " could have shown such contacts"
	default:
		why = fmt.Sprintf("No sensor could have seen such contacts with victims placed in %s, and no row of class %s shows one there",
			groupName(ask.On), class)
	}
	return ts.FigurePart{Name: PartUnobservable, Text: why + ": nothing can be said, not even 0."}
}

// ofDays says of which days records would be.
func ofDays(w ts.Window) string {
	if w.All() {
		return ""
	}
	return ", of these days,"
}
