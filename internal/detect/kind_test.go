package detect

import "testing"

// TestKindOfAlert: a text that does not say that the originator attacks accuses nobody.
func TestKindOfAlert(t *testing.T) {
	for category, want := range map[string]string{
		"Detection of a Network Scan": "scan", "Attempt to login by a default username and password": "brute-force",
		"Web Application Attack": "exploit", "Misc Attack": "",
	} {
		if kind, attacks := kindOfAlert(category); !attacks || kind != want {
			t.Errorf("%s: %q, %v, want %q", category, kind, attacks, want)
		}
	}
	for _, category := range []string{"", "Potentially Bad Traffic", "A Network Trojan was detected", "Exploit Kit Activity Detected",
		"Possible Social Engineering Attempted", "Generic ICMP event", "Something of our own"} {
		if kind, attacks := kindOfAlert(category); attacks || kind != "" {
			t.Errorf("%s accuses: %q", category, kind)
		}
	}
}

func TestKindOfVisit(t *testing.T) {
	for event, want := range map[string]string{
		"cowrie.session.connect": "scan", "cowrie.login.failed": "brute-force", "cowrie.login.success": "brute-force",
		"cowrie.command.input": "exploit", "cowrie.session.file_download": "exploit", "cowrie.direct-tcpip.request": "exploit",
	} {
		if got := kindOfVisit(event); got != want {
			t.Errorf("%s: %s, want %s", event, got, want)
		}
	}
}

func TestKindOfReport(t *testing.T) {
	for report, want := range map[string]string{
		"event4_honeypot_brute_force": "brute-force", "event4_honeypot_http_scan": "scan", "event6_sinkhole": "",
	} {
		if got := kindOfReport(report); got != want {
			t.Errorf("%s: %s, want %s", report, got, want)
		}
	}
}
