package detect

import (
	"net/netip"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// maxName is the length of the longest host name (RFC 1035, 2.3.4).
const maxName = 253

// hostName returns a name as it stands in a row: in A-labels, "" where it is an address
// or could not be a name. Clients write Host headers, and so may write anything.
func hostName(name []byte) string {
	if len(name) == 0 || len(name) > maxName {
		return ""
	}
	s := string(name)
	if _, err := netip.ParseAddr(s); err == nil {
		return ""
	}
	if !utf8.ValidString(s) {
		return ""
	}
	if !ascii(s) {
		mapped, err := idna.Lookup.ToASCII(s)
		if err != nil || len(mapped) > maxName {
			return ""
		}
		return mapped
	}
	return strings.ToLower(s)
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
