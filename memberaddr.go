package tallystick

import (
	"encoding/binary"
	"net/netip"
)

// MemberAddrs returns the public addresses in a member, and networks where it counts
// those: of an attack its source and its target, of a contact its client. A member of a
// name or an internal address has none.
func MemberAddrs(member []byte) []netip.Prefix {
	if len(member) == 0 {
		return nil
	}
	switch member[0] {
	case memberAttack:
		source, rest := leadAddr(member[1:])
		target, _ := leadAddr(rest)
		return append(source, target...)
	case memberContact:
		client, _ := leadAddr(member[1:])
		return client
	}
	only, _ := leadAddr(member)
	return only
}

// leadAddr returns the address that b begins with, if it is one, and what is behind.
func leadAddr(b []byte) (addr []netip.Prefix, rest []byte) {
	host := func(a netip.Addr) []netip.Prefix { return []netip.Prefix{netip.PrefixFrom(a, a.BitLen())} }
	switch {
	case len(b) >= 5 && b[0] == memberIP4:
		return host(netip.AddrFrom4([4]byte(b[1:5]))), b[5:]
	case len(b) >= 17 && b[0] == memberIP6:
		return host(netip.AddrFrom16([16]byte(b[1:17]))), b[17:]
	case len(b) >= 9 && b[0] == memberNet64:
		var a [16]byte
		copy(a[:8], b[1:9])
		return []netip.Prefix{netip.PrefixFrom(netip.AddrFrom16(a), 64)}, b[9:]
	case len(b) >= 2 && b[0] == memberInternal && len(b) >= 2+int(b[1]):
		_, rest = leadAddr(b[2+int(b[1]):])
		return nil, rest
	case len(b) >= 3 && b[0] == memberDomain:
		return nil, b[min(len(b), 3+int(binary.BigEndian.Uint16(b[1:]))):]
	}
	return nil, b
}
