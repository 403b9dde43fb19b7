package detect

import (
	"net/netip"
	"strings"

	"golang.org/x/net/publicsuffix"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/intel"
)

// access judges a line of a web server's log: use of a listed web shell, else a visit
// by a listed address.
func (d *Set) access(o *ts.Observation, emit func(ts.Sighting)) {
	source := d.visitor(o)
	if d.webShell(o, source, emit) {
		return
	}
	if source == o.Orig.Addr {
		d.incoming(o, emit)
	}
}

// webShell looks for a request to a listed web shell path. The Host header is written
// by the client and a scanner asks for shells everywhere: only a 2xx is established.
func (d *Set) webShell(o *ts.Observation, source netip.Addr, emit func(ts.Sighting)) bool {
	m := d.intel.Path(o.Path, day(o))
	if m.Indicator == nil || m.Indicator.Class != ts.Backdoor {
		return false
	}
	perp := ts.End{Addr: source}
	if source == o.Orig.Addr {
		perp.Port = o.Orig.Port
	}
	victim := o.Resp
	if d.shared(victim.Addr, o) {
		victim = ts.End{} // a CDN's address says nothing of where the site is
	}
	s := d.sighting(o, ts.Backdoor, ruleWebShell, perp, victim)
	s.Grade = ts.Attempted
	if o.Status >= 200 && o.Status < 300 {
		s.Grade = ts.Established
	}
	name(&s, m)
	s.Flags |= d.source(o, perp)
	if o.Facts&ts.FactUpload != 0 {
		s.Flags |= ts.FlagUpload
	}
	s.Path = string(o.Path)
	s.VictimName = hostName(o.Name)
	if d.Site(s.VictimName) == "" {
		s.VictimName = d.sensor.Site
	}
	s.Site = d.Site(s.VictimName)
	emit(s)
	return true
}

// visitor returns who sent the request. Behind a declared proxy it is the rightmost
// hop that is not one, the zero Addr where none is told; X-Forwarded-For of anybody
// else is forgeable and not read.
func (d *Set) visitor(o *ts.Observation) netip.Addr {
	if !d.proxy(o.Orig.Addr, o) {
		return o.Orig.Addr
	}
	for i := len(o.Hops) - 1; i >= 0; i-- {
		if !d.proxy(o.Hops[i], o) {
			return o.Hops[i]
		}
	}
	return netip.Addr{}
}

// proxy reports whether a is a reverse proxy of the site: declared among the sensor's
// networks, or a listed CDN.
func (d *Set) proxy(a netip.Addr, o *ts.Observation) bool {
	for _, p := range d.sensor.Networks {
		if p.Contains(a) {
			return true
		}
	}
	return d.shared(a, o)
}

func (d *Set) shared(a netip.Addr, o *ts.Observation) bool {
	return a.IsValid() && d.intel.Addr(a, 0, day(o)).Role&intel.RoleShared != 0
}

// Site returns the registrable domain of a host name by the public suffix list, ""
// where it has none, as an address.
func (d *Set) Site(host string) string {
	if host == "" || !strings.Contains(host, ".") {
		return ""
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return ""
	}
	site, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return ""
	}
	return site
}
