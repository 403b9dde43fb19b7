package detect

import (
	ts "github.com/tallystick/tallystick"
)

// alert judges an intrusion detection alert. Where what the flow asked for is listed, it
// shows a contact of somebody inside, as the request's own record would. Else it is an
// attempt by the end that began the flow, whichever way the packet went that fired.
func (d *Set) alert(o *ts.Observation, emit func(ts.Sighting)) {
	if !o.Orig.Addr.IsValid() {
		return
	}
	if len(o.Name) > 0 && !d.comesIn(o) && d.outgoing(o, emit) {
		return
	}
	kind, attacks := kindOfAlert(string(o.Category))
	if !attacks {
		return
	}
	s := d.attempt(o, ruleAlert, o.Orig)
	s.Family, s.Feed, s.Indicator = kind, "alert", string(o.Signature)
	emit(s)
}
