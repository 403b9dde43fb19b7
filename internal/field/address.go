package field

import (
	"bytes"
	"net/netip"

	"github.com/tallystick/tallystick"
)

// Address reads an IP address and makes it canonical. What it accepts is what
// netip.ParseAddr accepts, which would need a string.
func Address(text []byte) (netip.Addr, bool) {
	if four, ok := ipv4(text); ok {
		return netip.AddrFrom4(four), true
	}
	sixteen, ok := ipv6(text)
	if !ok {
		return netip.Addr{}, false
	}
	return tallystick.Canonical(netip.AddrFrom16(sixteen)), true
}

// ipv4 reads four decimal bytes without leading zeros (RFC 6943, section 3.1.1).
func ipv4(v []byte) (a [4]byte, ok bool) {
	n, part, length := uint(0), 0, 0
	for _, c := range v {
		switch {
		case c-'0' <= 9:
			n = n*10 + uint(c-'0')
			length++
			if n > 255 || length > 1 && n < 10 {
				return a, false
			}
		case c == '.' && length > 0 && part < 3:
			a[part] = byte(n)
			n, part, length = 0, part+1, 0
		default:
			return a, false
		}
	}
	a[3] = byte(n)
	return a, part == 3 && length > 0
}

// ipv6 reads the text forms of RFC 4291, section 2.2. A zone is dropped, since what
// is counted has none.
func ipv6(v []byte) (a [16]byte, ok bool) {
	v, zone, zoned := bytes.Cut(v, []byte("%"))
	if zoned && len(zone) == 0 {
		return a, false
	}
	n, gap := 0, -1 // bytes read; where :: stands
	if len(v) >= 2 && v[0] == ':' && v[1] == ':' {
		gap, v = 0, v[2:]
	}
	for len(v) > 0 {
		if n == 16 {
			return a, false
		}
		group, length := hex4(v)
		if length == 0 {
			return a, false
		}
		if length < len(v) && v[length] == '.' {
			four, ok := ipv4(v)
			if !ok || n > 12 {
				return a, false
			}
			n += copy(a[n:], four[:])
			break
		}
		a[n], a[n+1] = byte(group>>8), byte(group)
		n, v = n+2, v[length:]
		if len(v) == 0 {
			break
		}
		if v[0] != ':' || len(v) == 1 {
			return a, false
		}
		v = v[1:]
		if v[0] == ':' {
			if gap >= 0 {
				return a, false
			}
			gap, v = n, v[1:]
		}
	}
	return spread(a, n, gap)
}

// hex4 reads up to four hexadecimal digits.
func hex4(v []byte) (group uint, length int) {
	for length < len(v) && length < 4 {
		d := nibble(v[length])
		if d > 15 {
			break
		}
		group = group<<4 | uint(d)
		length++
	}
	return group, length
}

// spread moves what followed :: to the end of the address.
func spread(a [16]byte, n, gap int) ([16]byte, bool) {
	if gap < 0 || n == 16 {
		return a, n == 16 && gap < 0
	}
	tail := n - gap
	copy(a[16-tail:], a[gap:n])
	clear(a[gap : 16-tail])
	return a, true
}
