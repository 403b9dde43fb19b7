package detect

import (
	"strings"

	ts "github.com/tallystick/tallystick"
)

// reported judges a line of a Shadowserver report by what its type says of the two
// ends. Types that name neither an infected nor an attacking address give no sighting.
func (d *Set) reported(o *ts.Observation, emit func(ts.Sighting)) {
	if !o.Orig.Addr.IsValid() {
		return
	}
	var s ts.Sighting
	switch meaning(string(o.Signature)) {
	case saysInfected:
		s = d.sighting(o, ts.Control, ruleReported, o.Resp, o.Orig)
		s.Grade = ts.Established
		s.Flags |= ts.FlagSinkhole
		s.PerpName = hostName(o.Name)
	case saysLookedUp:
		s = d.sighting(o, ts.Control, ruleReported, ts.End{}, o.Orig)
		s.Grade = ts.LookedUp
		s.Flags |= ts.FlagSinkhole
		s.Via, s.PerpName = o.Resp.Addr, hostName(o.Name)
	case saysAttacks:
		s = d.attempt(o, ruleReported, o.Orig)
		s.Grade, s.Family = ts.Established, kindOfReport(string(o.Signature))
	case saysMaybeAttacks:
		s = d.attempt(o, ruleReported, o.Orig)
		s.Grade, s.Family = ts.Attempted, kindScan
		s.Flags |= ts.FlagUnverified
	default:
		return
	}
	if s.Class != ts.Attempt {
		s.Family = string(o.Family)
	}
	s.HostID = string(o.HostID)
	s.Feed, s.Indicator = "shadowserver", string(o.Signature)
	emit(s)
}

// Tells reports whether rows of a report of that type give sightings.
func Tells(report string) bool { return meaning(report) != saysNothing }

type says uint8

const (
	saysNothing      says = iota
	saysInfected          // the source contacted a sinkhole
	saysLookedUp          // the source asked a sinkhole's name server
	saysAttacks           // the source attacked a honeypot, over a connection
	saysMaybeAttacks      // the same in single packets, whose source may be spoofed
)

// meaning maps a report type to the roles of its ends. In a sinkhole report the source
// is the victim; the referer of a sinkhole's visitor and the target or abused reflector
// of a denial of service are not infected.
func meaning(report string) says {
	kind := report
	if _, rest, ok := strings.Cut(report, "_"); ok && strings.HasPrefix(report, "event") {
		kind = rest
	}
	switch {
	case strings.HasSuffix(kind, "http_referer"):
		return saysNothing
	case strings.HasSuffix(kind, "sinkhole_dns"):
		return saysLookedUp
	case strings.Contains(kind, "sinkhole"):
		return saysInfected
	case kind == "honeypot_darknet":
		return saysMaybeAttacks
	case kind == "honeypot_brute_force", kind == "honeypot_http_scan", kind == "honeypot_ics_scan",
		kind == "honeypot_rdp_scan", kind == "honeypot_smb_scan", kind == "honeypot_adb_scan",
		kind == "honeypot_vnc_scan", kind == "honeypot_rocketmq_scan":
		return saysAttacks
	default:
		return saysNothing
	}
}
