package report

import (
	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
)

// part is a question whose answer stands beside a figure.
type part struct {
	name      string
	measure   measure.Measure
	text      string // behind the unit, one or many of it
	anyBy     bool   // asked whatever the country of the perpetrator end
	anyWindow bool   // asked for all days
	unplaced  end    // the end whose place is asked to be unknown
	rest      bool   // the part is what the answer leaves of the figure
	more      bool   // the part is what the answer has beyond the figure
}

// end is one of the two ends of a contact, or none.
type end uint8

const (
	_ end = iota
	perpEnd
	victimEnd
)

// inside are the parts of m that say what the figure itself rests on.
func inside(m *measure.Measure) []part {
	dated, clock, declared := *m, *m, *m
	dated.Without |= ts.FlagUndated
	clock.Bearing = ts.FlagClock
	declared.Bearing = ts.FlagVictimDeclared
	return []part{
		{name: "undated", measure: dated, rest: true,
			text: "of the figure, resting only on indicators without validity in time."},
		{name: "clock", measure: clock, anyWindow: true,
			text: "in records dated 1970 or in the future. They are in the figure only where its window holds those dates."},
		{name: "declared", measure: declared,
			text: "of the figure in contacts whose victim end is placed by the declaration of its sensor, not by a data set."},
	}
}

// weaker are the contacts of m that got less far than it demands, and those that other rows
// speak against.
func weaker(m *measure.Measure) []part {
	var list []part
	if !m.Grades.Has(ts.Attempted) {
		attempted := *m
		attempted.Grades = measure.GradesOf(ts.Attempted)
		list = append(list, part{name: "attempted", measure: attempted,
			text: "in " + unanswered(m.Class) + ". Beside the figure, never added: a member may be in both."})
	}
	if !m.Grades.Has(ts.LookedUp) && looksUp(m.Class) {
		list = append(list, part{name: "looked-up", measure: lookedUp(m), anyBy: true,
			text: "in look-ups of names, whoever serves them: a look-up reaches no server. Beside the figure, never added."})
	}
	if m.CatchAll {
		all := *m
		all.CatchAll = false
		list = append(list, part{name: "catch-all", measure: all, more: true,
			text: "known only from sites that answer every path alike. Not in the figure: such an answer shows no web shell."})
	}
	if m.Resolvers {
		all := *m
		all.Resolvers = false
		list = append(list, part{name: "behind-resolver", measure: all, more: true,
			text: "that only looked up, and that others ask as their resolver. Not in the figure: behind a resolver is somebody unknown."})
	}
	return list
}

// unanswered says what kept the contacts of a class from being established: a server that
// says that nothing is there has answered.
func unanswered(c ts.Class) string {
	switch c {
	case ts.Backdoor:
		return "requests of listed web shells that got no success (2xx), as where the shell is not there"
	case ts.Phishing:
		return "contacts that reached no page: no answer, an unfinished TLS handshake, or an error (4xx, 5xx)"
	default:
		return "contacts that got no answer, or whose TLS handshake was not finished"
	}
}

// unplaced are the members that no data set places on a side that ask names: they would be
// in the figure if they stood there.
func unplaced(ask *Ask) []part {
	var list []part
	if ask.By != nil {
		list = append(list, part{name: "by-unknown", measure: ask.Measure, unplaced: perpEnd,
			text: "in contacts whose perpetrator end no data set places, all else as asked. Not in the figure."})
	}
	if ask.On != nil {
		list = append(list, part{name: "on-unknown", measure: ask.Measure, unplaced: victimEnd,
			text: "in contacts whose victim end neither a data set nor its sensor places, all else as asked. Not in the figure."})
	}
	return list
}

// looksUp reports whether rows of the class can come from the DNS alone.
func looksUp(c ts.Class) bool { return c == ts.Control || c == ts.Spyware }

// lookedUp is m over look-ups. They know no server, so names stand in for addresses of one.
func lookedUp(m *measure.Measure) measure.Measure {
	l := *m
	l.Grades = measure.GradesOf(ts.LookedUp)
	if l.Member == measure.Perp {
		l.Member, l.Unit = measure.Name, measure.Domains
	} else {
		l.Resolvers = true
	}
	return l
}

// role is one reason to leave a contact out of a figure.
type role struct {
	flag  ts.Flags
	name  string
	title string
	note  string // below the table of the role
	text  string
}

// roles lists the reasons in the order of their precedence (doc/measures.md).
func roles() []role {
	return []role{
		{ts.FlagSinkhole, "sinkhole", "Sinkholes",
			"Contacts of infected addresses with servers that defenders took over, whatever came of them.",
			"in contacts with sinkholes. Not in the figure: a sinkhole's place is that of a defender."},
		{ts.FlagScanner, "scanner", "Research scanners",
			"Contacts of infected addresses with scanners that are known to look for research, whatever came of them.",
			"in contacts with research scanners. Not in the figure."},
		{ts.FlagParked, "parked", "Parked or suspended",
			"Contacts of infected addresses with servers of names that are parked or were suspended, whatever came of them.",
			"in contacts with parked or suspended addresses. Not in the figure: whoever controlled there is gone."},
		{ts.FlagEgress, "egress", "Tor, VPN or proxy egress",
			"Contacts of infected addresses with egress addresses behind which anybody may stand, whatever came of them.",
			"in contacts through a Tor, VPN or proxy egress. Not in the figure: its place is not that of who stands behind it."},
		{ts.FlagShared, "shared", "Shared infrastructure",
			"Contacts of infected addresses with servers that serve others too, whatever came of them.",
			"in contacts with a CDN, a cloud or shared hosting. Not in the figure: such an address serves others too."},
		{ts.FlagVetoed, "vetoed", "Vetoed by a warning list",
			"Contacts with listed servers that a warning list names as well known and harmless, whatever came of them.",
			"in contacts that a warning list vetoes. Not in the figure."},
		{ts.FlagResolver, "resolver", "Behind a resolver",
			"Contacts of resolvers, which ask for others, whatever came of them.",
			"in look-ups by a resolver. Not in the figure: behind it is somebody unknown."},
		{ts.FlagUnverified, "unverified", "Unverified source",
			"Contacts whose source may be spoofed: a first packet alone, or UDP without a reply.",
			"in contacts whose source may be spoofed (SYN only, or UDP without a reply), or in alerts that do not tell which end began. Not in the figure."},
	}
}

// allRoles are the flags of roles.
func allRoles() ts.Flags {
	var f ts.Flags
	for _, r := range roles() {
		f |= r.flag
	}
	return f
}

// leftOut are the parts of m that its flags exclude, of any grade: an address with two roles
// is in both parts. They are asked without the perpetrator's country, which is nobody's.
func leftOut(m *measure.Measure) []part {
	var list []part
	for _, r := range roles() {
		if !m.Without.Has(r.flag) {
			continue
		}
		p := part{name: r.name, measure: *m, text: r.text, anyBy: true}
		p.measure.Grades = measure.AnyGrade
		p.measure.Bearing = r.flag
		p.measure.Without &^= allRoles()
		list = append(list, p)
	}
	if looksUp(m.Class) && !m.Grades.Has(ts.LookedUp) {
		p := part{name: "nowhere", measure: lookedUp(m), anyBy: true,
			text: "in look-ups answered with a loopback or unspecified address. Not in the figure: no server was there."}
		p.measure.Bearing = ts.FlagNowhere
		list = append(list, p)
	}
	return list
}

// anyOf is one measure of the members of every part: rows with any of their flags.
func anyOf(list []part) measure.Measure {
	m := list[0].measure
	m.Grades, m.Member, m.Unit = measure.AnyGrade, measure.Victim, measure.Addresses
	m.Without, m.Resolvers, m.CatchAll = 0, false, false
	for _, p := range list {
		m.Bearing |= p.measure.Bearing
	}
	return m
}
