package detect

import (
	"net/netip"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	ts "github.com/tallystick/tallystick"
)

// maxName is the length in bytes beyond which nothing is tried as a name: no letter takes more
// than four bytes.
const maxName = 4 * 253

// hostName returns a name as it stands in a row: in A-labels, "" where it is an address
// or could not be a name. Clients write Host headers, and so may write anything.
func hostName(name []byte) string {
	if len(name) == 0 || len(name) > maxName {
		return ""
	}
	s := strings.TrimSuffix(string(name), ".") // the root, which a name may end in
	if _, err := netip.ParseAddr(s); err == nil {
		return ""
	}
	if !utf8.ValidString(s) {
		return ""
	}
	if !ascii(s) {
		mapped, err := idna.Lookup.ToASCII(s)
		if err != nil {
			return ""
		}
		s = mapped
	}
	if s = strings.ToLower(s); !ts.IsHostName(s) {
		return ""
	}
	return s
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
