// Package tallystick holds the words of the system: the ends of a contact, what a
// record shows (Observation), who did what to whom (Sighting), the row that is
// hashed and signed (Row), the text objects of the ledger (Object) and the member
// of a counted set (Member).
//
// It knows the published byte formats, which are fixed once they are signed. It must
// never know files, the network, a clock or any other package of this module; it
// imports the standard library only.
package tallystick

import (
	"fmt"
	"net/netip"
	"strings"
)

// Country is an ISO 3166-1 alpha-2 code in upper case; "" is unknown.
type Country string

// Unknown is the country of an address that no data set places.
const Unknown Country = ""

// ParseCountries reads a group such as "CN+HK". "" and "*" mean any country (nil).
func ParseCountries(s string) ([]Country, error) {
	if s == "" || s == "*" {
		return nil, nil
	}
	var group []Country
	for part := range strings.SplitSeq(s, "+") {
		c, err := ParseCountry(part)
		if err != nil {
			return nil, err
		}
		group = append(group, c)
	}
	return group, nil
}

// ParseCountry reads one two-letter code, in either case.
func ParseCountry(s string) (Country, error) {
	if len(s) != 2 || !isLetter(s[0]) || !isLetter(s[1]) {
		return "", fmt.Errorf("country %q: want two letters of ISO 3166-1, such as CZ", s)
	}
	return Country(strings.ToUpper(s)), nil
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// End is one side of a contact. The zero Addr means that nobody is known there.
type End struct {
	Addr netip.Addr
	Port uint16 // 0 where unknown
}

// Role is how a sensor stands in the network.
type Role string

// The roles a sensor may declare.
const (
	RoleNetwork   Role = "network"
	RoleHoneypot  Role = "honeypot"
	RoleSinkhole  Role = "sinkhole"
	RoleWebserver Role = "webserver"
	RoleResolver  Role = "resolver"
)

// Roles returns every declarable role. The slice is the caller's.
func Roles() []Role {
	return []Role{RoleNetwork, RoleHoneypot, RoleSinkhole, RoleWebserver, RoleResolver}
}

// Sensor is a vantage point that records, with what its operator declares of it.
type Sensor struct {
	Name          string
	Named         bool // the operator gave the name; else it is the folder's
	Role          Role
	Country       Country
	AS            uint32
	Site          string         // host name served, for logs that carry none
	Networks      []netip.Prefix // what stands behind the sensor
	TreatAsPublic []netip.Prefix // non-global addresses to count as public (the demo's)
	Sampling      uint32         // 1 in n records kept; 0 and 1 mean all
}

// Global reports whether a counts as a public address at this sensor: globally
// routable (see Routable), or declared so.
func (s *Sensor) Global(a netip.Addr) bool {
	if Routable(a) {
		return true
	}
	for _, p := range s.TreatAsPublic {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// Locator is the way back to a raw record.
type Locator struct {
	Input  uint32 // index of the input in its batch
	Line   uint64 // 1-based
	Offset uint64 // of the line's first byte, in decompressed bytes
}
