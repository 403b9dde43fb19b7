package detect

import (
	ts "github.com/tallystick/tallystick"
)

// alert judges an intrusion detection alert: an attempt by the end that began the
// flow, whichever way the packet went that fired.
func (d *Set) alert(o *ts.Observation, emit func(ts.Sighting)) {
	if !o.Orig.Addr.IsValid() || !attacks(string(o.Category)) {
		return
	}
	s := d.attempt(o, ruleAlert, o.Orig)
	s.Feed, s.Indicator = "alert", string(o.Signature)
	emit(s)
}

// attacks reports whether alerts of a Suricata classification say that the flow's
// originator attacks. Others speak of policy and protocol noise, or of an infected
// originator, which is the victim of somebody the alert does not name.
func attacks(category string) bool {
	switch category {
	case "Not Suspicious Traffic", "Unknown Traffic", "Generic Protocol Command Decode", "Misc activity",
		"Potential Corporate Privacy Violation", "Device Retrieving External IP Address Detected",
		"A Network Trojan was detected", "Malware Command and Control Activity Detected",
		"Domain Observed Used for C2 Detected", "Successful Credential Theft Detected",
		"Crypto Currency Mining Activity Detected", "Possibly Unwanted Program Detected":
		return false
	default:
		return true
	}
}
