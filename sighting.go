package tallystick

import (
	"fmt"
	"net/netip"
)

// Class is the relation seen between the two ends.
type Class uint8

// The classes, in the order of their bytes in sorted segments (alphabetical).
const (
	Attempt Class = iota + 1
	Backdoor
	Control
	Exfiltration
	Phishing
	Spyware
)

var classNames = [...]string{"", "attempt", "backdoor", "control", "exfiltration", "phishing", "spyware"}

// String returns the word of the class in a row; "" for the zero Class.
func (c Class) String() string { return classNames[c] }

// ParseClass reads the word of a class.
func ParseClass(s string) (Class, error) {
	for i, name := range classNames {
		if i > 0 && name == s {
			return Class(i), nil
		}
	}
	return 0, fmt.Errorf("class %q is none of %q", s, classNames[1:])
}

// Slotted reports whether rows of the class are kept a half-hour slot apart.
func (c Class) Slotted() bool { return c == Attempt || c == Backdoor || c == Phishing }

// Grade is how far a contact got.
type Grade uint8

// The grades, weakest first.
const (
	LookedUp    Grade = iota + 1 // DNS only
	Attempted                    // no reply
	Established                  // payload from the responder
)

var gradeNames = [...]string{"", "looked-up", "attempted", "established"}

// String returns the word of the grade in a row; "" for the zero Grade.
func (g Grade) String() string { return gradeNames[g] }

// ParseGrade reads the word of a grade.
func ParseGrade(s string) (Grade, error) {
	for i, name := range gradeNames {
		if i > 0 && name == s {
			return Grade(i), nil
		}
	}
	return 0, fmt.Errorf("grade %q is none of %q", s, gradeNames[1:])
}

// Flags are facts beside a sighting that the measures exclude or report on. The bit
// numbers are those of doc/formats/row.md and are signed.
type Flags uint32

// The flags. Roles (sinkhole … shared) describe the address of the perpetrator end,
// or in a looked-up row the answer.
const (
	FlagVictimDeclared Flags = 1 << iota // victim's place is the sensor's declaration
	FlagVictimInternal                   // victim is not globally routable
	FlagPerpInternal                     // perpetrator is not globally routable
	FlagSinkhole
	FlagScanner // research scanner
	FlagParked  // parked or suspended
	FlagEgress  // Tor, VPN or proxy egress
	FlagShared  // CDN, cloud or shared hosting
	FlagResolver
	FlagUnverified // source may be spoofed
	FlagUndated    // the indicator has no validity in time
	FlagVetoed     // a warning list holds the indicator
	FlagClock      // dated 1970 or in the future
	FlagNAT        // NAT egress known
	FlagPathCut    // path cut to fit the row
	FlagUpload     // the upload was seen
	FlagSynthetic  // from the scenario
	FlagBehaviour  // by behaviour, not listed
	FlagNowhere    // looked-up: the answer is loopback or unspecified
	flagEnd
)

// Has reports whether any bit of g is set in f.
func (f Flags) Has(g Flags) bool { return f&g != 0 }

// Sighting says who did what to whom, before either end is placed. All sightings
// with one Key merge into one.
type Sighting struct {
	Class      Class
	Grade      Grade
	Perp       netip.Addr // zero where unknown
	Victim     netip.Addr
	PerpPort   uint16
	VictimPort uint16
	Via        netip.Addr // resolver asked, or proxy; zero if none
	PerpName   string
	VictimName string
	Site       string
	Path       string
	HostID     string
	Family     string
	Rule       string
	Feed       string
	Indicator  string
	Sensor     string
	Flags      Flags

	First   int64 // Unix seconds: start of the first record
	Last    int64 // Unix seconds: start of the last record
	Records uint64
	At      Locator // of the first record
}

// Key is the merge key: what is equal in all records of one row. The originator's
// port, times, counts and the locator are not in it.
type Key struct {
	class              Class
	grade              Grade
	flags              Flags
	slot               int64 // day, or half-hour for slotted classes
	perp, victim, via  netip.Addr
	respPort           uint16
	perpName, victName string
	site, path, hostID string
	family, rule       string
	feed, indicator    string
	sensor             string
}

// PerpResponds reports whether the perpetrator is the responder, as with control
// servers and phishing hosts; else the victim is.
func (c Class) PerpResponds() bool { return c == Control || c == Phishing || c == Spyware }

// Key returns the merge key of s.
func (s *Sighting) Key() Key {
	k := Key{
		class: s.Class, grade: s.Grade, flags: s.Flags,
		slot: int64(DayOf(s.First)), perp: s.Perp, victim: s.Victim, via: s.Via,
		respPort: s.VictimPort,
		perpName: s.PerpName, victName: s.VictimName,
		site: s.Site, path: s.Path, hostID: s.HostID, family: s.Family, rule: s.Rule,
		feed: s.Feed, indicator: s.Indicator, sensor: s.Sensor,
	}
	if s.Class.PerpResponds() {
		k.respPort = s.PerpPort
	}
	if s.Class.Slotted() {
		k.slot = s.First / SlotSeconds
	}
	return k
}

// Merge adds t, which has the same Key, to s.
func (s *Sighting) Merge(t *Sighting) {
	if t.First < s.First || t.First == s.First && t.At.before(s.At) {
		s.First, s.At = t.First, t.At
		s.PerpPort, s.VictimPort = t.PerpPort, t.VictimPort
	}
	s.Last = max(s.Last, t.Last)
	s.Records += t.Records
}

func (l Locator) before(m Locator) bool {
	if l.Input != m.Input {
		return l.Input < m.Input
	}
	return l.Offset < m.Offset
}

// Row is a sighting with both ends placed: what is hashed, signed and kept.
type Row struct {
	Sighting
	By, On             Country
	ByAS, OnAS         uint32
	ByPlaces, OnPlaces string // "" when all data sets agree, else "CC/AS;…" in manifest order
}

// Day returns the row's day, which is that of its first record.
func (r *Row) Day() Day { return DayOf(r.First) }

var flagWords = [...]string{"declared", "victim-internal", "perp-internal", "sinkhole", "scanner", "parked",
	"egress", "shared", "resolver", "unverified", "undated", "vetoed", "clock", "nat", "path-cut", "upload",
	"synthetic", "behaviour", "nowhere"}

// Words returns a word for each flag that is set, in the order of the bits.
func (f Flags) Words() []string {
	var words []string
	for bit, word := range flagWords {
		if f>>bit&1 != 0 {
			words = append(words, word)
		}
	}
	return words
}

// ParseFlag reads the word of one flag.
func ParseFlag(word string) (Flags, error) {
	for bit, w := range flagWords {
		if w == word {
			return 1 << bit, nil
		}
	}
	return 0, fmt.Errorf("flag %.30q is none of %q", word, flagWords)
}
