package intel

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/publicsuffix"
)

// parseName recognises a host name and gives it in lower-case A-labels without final
// dot. "*." and "." before it are dropped: a domain means its subdomains.
func parseName(s string) (value, string) {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "*"), ".")
	name, ok := canonicalName(strings.TrimSuffix(s, "."))
	switch {
	case !ok:
		return value{}, unusable(s)
	case strings.IndexByte(name, '.') < 0:
		return value{}, reasonOfLabel(name)
	case appName(name):
		return value{}, reasonApp
	}
	return value{kind: KindDomain, text: name}, ""
}

func reasonOfLabel(s string) string {
	if isHash(s) {
		return reasonHash
	}
	return reasonLabel
}

// unusable says why s, which is no name, is not used.
func unusable(s string) string {
	switch {
	case isHash(s):
		return reasonHash
	case strings.Count(s, "@") == 1 && strings.IndexByte(s, ' ') < 0:
		return reasonMail
	case strings.ContainsAny(s, "*\\[({|^$"):
		return reasonPattern
	}
	return reasonForm
}

func isHash(s string) bool {
	switch len(s) {
	case 32, 40, 56, 64, 96, 128: // MD5, SHA-1, SHA-2
		return strings.Trim(s, "0123456789abcdefABCDEF") == ""
	}
	return false
}

// appName reports whether s is a reversed name such as Android packages bear, and not
// a domain: it begins like one and ends in no top-level domain.
func appName(s string) bool {
	first, _, _ := strings.Cut(s, ".")
	switch first {
	case "com", "org", "net", "io", "app":
		_, icann := publicsuffix.PublicSuffix(s)
		return !icann
	}
	return false
}

// canonicalName checks the syntax of RFC 1035 section 2.3.1, with digits first and
// underscores as they occur, and converts IDN (RFC 5891).
func canonicalName(s string) (string, bool) {
	if !ascii(s) {
		var ok bool
		if s, ok = toALabels(s); !ok {
			return "", false
		}
	}
	if s == "" || len(s) > 253 {
		return "", false
	}
	upper, label := false, 0
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '.':
			if label == 0 {
				return "", false
			}
			label = -1
		case 'A' <= c && c <= 'Z':
			upper = true
		case !nameByte(c):
			return "", false
		}
		if label++; label > 63 {
			return "", false
		}
	}
	if label == 0 || digits(s[strings.LastIndexByte(s, '.')+1:]) {
		return "", false
	}
	if upper {
		s = strings.ToLower(s)
	}
	return s, true
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func nameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_'
}

// publicSuffix reports whether name is itself a public suffix; managed whether it is
// one of the registries' own, not of a provider's.
func publicSuffix(name string) (is, managed bool) {
	suffix, icann := publicsuffix.PublicSuffix(name)
	return suffix == name, icann
}
