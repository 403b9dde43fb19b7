// Package measure knows what each measure counts: its unit, the rows that belong to it, the
// member that a row supports, and the words for its captions. Counting, verifying and
// reporting all ask here, so that a definition stands once. It must never know how sets
// are kept or merged, nor how a figure is drawn.
//
// The rules are those of doc/measures.md. A rule here is local to a row, but for two facts
// that only other rows show, which Measure.Resolvers and Measure.CatchAll ask for.
package measure

import (
	"fmt"
	"strings"

	ts "github.com/tallystick/tallystick"
)

// Unit is what is counted. "host" and "computer" are not units: what was seen are
// addresses.
type Unit string

// The units.
const (
	Addresses Unit = "ip-address"
	Sites     Unit = "site"
	Domains   Unit = "domain"
	Attacks   Unit = "attack"
	Pages     Unit = "page"
	Contacts  Unit = "contact"
)

// Grades is a set of grades.
type Grades uint8

// GradesOf returns the set of the given grades.
func GradesOf(list ...ts.Grade) Grades {
	var set Grades
	for _, g := range list {
		set |= 1 << g
	}
	return set
}

// Has reports whether g is in the set.
func (set Grades) Has(g ts.Grade) bool { return set>>g&1 != 0 }

// AnyGrade holds every grade.
const AnyGrade Grades = 1<<ts.LookedUp | 1<<ts.Attempted | 1<<ts.Established

// Measure is one definition. Deriving another, such as the attempted contacts shown
// beside the established ones, is changing a field of a copy.
type Measure struct {
	Name    string
	Unit    Unit
	Class   ts.Class
	Grades  Grades
	Member  Member
	Without ts.Flags // a row bearing any of these is not counted
	Bearing ts.Flags // if not 0, only rows bearing any of these are
	HasBy   bool     // the perpetrator's country can be asked for
	// Resolvers: a victim that other rows name as the resolver they asked is not
	// counted for its own look-ups; behind it is somebody, not a host.
	Resolvers bool
	// CatchAll: a site established for CatchAllPaths or more distinct indicators, which
	// are listed paths, in the window answers everything alike, and is not counted as
	// backdoored. Copies of one listed shell in several folders are one.
	CatchAll bool
	// Undetected: no detector gives rows of the class, so that a figure of none is not
	// observable.
	Undetected bool
	phrase     string
}

// CatchAllPaths is how many listed paths a site must answer to be catch-all.
const CatchAllPaths = 3

// noServer are the flags of a perpetrator end that is no control server of anybody's: a
// sinkhole's country never becomes "by", a shared address serves others too.
const noServer = ts.FlagSinkhole | ts.FlagScanner | ts.FlagParked | ts.FlagEgress | ts.FlagShared | ts.FlagVetoed

// noSource are the flags of a source whose address says nothing of an attack.
const noSource = ts.FlagScanner | ts.FlagEgress | ts.FlagUnverified | ts.FlagVetoed

var established = GradesOf(ts.Established)

// All returns every measure, in the order of a report. The slice is the caller's.
func All() []Measure {
	return []Measure{
		{Name: "control.servers", Unit: Addresses, Class: ts.Control, Grades: established, Member: Perp,
			Without: noServer | ts.FlagResolver, HasBy: true,
			phrase: "{unit}{by} answered as {a}control server{s}{to}"},
		{Name: "control.hosts", Unit: Addresses, Class: ts.Control, Grades: established, Member: Victim,
			Without: noServer | ts.FlagResolver, HasBy: true,
			phrase: "{unit}{on} got answers from control servers{by}"},
		{Name: "infected.addresses", Unit: Addresses, Class: ts.Control, Grades: AnyGrade, Member: Victim,
			Without: ts.FlagVetoed | ts.FlagResolver, Resolvers: true,
			phrase: "{unit}{on} contacted, tried to contact or looked up control servers, sinkholes included"},
		{Name: "control.names", Unit: Domains, Class: ts.Control, Grades: AnyGrade, Member: Name,
			Without: ts.FlagVetoed, HasBy: true,
			phrase: "{unit} of control servers{by} occurred in contacts or look-ups{ofon}"},
		{Name: "backdoor.sources", Unit: Addresses, Class: ts.Backdoor, Grades: established, Member: Perp,
			Without: noSource, HasBy: true, CatchAll: true,
			phrase: "{unit}{by} used web shells at sites{on}"},
		{Name: "backdoor.sites", Unit: Sites, Class: ts.Backdoor, Grades: established, Member: Site,
			Without: noSource, HasBy: true, CatchAll: true,
			phrase: "{unit}{on} had a web shell in use{fromby}"},
		{Name: "backdoor.attacks", Unit: Attacks, Class: ts.Backdoor, Grades: established, Member: Attack,
			Without: noSource, HasBy: true, CatchAll: true,
			phrase: "{unit} used web shells at sites{on}{fromby}"},
		{Name: "phishing.hosts", Unit: Addresses, Class: ts.Phishing, Grades: established, Member: Perp,
			Without: noServer, HasBy: true,
			phrase: "{unit}{by} served phishing pages{to}"},
		{Name: "phishing.pages", Unit: Pages, Class: ts.Phishing, Grades: established, Member: Page,
			Without: noServer &^ ts.FlagShared, HasBy: true,
			phrase: "phishing {unit}{fromby} had visits{ofon}"},
		{Name: "phishing.contacts", Unit: Contacts, Class: ts.Phishing, Grades: established, Member: Contact,
			Without: noServer &^ ts.FlagShared, HasBy: true,
			phrase: "{unit}{ofon} reached phishing servers{by}"},
		{Name: "attempt.sources", Unit: Addresses, Class: ts.Attempt, Grades: AnyGrade, Member: Perp,
			Without: noSource, HasBy: true,
			phrase: "{unit}{by} tried to attack addresses{on}"},
		{Name: "attempt.targets", Unit: Addresses, Class: ts.Attempt, Grades: AnyGrade, Member: Victim,
			Without: noSource, HasBy: true,
			phrase: "{unit}{on} met attempts to attack{fromby}"},
		{Name: "attempt.attacks", Unit: Attacks, Class: ts.Attempt, Grades: AnyGrade, Member: Attack,
			Without: noSource, HasBy: true,
			phrase: "attempted {unit} met addresses{on}{fromby}"},
		{Name: "spyware.devices", Unit: Addresses, Class: ts.Spyware, Grades: AnyGrade, Member: Victim,
			Without: ts.FlagVetoed | ts.FlagResolver, HasBy: true, Resolvers: true,
			phrase: "{unit}{on} contacted or looked up spyware servers{by}"},
		{Name: "spyware.servers", Unit: Addresses, Class: ts.Spyware, Grades: established, Member: Perp,
			Without: noServer, HasBy: true,
			phrase: "{unit}{by} answered as {a}spyware server{s}{to}"},
		{Name: "exfiltration.candidates", Unit: Addresses, Class: ts.Exfiltration, Grades: established, Member: Victim,
			Without: ts.FlagVetoed, HasBy: true, Undetected: true,
			phrase: "{unit}{on} sent unusually much to addresses{by}"},
	}
}

// Sight is a measure of the rows that show that members of m can be seen, whatever was
// made of them: contacts, and look-ups only where they count; with the name, page or site,
// where such is the member. Where there are any, a figure of none says something.
func (m *Measure) Sight() Measure {
	s := Measure{Name: m.Name, Unit: m.Unit, Class: m.Class, Grades: m.Grades | GradesOf(ts.Attempted, ts.Established),
		Member: m.Member, Without: m.Without & ts.FlagSinkhole}
	if m.Member == Perp || m.Member == Attack {
		s.Member, s.Unit = Victim, Addresses
	}
	return s
}

// ByName returns the measure of that name.
func ByName(name string) (Measure, error) {
	var names []string
	for _, m := range All() {
		if m.Name == name {
			return m, nil
		}
		names = append(names, m.Name)
	}
	return Measure{}, fmt.Errorf("measure %q is none of: %s", name, strings.Join(names, ", "))
}

// Counts reports whether the rules local to a row let it be counted.
func (m *Measure) Counts(r *ts.Row) bool {
	return r.Class == m.Class && m.Grades.Has(r.Grade) && m.CountsFlags(r.Flags)
}

// CountsFlags reports whether a row with these flags can be counted.
func (m *Measure) CountsFlags(f ts.Flags) bool {
	return !f.Has(m.Without) && (m.Bearing == 0 || f.Has(m.Bearing))
}
