package intel

import "net/netip"

// internal reports whether a can be no server that a feed means: every network has its
// own host of that address. Reserved and documentation blocks are not internal.
func internal(a netip.Addr) bool {
	if a.Is4() {
		b := a.As4()
		switch {
		case b[0] == 0, b[0] == 100 && b[1]&0xc0 == 64, b == [4]byte{255, 255, 255, 255}:
			return true // RFC 791, RFC 6598, RFC 919
		}
	}
	return a.IsPrivate() || a.IsLoopback() || a.IsUnspecified() || a.IsLinkLocalUnicast() || a.IsMulticast()
}
