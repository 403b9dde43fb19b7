package detect

import (
	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/intel"
)

// incoming judges a contact begun from outside by a listed address: an attempt, never
// control. The port that a list names is the server's, so an address:port indicator
// says nothing of what the address sends from another port.
func (d *Set) incoming(o *ts.Observation, emit func(ts.Sighting)) {
	if !d.intel.Knows(o.Orig.Addr) {
		return // as nearly always
	}
	m := d.intel.Addr(o.Orig.Addr, 0, day(o))
	if m.Indicator == nil && m.Role&intel.RoleScanner == 0 || !d.comesIn(o) {
		return
	}
	s := d.attempt(o, ruleIncoming, o.Orig)
	if m.Indicator == nil {
		s.Feed, s.Indicator = m.RoleFeed, m.RoleValue
	}
	listed(&s, m)
	if s.Grade == ts.Attempted || m.Role&intel.RoleScanner != 0 {
		s.Family = kindScan
	}
	emit(s)
}

// listed names the indicator that lists the source of an attempt. Its family is that of
// the source's malware, if at all, and says nothing of what the source does here.
func listed(s *ts.Sighting, m intel.Match) {
	name(s, m)
	s.Family = ""
}

// attempt begins a sighting of an attempt by source on the responder of o.
func (d *Set) attempt(o *ts.Observation, rule string, source ts.End) ts.Sighting {
	s := d.sighting(o, ts.Attempt, rule, source, o.Resp)
	s.Flags |= d.source(o, source)
	return s
}

// source returns the flags of an attacking address.
func (d *Set) source(o *ts.Observation, source ts.End) ts.Flags {
	var f ts.Flags
	if o.Facts&ts.FactUnverified != 0 {
		f |= ts.FlagUnverified
	}
	if source.Addr.IsValid() {
		f |= d.intel.Addr(source.Addr, 0, day(o)).Role.Flags() & (ts.FlagScanner | ts.FlagEgress | ts.FlagShared)
	}
	return f
}

// honeypot judges what a honeypot's visitor did: nobody has business there.
func (d *Set) honeypot(o *ts.Observation, emit func(ts.Sighting)) {
	if !o.Orig.Addr.IsValid() {
		return
	}
	s := d.attempt(o, ruleHoneypot, o.Orig)
	if m := d.intel.Addr(o.Orig.Addr, 0, day(o)); m.Indicator != nil {
		listed(&s, m)
	}
	switch {
	case o.Record == ts.RecordLogin:
		s.Grade = ts.Established // there is a dialogue, whatever the record shows of it
		s.Family = kindOfVisit(string(o.Signature))
	case s.Grade == ts.Attempted:
		s.Family = kindScan
	}
	emit(s)
}

// sunk judges a contact with a sinkhole's own address: the visitor is infected. The
// sinkhole is nobody's control server.
func (d *Set) sunk(o *ts.Observation, emit func(ts.Sighting)) {
	if !o.Orig.Addr.IsValid() {
		return
	}
	s := d.sighting(o, ts.Control, ruleSinkhole, o.Resp, o.Orig)
	m, host := d.named(o)
	s.PerpName = hostName(host)
	s.Flags |= ts.FlagSinkhole | d.client(o)
	if relation(m.Indicator) {
		name(&s, m)
	}
	emit(s)
}
