// Package intel knows indicators: the formats in which feeds are published, validity in
// time, how an address, a name, a URL or a path is matched, roles such as sinkhole or
// shared hosting, and warning lists, which veto. It must never know telemetry formats,
// countries, detectors or the ledger.
package intel

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tallystick/tallystick"
)

// Role is what an address or name is besides malicious, as bits in order of precedence:
// the lowest bit wins.
type Role uint16

// The roles, in precedence order.
const (
	RoleSinkhole Role = 1 << iota
	RoleScanner       // research scanner
	RoleParked        // parked or suspended
	RoleEgress        // Tor, VPN or proxy egress
	RoleShared        // CDN, cloud or shared hosting
	RoleResolver      // public DNS resolver
)

var roleNames = [...]string{"sinkhole", "scanner", "parked", "egress", "shared", "resolver"}

// Flags returns the flags that a row bears for the roles.
func (r Role) Flags() tallystick.Flags {
	flags := [...]tallystick.Flags{
		tallystick.FlagSinkhole, tallystick.FlagScanner, tallystick.FlagParked,
		tallystick.FlagEgress, tallystick.FlagShared, tallystick.FlagResolver,
	}
	var f tallystick.Flags
	for i, flag := range flags {
		if r&(1<<i) != 0 {
			f |= flag
		}
	}
	return f
}

// String names the roles, joined by "+"; "" for none.
func (r Role) String() string {
	var names []string
	for i, name := range roleNames {
		if r&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, "+")
}

func parseRole(word string) (Role, bool) {
	i := slices.Index(roleNames[:], word)
	if i < 0 {
		return 0, false
	}
	return 1 << i, true
}

// First returns the role of r that has precedence, 0 for none.
func (r Role) First() Role { return r & -r }

// Kind is what an indicator is compared with.
type Kind uint8

// The kinds of indicator.
const (
	KindAddr     Kind = iota + 1 // an address on any port
	KindAddrPort                 // an address on one port only
	KindPrefix                   // a CIDR block
	KindDomain                   // a domain and, unless Exact, its subdomains
	KindURL                      // host and path both, without scheme, port, query and fragment
	KindPath                     // the end of a URL path on any host: a web shell
	kindEnd
)

var kindNames = [...]string{"", "addr", "addrport", "prefix", "domain", "url", "path"}

// String returns the word for k in a listing.
func (k Kind) String() string { return kindNames[k] }

// Indicator is one value with a meaning, a validity in time and a source. Either Class,
// Role or Veto is set.
type Indicator struct {
	// Value is the canonical spelling, which is written into rows: 240.0.0.1,
	// 240.0.0.1:1177, [2001:db8::1]:80, 240.0.0.0/24, bad.example,
	// bad.example/login.php, /shell.php.
	Value      string
	Family     string // malware family or kit, lower case, or ""
	Feed       string
	From, To   tallystick.Day // validity, half-open; 0 leaves that side open
	Kind       Kind
	Class      tallystick.Class // 0 for an entry that gives only a role or a veto
	Role       Role
	Confidence uint8 // 1 to 100; 0 unknown
	Exact      bool  // KindDomain: without the subdomains
	Veto       bool  // a warning list's entry: it vetoes what it matches
}

// Undated reports whether i has no validity in time.
func (i *Indicator) Undated() bool { return i.From == 0 && i.To == 0 }

// Valid reports whether i holds on the day.
func (i *Indicator) Valid(day tallystick.Day) bool {
	return day >= i.From && (i.To == 0 || day < i.To)
}

// Match is what a Set knows of one value on one day. Precedence among Indicator, Role
// and Vetoed is the caller's.
type Match struct {
	Indicator *Indicator // the best entry with a class, or nil
	Role      Role       // of all entries that match
	RoleFeed  string     // feed of the entry that gives the role with precedence
	RoleValue string     // value of that entry
	Vetoed    bool       // a warning list holds the value or the indicator
}

// Hint is the operator's declaration of what a feed means; it wins over the feed's own
// words. The zero Hint declares nothing: entries without a class of their own are control.
type Hint struct {
	Class  tallystick.Class // of every entry that has a class, or no meaning of its own
	Role   Role             // not 0: every entry gives only this role
	Veto   bool             // every entry vetoes
	Family string           // of entries that name none
	Feed   string           // name of the feed, instead of the file's
}

// silent reports whether h leaves it to the feed what an entry means.
func (h Hint) silent() bool { return h.Class == 0 && h.Role == 0 && !h.Veto }

// ParseHint reads the word before a path on a command line, as in "phishing:PATH": a
// class, a role or "veto".
func ParseHint(word string) (Hint, error) {
	if word == "veto" {
		return Hint{Veto: true}, nil
	}
	if role, ok := parseRole(word); ok {
		return Hint{Role: role}, nil
	}
	class, err := tallystick.ParseClass(word)
	if err != nil {
		return Hint{}, fmt.Errorf("%q is no class, no role of %q and not veto", word, roleNames)
	}
	return Hint{Class: class}, nil
}

// Feed is what was read under one feed name.
type Feed struct {
	Name    string
	Format  string           // "maltrail", "zeek-intel" …; "" for a set read from a listing
	Files   int              // files read
	Empty   int              // files of them with a header only
	Used    int              // indicators in the set, each once
	Undated int              // of Used, those without validity in time
	Tally   tallystick.Tally // entries read = used + skipped by reason
}
