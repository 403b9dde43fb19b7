package tallystick

import (
	"fmt"
	"net/netip"
	"strings"
)

// MemberKind says which member of a counted set a row supports.
type MemberKind uint8

// The members of a row.
const (
	MemberPerp    MemberKind = iota + 1 // address of the perpetrator end
	MemberVictim                        // address of the victim end
	MemberName                          // domain of the perpetrator end, see DomainOf
	MemberSite                          // registrable domain of the victim end
	MemberPage                          // host and path of the perpetrator end
	MemberContact                       // victim, host name, half-hour slot
	MemberAttack                        // perpetrator, site else victim, half-hour slot
)

var memberKinds = [...]string{"", "perp", "victim", "name", "site", "page", "contact", "attack"}

// String returns the word of the kind in a rule; "" for the zero MemberKind.
func (k MemberKind) String() string { return memberKinds[k] }

// ParseMemberKind reads the word of a kind.
func ParseMemberKind(s string) (MemberKind, error) {
	for i, word := range memberKinds {
		if i > 0 && word == s {
			return MemberKind(i), nil
		}
	}
	return 0, fmt.Errorf("member %q is none of %q", s, memberKinds[1:])
}

// Slotted reports whether members of the kind are told apart by half-hours.
func (k MemberKind) Slotted() bool { return k == MemberContact || k == MemberAttack }

// AppendMember appends the member that r supports, in the bytes of the proof protocol.
// internal says that it is an address that is a member only together with its sensor:
// such members are printed apart and never added to the others. It returns dst
// unchanged where r does not know the end that is counted, as a site unknown.
func (r *Row) AppendMember(dst []byte, kind MemberKind) (member []byte, internal bool) {
	switch kind {
	case MemberPerp:
		return r.appendEnd(dst, r.Perp, FlagPerpInternal)
	case MemberVictim:
		return r.appendEnd(dst, r.Victim, FlagVictimInternal)
	case MemberName:
		if r.PerpName != "" {
			dst = AppendDomainMember(dst, DomainOf(r.PerpName, r.Indicator))
		}
	case MemberSite:
		if r.Site != "" {
			dst = AppendDomainMember(dst, r.Site)
		}
	case MemberPage:
		if r.PerpName != "" && r.Path != "" {
			dst = AppendPageMember(dst, r.PerpName, r.Path)
		}
	case MemberContact:
		return r.appendContact(dst)
	case MemberAttack:
		return r.appendAttack(dst)
	}
	return dst, false
}

// DomainOf returns the domain as which a host name counts: the listed one that it is below,
// where its row's indicator is that, else itself. Whoever owns a domain makes any number of
// names below it.
func DomainOf(name, indicator string) string {
	above, ok := strings.CutSuffix(name, indicator)
	if !ok || indicator == "" || !strings.HasSuffix(above, ".") || isDigit(indicator[len(indicator)-1]) {
		return name // no top-level domain ends in a digit, as addresses do
	}
	return indicator
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func (r *Row) appendEnd(dst []byte, a netip.Addr, flag Flags) ([]byte, bool) {
	switch {
	case !a.IsValid():
		return dst, false
	case r.Flags.Has(flag):
		return AppendInternalMember(dst, r.Sensor, a), true
	default:
		return AppendAddrMember(dst, a), false
	}
}

func (r *Row) appendContact(dst []byte) ([]byte, bool) {
	if !r.Victim.IsValid() || r.PerpName == "" {
		return dst, false
	}
	client, internal := r.appendEnd(nil, r.Victim, FlagVictimInternal)
	return AppendContactMember(dst, client, r.PerpName, SlotOf(r.First)), internal
}

// appendAttack gives an attack its target's site, else address. An attack is internal
// where its source is: a sensor's own machine may well have a private address.
func (r *Row) appendAttack(dst []byte) ([]byte, bool) {
	if !r.Perp.IsValid() || r.Site == "" && !r.Victim.IsValid() {
		return dst, false
	}
	source, internal := r.appendEnd(nil, r.Perp, FlagPerpInternal)
	var target []byte
	if r.Site != "" {
		target = AppendDomainMember(nil, r.Site)
	} else {
		target, _ = r.appendEnd(nil, r.Victim, FlagVictimInternal)
	}
	return AppendAttackMember(dst, source, target, SlotOf(r.First)), internal
}
