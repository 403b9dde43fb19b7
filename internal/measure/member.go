package measure

import (
	"net/netip"
	"strings"

	ts "github.com/tallystick/tallystick"
)

// AppendMember appends the member that r supports, in the bytes of the proof protocol.
// internal says that it is an address that is a member only together with its sensor:
// such members are printed apart and never added to the others. It returns dst
// unchanged where r does not know the end that is counted, as a site unknown.
func (m *Measure) AppendMember(dst []byte, r *ts.Row) (member []byte, internal bool) {
	switch m.Member {
	case Perp:
		return m.appendEnd(dst, r.Perp, r, ts.FlagPerpInternal)
	case Victim:
		return m.appendEnd(dst, r.Victim, r, ts.FlagVictimInternal)
	case Name:
		if r.PerpName != "" {
			dst = ts.AppendDomainMember(dst, Domain(r.PerpName, r.Indicator))
		}
	case Site:
		if r.Site != "" {
			dst = ts.AppendDomainMember(dst, r.Site)
		}
	case Page:
		if r.PerpName != "" && r.Path != "" {
			dst = ts.AppendPageMember(dst, r.PerpName, r.Path)
		}
	case Contact:
		return m.appendContact(dst, r)
	case Attack:
		return m.appendAttack(dst, r)
	}
	return dst, false
}

// Domain returns the domain as which a host name counts: the listed one that it is below,
// where its row's indicator is that, else itself. Whoever owns a domain makes any number of
// names below it.
func Domain(name, indicator string) string {
	above, ok := strings.CutSuffix(name, indicator)
	if !ok || indicator == "" || !strings.HasSuffix(above, ".") || isDigit(indicator[len(indicator)-1]) {
		return name // no top-level domain ends in a digit, as addresses do
	}
	return indicator
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func (m *Measure) appendEnd(dst []byte, a netip.Addr, r *ts.Row, flag ts.Flags) ([]byte, bool) {
	switch {
	case !a.IsValid():
		return dst, false
	case r.Flags.Has(flag) && m.Net64:
		return ts.AppendInternalNetMember(dst, r.Sensor, a), true
	case r.Flags.Has(flag):
		return ts.AppendInternalMember(dst, r.Sensor, a), true
	case m.Net64:
		return ts.AppendNetMember(dst, a), false
	default:
		return ts.AppendAddrMember(dst, a), false
	}
}

func (m *Measure) appendContact(dst []byte, r *ts.Row) ([]byte, bool) {
	if !r.Victim.IsValid() || r.PerpName == "" {
		return dst, false
	}
	client, internal := m.appendEnd(nil, r.Victim, r, ts.FlagVictimInternal)
	return ts.AppendContactMember(dst, client, r.PerpName, ts.SlotOf(r.First)), internal
}

// appendAttack gives an attack its target's site, else address. An attack is internal
// where its source is: a sensor's own machine may well have a private address.
func (m *Measure) appendAttack(dst []byte, r *ts.Row) ([]byte, bool) {
	if !r.Perp.IsValid() || r.Site == "" && !r.Victim.IsValid() {
		return dst, false
	}
	source, internal := m.appendEnd(nil, r.Perp, r, ts.FlagPerpInternal)
	var target []byte
	if r.Site != "" {
		target = ts.AppendDomainMember(nil, r.Site)
	} else {
		target, _ = m.appendEnd(nil, r.Victim, r, ts.FlagVictimInternal)
	}
	return ts.AppendAttackMember(dst, source, target, ts.SlotOf(r.First)), internal
}
