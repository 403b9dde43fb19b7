package detect

import (
	"bytes"
	"net/netip"
	"strings"

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
	m, path := d.intel.Path(o.Path, day(o)), o.Path
	if m.Indicator == nil {
		path = script(o.Path)
		m = d.intel.Path(path, day(o))
	}
	if m.Indicator == nil || m.Indicator.Class != ts.Backdoor {
		return false
	}
	perp := ts.End{Addr: source}
	if source == o.Orig.Addr {
		perp.Port = o.Orig.Port
	}
	victim, proxied := o.Resp, o.Facts&ts.FactProxied != 0
	if proxied || d.shared(victim.Addr, o) {
		victim = ts.End{} // the address of a proxy or CDN says nothing of where the site is
	}
	s := d.sighting(o, ts.Backdoor, ruleWebShell, perp, victim)
	if proxied {
		s.Via = o.Resp.Addr
	}
	s.Grade = ts.Attempted
	if o.Status >= 200 && o.Status < 300 {
		s.Grade = ts.Established
	}
	name(&s, m)
	s.Flags |= d.source(o, perp)
	if o.Facts&ts.FactUpload != 0 {
		s.Flags |= ts.FlagUpload
	}
	s.Path = string(path)
	s.VictimName, s.Site = d.site(o)
	emit(s)
	return true
}

// script returns the part of a path that names the script which a server runs, where more
// follows it (RFC 3875, section 4.1.5, PATH_INFO); nil where nothing does.
func script(path []byte) []byte {
	for from := 0; ; {
		dot := bytes.IndexByte(path[from:], '.')
		if dot < 0 {
			return nil
		}
		from += dot + 1
		extension, _, more := bytes.Cut(path[from:], []byte("/"))
		if more && isScript(extension) {
			return path[:from+len(extension)]
		}
	}
}

func isScript(extension []byte) bool {
	for _, known := range [...]string{"php", "asp", "aspx", "jsp"} {
		if strings.EqualFold(string(extension), known) {
			return true
		}
	}
	return false
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
	return d.declared(a) || d.shared(a, o)
}

func (d *Set) shared(a netip.Addr, o *ts.Observation) bool {
	return a.IsValid() && d.intel.Addr(a, 0, day(o)).Role&intel.RoleShared != 0
}
