package tallystick

import (
	"encoding/binary"
	"net/netip"
)

// Members of counted sets are byte strings that begin with their kind (proof
// protocol 3.2). Equal bytes are one member.
const (
	memberIP4      = 0x04
	memberIP6      = 0x06
	memberNet64    = 0x07
	memberAttack   = 0x0a
	memberPage     = 0x0b
	memberContact  = 0x0c
	memberDomain   = 0x0d
	memberInternal = 0x0e
	memberHostID   = 0x0f
)

// AppendAddrMember appends the member of a public address, which must be Canonical.
func AppendAddrMember(dst []byte, a netip.Addr) []byte {
	if a.Is4() {
		b := a.As4()
		return append(append(dst, memberIP4), b[:]...)
	}
	b := a.As16()
	return append(append(dst, memberIP6), b[:]...)
}

// AppendNetMember appends the member of an address where a rule counts IPv6 by /64, since
// one host may take any address of its own: of IPv6 the first eight bytes, of IPv4 the
// address. The address must be Canonical.
func AppendNetMember(dst []byte, a netip.Addr) []byte {
	if a.Is4() {
		return AppendAddrMember(dst, a)
	}
	b := a.As16()
	return append(append(dst, memberNet64), b[:8]...)
}

// AppendInternalMember appends the member of an address that is not globally
// routable: it is one only together with its sensor.
func AppendInternalMember(dst []byte, sensor string, a netip.Addr) []byte {
	return AppendAddrMember(appendSensor(dst, sensor), a)
}

// AppendInternalNetMember is AppendInternalMember where IPv6 is counted by /64.
func AppendInternalNetMember(dst []byte, sensor string, a netip.Addr) []byte {
	return AppendNetMember(appendSensor(dst, sensor), a)
}

func appendSensor(dst []byte, sensor string) []byte {
	dst = append(dst, memberInternal, byte(len(sensor)))
	return append(dst, sensor...)
}

// AppendDomainMember appends the member of a domain or site.
func AppendDomainMember(dst []byte, name string) []byte {
	return appendShort(append(dst, memberDomain), name)
}

// AppendPageMember appends the member of a page, (host, path).
func AppendPageMember(dst []byte, host, path string) []byte {
	return append(appendShort(append(dst, memberPage), host), path...)
}

// AppendHostIDMember appends the member of a strong host identifier.
func AppendHostIDMember(dst []byte, family, hostID string) []byte {
	dst = appendShort(append(dst, memberHostID), family)
	return append(append(dst, ' '), hostID...)
}

// AppendContactMember appends the member of a phishing contact: the visiting
// client's member, the host name visited, and the start of the slot in Unix seconds.
func AppendContactMember(dst, client []byte, host string, slot int64) []byte {
	dst = append(append(dst, memberContact), client...)
	return binary.BigEndian.AppendUint64(appendShort(dst, host), uint64(slot))
}

// AppendAttackMember appends the member of an attack: the source's member, the
// target's (site, else victim), and the start of the slot in Unix seconds.
func AppendAttackMember(dst, source, target []byte, slot int64) []byte {
	dst = append(append(dst, memberAttack), source...)
	return binary.BigEndian.AppendUint64(append(dst, target...), uint64(slot))
}

func appendShort(dst []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint16(dst, uint16(len(s))), s...)
}

// SlotOf returns the start, in Unix seconds, of the half-hour slot that t is in.
func SlotOf(t int64) int64 { return t - t%SlotSeconds }
