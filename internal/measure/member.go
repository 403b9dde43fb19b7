package measure

import (
	"net/netip"

	ts "github.com/tallystick/tallystick"
)

// AppendMember appends the member that r supports, in the bytes of the proof protocol.
// internal says that it is an address that is a member only together with its sensor:
// such members are printed apart and never added to the others. It returns dst
// unchanged where r does not know the end that is counted, as a site unknown.
func (m *Measure) AppendMember(dst []byte, r *ts.Row) (member []byte, internal bool) {
	switch m.Member {
	case Perp:
		return appendEnd(dst, r.Perp, r, ts.FlagPerpInternal)
	case Victim:
		return appendEnd(dst, r.Victim, r, ts.FlagVictimInternal)
	case Name:
		if r.PerpName != "" {
			dst = ts.AppendDomainMember(dst, r.PerpName)
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
		return appendContact(dst, r)
	case Attack:
		return appendAttack(dst, r)
	}
	return dst, false
}

func appendEnd(dst []byte, a netip.Addr, r *ts.Row, flag ts.Flags) ([]byte, bool) {
	switch {
	case !a.IsValid():
		return dst, false
	case r.Flags.Has(flag):
		return ts.AppendInternalMember(dst, r.Sensor, a), true
	default:
		return ts.AppendAddrMember(dst, a), false
	}
}

func appendContact(dst []byte, r *ts.Row) ([]byte, bool) {
	if !r.Victim.IsValid() || r.PerpName == "" {
		return dst, false
	}
	client, internal := appendEnd(nil, r.Victim, r, ts.FlagVictimInternal)
	return ts.AppendContactMember(dst, client, r.PerpName, ts.SlotOf(r.First)), internal
}

// appendAttack gives an attack its target's site, else address. An attack is internal
// where its source is: a sensor's own machine may well have a private address.
func appendAttack(dst []byte, r *ts.Row) ([]byte, bool) {
	if !r.Perp.IsValid() || r.Site == "" && !r.Victim.IsValid() {
		return dst, false
	}
	source, internal := appendEnd(nil, r.Perp, r, ts.FlagPerpInternal)
	var target []byte
	if r.Site != "" {
		target = ts.AppendDomainMember(nil, r.Site)
	} else {
		target, _ = appendEnd(nil, r.Victim, r, ts.FlagVictimInternal)
	}
	return ts.AppendAttackMember(dst, source, target, ts.SlotOf(r.First)), internal
}
