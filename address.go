package tallystick

import "net/netip"

// nonGlobal are the blocks of the IANA special-purpose address registries with
// "Globally Reachable" false, and multicast (RFC 6890 and its successors, as of
// 2026). globalInside are the more specific blocks that the registries except.
var (
	nonGlobal = prefixes(
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
		"172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.2/32", "192.168.0.0/16",
		"198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
		"::/127", "64:ff9b:1::/48", "100::/63", "2001::/23", "2001:db8::/32", "3fff::/20",
		"5f00::/16", "fc00::/7", "fe80::/10", "ff00::/8",
	)
	globalInside = prefixes(
		"192.0.0.9/32", "192.0.0.10/32",
		"2001:1::1/128", "2001:1::2/128", "2001:1::3/128", "2001:3::/32", "2001:4:112::/48",
		"2001:20::/28", "2001:30::/28",
	)
	nat64 = netip.MustParsePrefix("64:ff9b::/96")
)

func prefixes(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(texts))
	for i, t := range texts {
		list[i] = netip.MustParsePrefix(t)
	}
	return list
}

// Canonical returns the address that is counted: without zone, IPv4-mapped and
// NAT64 (64:ff9b::/96, RFC 6052) forms as their IPv4 address.
func Canonical(a netip.Addr) netip.Addr {
	if a.Is4() {
		return a
	}
	a = a.Unmap().WithZone("")
	if a.Is6() && nat64.Contains(a) {
		b := a.As16()
		return netip.AddrFrom4([4]byte(b[12:]))
	}
	return a
}

// Routable reports whether a is globally routable by the IANA special-purpose
// registries. Multicast is not. a must be Canonical; the zero Addr is not routable.
func Routable(a netip.Addr) bool {
	if !a.IsValid() {
		return false
	}
	if a.Is4() {
		switch first := a.As4()[0]; {
		case first >= 224: // multicast and reserved: all of the upper eighth
			return false
		case plainlyGlobal(first):
			return true
		}
	}
	for _, p := range nonGlobal {
		if p.Contains(a) {
			return contains(globalInside, a)
		}
	}
	return true
}

// plainlyGlobal reports whether no block of nonGlobal begins with the octet, which is below
// 224: nine in ten addresses need no more.
func plainlyGlobal(first byte) bool {
	switch first {
	case 0, 10, 100, 127, 169, 172, 192, 198, 203:
		return false
	}
	return true
}

func contains(list []netip.Prefix, a netip.Addr) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// Group reports whether a addresses many hosts at once: multicast, or the IPv4
// limited broadcast. Such an end is never a victim or a server.
func Group(a netip.Addr) bool {
	if a.Is4() {
		b := a.As4()
		return b[0]>>4 == 14 || b == [4]byte{255, 255, 255, 255}
	}
	return a.IsMulticast()
}
