package detect

import (
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/field"
	"github.com/tallystick/tallystick/internal/intel"
)

// outgoing looks for a listed responder: by URL, by name, by address. It reports
// whether it found one, or a sinkhole.
func (d *Set) outgoing(o *ts.Observation, emit func(ts.Sighting)) bool {
	if len(o.Name) == 0 && len(o.Path) == 0 && len(o.SNI) == 0 && !d.intel.Knows(o.Resp.Addr) {
		return false // as nearly always
	}
	return d.contacted(o, emit)
}

// contacted is outgoing where something may be known of the responder.
func (d *Set) contacted(o *ts.Observation, emit func(ts.Sighting)) bool {
	at := d.intel.Addr(o.Resp.Addr, o.Resp.Port, day(o))
	m, host := d.named(o)
	named, knownGood := relation(m.Indicator), m.Vetoed
	if !named {
		m = at
	}
	sunk := at.Role&intel.RoleSinkhole != 0
	class := ts.Control
	switch {
	case relation(m.Indicator):
		class = m.Indicator.Class
	case sunk:
		m.Indicator = nil // whatever else lists it: the contact is with a sinkhole
	default:
		return false
	}
	perp := o.Resp
	if o.Facts&ts.FactProxied != 0 {
		perp = ts.End{} // the responder is a proxy: the server is unknown
	}
	s := d.sighting(o, class, ruleContact, perp, o.Orig)
	name(&s, m)
	if knownGood {
		s.Flags |= ts.FlagVetoed // a listed address under a known-good name is shared
	}
	s.Flags |= d.client(o) | m.Role.Flags()&(ts.FlagSinkhole|ts.FlagParked|ts.FlagShared)
	s.PerpName = hostName(host)
	if class == ts.Phishing && o.Status >= 400 {
		s.Grade = ts.Attempted // the page was not there
	}
	if perp == (ts.End{}) {
		s.Via = o.Resp.Addr
	} else {
		s.Flags |= at.Role.Flags() &^ ts.FlagResolver
	}
	if m.Indicator == nil {
		s.Rule, s.Feed, s.Indicator = ruleSinkhole, at.RoleFeed, at.RoleValue
	}
	if named && onShared(o) {
		s.Flags |= ts.FlagShared
	}
	if class == ts.Phishing || m.Indicator != nil && m.Indicator.Kind == intel.KindURL {
		s.Path = string(o.Path)
	}
	emit(s)
	return true
}

// relation reports whether an indicator means that contacting it is a sighting. A
// listed attacker or web shell path says nothing of those who contact it.
func relation(i *intel.Indicator) bool {
	return i != nil && i.Class.PerpResponds()
}

// named returns what is known of the URL, else of the name that o shows, else of the TLS
// server name beside it; and the name of these that is listed, or the first.
func (d *Set) named(o *ts.Observation) (m intel.Match, host []byte) {
	m = d.asked(o)
	if len(o.SNI) > 0 && !relation(m.Indicator) {
		if front := d.intel.Name(o.SNI, day(o)); relation(front.Indicator) {
			return front, o.SNI
		}
	}
	return m, o.Name
}

// asked returns what is known of the URL, else of the name, that was asked for.
func (d *Set) asked(o *ts.Observation) intel.Match {
	if len(o.Name) == 0 && len(o.Path) == 0 {
		return intel.Match{}
	}
	if len(o.Path) > 0 {
		host := o.Name
		var buf [64]byte
		if len(host) == 0 {
			host = o.Resp.Addr.AppendTo(buf[:0])
		}
		if m := d.intel.URL(host, o.Path, day(o)); relation(m.Indicator) {
			return m
		}
	}
	if len(o.Name) == 0 {
		return intel.Match{}
	}
	if a, ok := field.Address(o.Name); ok {
		return d.intel.Addr(a, o.Resp.Port, day(o))
	}
	return d.intel.Name(o.Name, day(o))
}

// onShared reports whether one record shows a TLS server name that is not the HTTP
// host: a control domain on shared infrastructure (domain fronting).
func onShared(o *ts.Observation) bool {
	return len(o.SNI) > 0 && len(o.Name) > 0 && !strings.EqualFold(string(o.SNI), string(o.Name))
}

// client returns the flags of the originator as a victim.
func (d *Set) client(o *ts.Observation) ts.Flags {
	var f ts.Flags
	if o.Facts&ts.FactUnverified != 0 {
		f |= ts.FlagUnverified
	}
	return f
}

// lookup judges a DNS message: nobody was contacted, the resolver is nobody.
func (d *Set) lookup(o *ts.Observation, emit func(ts.Sighting)) {
	if o.Facts&ts.FactBroadcast != 0 || len(o.Name) == 0 {
		return
	}
	m := d.intel.Name(o.Name, day(o))
	if m.Indicator == nil || m.Indicator.Class != ts.Control && m.Indicator.Class != ts.Spyware {
		return
	}
	s := d.sighting(o, m.Indicator.Class, ruleLookup, ts.End{}, o.Orig)
	s.Grade = ts.LookedUp
	s.Via, s.PerpName = o.Resp.Addr, hostName(o.Name)
	name(&s, m)
	s.Flags |= d.answers(o) | d.resolver(o)
	emit(s)
}

// answers returns the flags of the addresses that a name was answered with. They are
// resolved, never servers.
func (d *Set) answers(o *ts.Observation) ts.Flags {
	var f ts.Flags
	for _, a := range o.Answers {
		if a.IsLoopback() || a.IsUnspecified() {
			f |= ts.FlagNowhere
			continue
		}
		f |= d.intel.Addr(a, 0, day(o)).Role.Flags() & (ts.FlagSinkhole | ts.FlagParked | ts.FlagShared)
	}
	return f
}

// resolver flags a client known to ask for others: listed, or the machine that a
// resolver's sensor stands on.
func (d *Set) resolver(o *ts.Observation) ts.Flags {
	listed := d.intel.Addr(o.Orig.Addr, 0, day(o)).Role&intel.RoleResolver != 0
	if listed || d.sensor.Role == ts.RoleResolver && d.declared(o.Orig.Addr) {
		return ts.FlagResolver
	}
	return 0
}
