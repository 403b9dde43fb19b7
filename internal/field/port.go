package field

import (
	"bytes"
	"net/netip"

	"github.com/tallystick/tallystick"
)

// Port reads a port in decimal; one that is not written is 0, unknown.
func Port(text []byte) (uint16, bool) {
	n := uint(0)
	for _, c := range text {
		if c-'0' > 9 || n > 65535 {
			return 0, false
		}
		n = n*10 + uint(c-'0')
	}
	return uint16(n), n <= 65535
}

// End reads an address, bare or in brackets, and the port that may follow it:
// "240.0.0.1", "2001:db8::1", "[2001:db8::1]", "240.0.0.1:80", "[2001:db8::1]:80". A
// port must not follow an IPv6 address without brackets (RFC 5952, section 6), nor an
// IPv4 address in them.
func End(text []byte) (tallystick.End, bool) {
	if a, ok := Address(text); ok {
		return tallystick.End{Addr: a}, true
	}
	if len(text) > 0 && text[0] == '[' {
		return bracketed(text[1:])
	}
	host, digits, _ := bytes.Cut(text, []byte(":"))
	four, ok := ipv4(host)
	port, ok2 := Port(digits)
	if !ok || !ok2 || len(digits) == 0 {
		return tallystick.End{}, false
	}
	return tallystick.End{Addr: netip.AddrFrom4(four), Port: port}, true
}

// bracketed reads what follows an opening bracket.
func bracketed(text []byte) (tallystick.End, bool) {
	literal, after, closed := bytes.Cut(text, []byte("]"))
	if !closed {
		return tallystick.End{}, false
	}
	a, ok := Address(literal)
	if !ok || len(after) == 0 {
		return tallystick.End{Addr: a}, ok
	}
	port, ok := Port(after[1:])
	if after[0] != ':' || len(after) == 1 || !ok || bytes.IndexByte(literal, ':') < 0 {
		return tallystick.End{}, false
	}
	return tallystick.End{Addr: a, Port: port}, true
}
