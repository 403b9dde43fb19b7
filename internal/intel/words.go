package intel

import (
	"strings"
	"unicode"

	"github.com/tallystick/tallystick"
)

// meaning reads what the free words of a feed (labels, tags, descriptions) say of an
// entry. Both results are 0 where they say nothing that is known.
func meaning(text string) (tallystick.Class, Role) {
	words := wordsOf(text)
	if r := roleWords(words); r != 0 {
		return 0, r
	}
	return classWords(words), 0
}

func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '&'
	})
}

func roleWords(words []string) Role {
	for _, w := range words {
		switch {
		case strings.HasPrefix(w, "sinkhole"):
			return RoleSinkhole
		case w == "censys" || w == "shodan" || w == "stretchoid" || w == "researchscanner":
			return RoleScanner
		case strings.HasPrefix(w, "parking") || w == "parked":
			return RoleParked
		case w == "tor" || strings.HasSuffix(w, "vpn") || w == "proton" || w == "anonymization":
			return RoleEgress
		case w == "megauploadsites" || w == "cdn":
			return RoleShared
		case w == "doh" || w == "resolver":
			return RoleResolver
		}
	}
	if strings.Contains(strings.Join(words, " "), "dns over https") {
		return RoleResolver
	}
	return 0
}

func classWords(words []string) tallystick.Class {
	class := tallystick.Class(0)
	for _, w := range words {
		switch {
		case isControlWord(w):
			return tallystick.Control
		case strings.Contains(w, "spyware"), strings.Contains(w, "stalkerware"), w == "nso", w == "pegasus":
			class = tallystick.Spyware
		case strings.HasPrefix(w, "phish"), strings.HasSuffix(w, "phish"), w == "phishing":
			if class != tallystick.Spyware {
				class = tallystick.Phishing
			}
		case isAttemptWord(w) && class == 0:
			class = tallystick.Attempt
		}
	}
	return class
}

func isControlWord(w string) bool {
	switch w {
	case "c2", "c&c", "cc", "cnc", "botnet", "command", "rat", "remoteaccess", "cobaltstrike":
		return true
	}
	return false
}

func isAttemptWord(w string) bool {
	switch w {
	case "recon", "reconnaissance", "scan", "scanner", "scanning", "exploit", "exploitation",
		"brute", "bruteforce", "banlist", "compromised", "reputation", "spam", "atomspam",
		"sip", "log4j", "honeypot", "ssh":
		return true
	}
	return false
}
