package scenario

import (
	"fmt"
)

// benignTransit is the number of benign flows a day at the transit sensor, at scale 1.
const benignTransit = 4_800

// event is a line of Suricata's EVE log: flow, http or alert.
type event struct {
	at   int64 // when it was written: of a flow, when it ended
	flow *flow
	http *request
	alrt *alert
}

// eveDay writes one day of the transit sensor. A flow is written when it ends, maybe on
// the day after it began.
func (p *plan) eveDay(out *output, day int) error {
	var list []event
	rng := p.rng(fmt.Sprintf("transit %d", day))
	for _, c := range p.contacts[key{hkTransit, day}] {
		f := p.flow(c)
		if s := p.serverOf(c); s.name != "" {
			r := beacon(f, s.name)
			list = append(list, event{at: r.at, http: &r})
		}
		// The day's log must hold it: none lasts beyond midnight but those planted so.
		list = append(list, event{at: min(f.at+f.lasts, dayEnd(day)), flow: &f})
	}
	for _, k := range []key{{hkTransit, day - 1}, {hkTransit, day}} {
		for _, f := range p.flows[k] {
			if written := f.at + f.lasts; dayOf(written/1e6) == day {
				list = append(list, event{at: written, flow: &f})
			}
		}
	}
	for _, r := range p.requests[key{hkTransit, day}] {
		list = append(list, event{at: r.at, http: &r})
	}
	for _, a := range p.alerts[key{hkTransit, day}] {
		list = append(list, event{at: a.at, alrt: &a})
	}
	if day < windowDays {
		for range p.sized(benignTransit, 10) {
			f := benignFlow(rng, day)
			list = append(list, event{at: min(f.at+f.lasts, dayEnd(day)), flow: &f})
		}
	}
	for e := range inTime(list, func(e *event) int64 { return e.at }) {
		out.line = e.appendTo(out.line)
		if err := out.flushLine(); err != nil {
			return err
		}
	}
	return nil
}

// dayEnd is the last microsecond of a day.
func dayEnd(day int) int64 { return (windowStart+int64(day+1)*86400)*1e6 - 1 }

func (e *event) appendTo(dst []byte) []byte {
	switch {
	case e.http != nil:
		return appendEveHTTP(dst, e.at, e.http)
	case e.alrt != nil:
		return appendEveAlert(dst, e.at, e.alrt)
	}
	return appendEveFlow(dst, e.at, e.flow)
}
