package detect

import "strings"

// The kinds of an attempt, in the words of its row's family; "" where the record does not
// tell it. In RSIT (enisaeu/Reference-Security-Incident-Taxonomy-Task-Force) they are
// information-gathering: scanner, intrusion-attempts: brute-force and: exploit.
const (
	kindScan       = "scan"
	kindBruteForce = "brute-force"
	kindExploit    = "exploit"
)

// kindOfAlert says whether alerts of a Suricata classification (classification.config, by
// its text) tell that the flow's originator attacks, and how. All others speak of policy
// and protocol noise, of an infected originator or of one that is attacked by what it
// visits; and a text that is not known accuses nobody.
func kindOfAlert(category string) (kind string, attacks bool) {
	switch category {
	case "Detection of a Network Scan", "Attempted Information Leak", "Information Leak", "Large Scale Information Leak":
		return kindScan, true
	case "Attempt to login by a default username and password", "An attempted login using a suspicious username was detected":
		return kindBruteForce, true
	case "Attempted User Privilege Gain", "Unsuccessful User Privilege Gain", "Successful User Privilege Gain",
		"Attempted Administrator Privilege Gain", "Successful Administrator Privilege Gain",
		"Executable code was detected", "Web Application Attack":
		return kindExploit, true
	case "Misc Attack", "Targeted Malicious Activity was Detected", "access to a potentially vulnerable web application",
		"Attempted Denial of Service", "Denial of Service", "Detection of a Denial of Service Attack":
		return "", true
	}
	return "", false
}

// kindOfVisit tells what a Cowrie event shows. Whoever gives commands, moves files or asks
// for a tunnel makes use of a machine that is not his.
func kindOfVisit(event string) string {
	switch {
	case event == "cowrie.session.connect":
		return kindScan
	case strings.HasPrefix(event, "cowrie.login."):
		return kindBruteForce
	default:
		return kindExploit
	}
}

// kindOfReport tells what a type of Shadowserver's honeypot reports shows.
func kindOfReport(report string) string {
	switch {
	case strings.HasSuffix(report, "_brute_force"):
		return kindBruteForce
	case strings.HasSuffix(report, "_scan"):
		return kindScan
	default:
		return ""
	}
}
