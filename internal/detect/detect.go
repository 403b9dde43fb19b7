// Package detect knows how observations and indicators become sightings: who did what
// to whom. It must never know places, the ledger, telemetry formats or a clock.
//
// Every detector judges one record by that record alone, so that for any two runs of
// records A and B, D(A followed by B) = merge(D(A), D(B)): batch borders and growing
// files change nothing. What one record cannot show is decided when counting.
package detect

import (
	"bytes"
	"net/netip"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/intel"
)

// The rules: detector and version. They are written into rows, and their list is part
// of what a batch names as its rules.
const (
	ruleContact  = "listed-contact/2"
	ruleIncoming = "listed-incoming/3"
	ruleLookup   = "listed-lookup/1"
	ruleWebShell = "web-shell/3"
	ruleAlert    = "alert/3"
	ruleHoneypot = "honeypot/3"
	ruleSinkhole = "sinkhole/3"
	ruleReported = "reported/2"
)

// Rules returns the names of all detectors with their versions.
func Rules() []string {
	return []string{ruleContact, ruleIncoming, ruleLookup, ruleWebShell,
		ruleAlert, ruleHoneypot, ruleSinkhole, ruleReported}
}

// Set judges the observations of one sensor. It keeps no state between records and
// may be shared by goroutines.
type Set struct {
	intel  *intel.Set
	sensor *ts.Sensor
}

// New returns the detectors for a sensor. The sensor's name stands in every sighting.
func New(known *intel.Set, sensor *ts.Sensor) *Set {
	return &Set{intel: known, sensor: sensor}
}

// Observe calls emit for each sighting that o shows. The sighting is the callee's; o
// is not kept.
func (d *Set) Observe(o *ts.Observation, emit func(ts.Sighting)) {
	if ts.Group(o.Orig.Addr) || ts.Group(o.Resp.Addr) {
		return
	}
	if path := intel.PlainPath(o.Path); len(path) != len(o.Path) || !bytes.Equal(path, o.Path) {
		plain := *o
		plain.Path = path
		o = &plain
	}
	switch o.Record {
	case ts.RecordDNS:
		d.lookup(o, emit)
	case ts.RecordAlert:
		d.alert(o, emit)
	case ts.RecordLogin:
		d.honeypot(o, emit)
	case ts.RecordReport:
		d.reported(o, emit)
	case ts.RecordAccess:
		d.access(o, emit)
	case ts.RecordConn, ts.RecordHTTP, ts.RecordTLS:
		d.contact(o, emit)
	}
}

// contact judges a conversation on the wire by the direction in which it began and by
// what the sensor is.
func (d *Set) contact(o *ts.Observation, emit func(ts.Sighting)) {
	switch {
	case o.Facts&ts.FactUnasked != 0 && o.Facts&ts.FactReplied == 0:
		return // backscatter: nobody here asked for it
	case d.sensor.Role == ts.RoleHoneypot && d.visits(o):
		d.honeypot(o, emit)
	case d.sensor.Role == ts.RoleSinkhole && d.visits(o):
		d.sunk(o, emit)
	case d.outgoing(o, emit):
	case o.Record == ts.RecordHTTP && d.webShell(o, o.Orig.Addr, emit):
	default:
		d.incoming(o, emit)
	}
}

// declared reports whether a is in the networks that the sensor declares.
func (d *Set) declared(a netip.Addr) bool {
	for _, p := range d.sensor.Networks {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// inside reports whether a stands behind the sensor: declared so, or not public.
func (d *Set) inside(a netip.Addr) bool { return d.declared(a) || !d.sensor.Global(a) }

// comesIn reports whether o was begun from outside.
func (d *Set) comesIn(o *ts.Observation) bool { return !d.inside(o.Orig.Addr) }

// visits reports whether o is a visit of somebody else to the honeypot or sinkhole that the
// sensor is. Where its networks are declared, it stands there or, behind a NAT, at an
// address that is not public; and whoever is not there is somebody else, a neighbour too.
func (d *Set) visits(o *ts.Observation) bool {
	if len(d.sensor.Networks) == 0 {
		return d.comesIn(o)
	}
	return !d.declared(o.Orig.Addr) && d.inside(o.Resp.Addr)
}

// sighting begins a sighting of o between a perpetrator and a victim end. Internal
// ends are flagged.
func (d *Set) sighting(o *ts.Observation, class ts.Class, rule string, perp, victim ts.End) ts.Sighting {
	s := ts.Sighting{
		Class: class, Grade: ts.Attempted, Rule: rule, Sensor: d.sensor.Name,
		Perp: perp.Addr, PerpPort: perp.Port, Victim: victim.Addr, VictimPort: victim.Port,
		First: o.Start, Last: o.Start, Records: 1, At: o.At,
	}
	if o.Facts&ts.FactReplied != 0 {
		s.Grade = ts.Established
	}
	if perp.Addr.IsValid() && !d.sensor.Global(perp.Addr) {
		s.Flags |= ts.FlagPerpInternal
	}
	if victim.Addr.IsValid() && !d.sensor.Global(victim.Addr) {
		s.Flags |= ts.FlagVictimInternal
	}
	return s
}

// name names the indicator that matched, and what else is known of the match.
func name(s *ts.Sighting, m intel.Match) {
	if i := m.Indicator; i != nil {
		s.Family, s.Feed, s.Indicator = i.Family, i.Feed, i.Value
		if i.Undated() {
			s.Flags |= ts.FlagUndated
		}
	}
	if m.Vetoed {
		s.Flags |= ts.FlagVetoed
	}
}

func day(o *ts.Observation) ts.Day { return ts.DayOf(o.Start) }
