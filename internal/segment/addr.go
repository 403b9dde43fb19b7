package segment

import (
	"encoding/binary"
	"net/netip"
)

// IPv4 addresses are kept as ::ffff:a.b.c.d, and the unknown address as ::. The IPv6
// address :: itself is kept as 64:ff9b::, the NAT64 form of 0.0.0.0, which a canonical
// address never has.
const (
	mapped      = 0xffff << 32
	unspecified = 0x0064ff9b << 32
)

// Halves returns the two 64-bit columns of an address.
func Halves(a netip.Addr) (hi, lo uint64) {
	switch {
	case !a.IsValid():
		return 0, 0
	case a.Is4():
		b := a.As4()
		return 0, mapped | uint64(binary.BigEndian.Uint32(b[:]))
	case a == netip.IPv6Unspecified():
		return unspecified, 0
	}
	b := a.As16()
	return binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
}

// AddrOf is the inverse of Halves.
func AddrOf(hi, lo uint64) netip.Addr {
	switch {
	case hi == 0 && lo == 0:
		return netip.Addr{}
	case IsIPv4(hi, lo):
		var b [4]byte
		binary.BigEndian.PutUint32(b[:], uint32(lo))
		return netip.AddrFrom4(b)
	case hi == unspecified && lo == 0:
		return netip.IPv6Unspecified()
	}
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], hi)
	binary.BigEndian.PutUint64(b[8:], lo)
	return netip.AddrFrom16(b)
}

// IsIPv4 reports whether the halves are those of an IPv4 address, which then is uint32(lo).
func IsIPv4(hi, lo uint64) bool { return hi == 0 && lo>>32 == 0xffff }
