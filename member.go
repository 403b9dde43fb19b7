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
	memberNet64    = 0x07 // an IPv6 address counted as its /64
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

// AppendInternalMember appends the member of an address that is not globally
// routable: it is one only together with its sensor.
func AppendInternalMember(dst []byte, sensor string, a netip.Addr) []byte {
	return AppendAddrMember(appendSensor(dst, sensor), a)
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

// AppendHostIDMember appends the member of a strong host identifier: an infection's own
// serial, with its family. No measure counts it yet; doc/formats/row.md fixes its bytes, so
// that rules which do agree on them.
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

// WidenMember returns a member with each IPv6 address in it replaced by its /64 network: a
// host has 2^64 addresses at its choice.
func WidenMember(member []byte) []byte {
	if len(member) == 0 || member[0] != memberAttack && member[0] != memberContact {
		out, rest := widenLead(nil, member)
		return append(out, rest...)
	}
	out, rest := widenLead([]byte{member[0]}, member[1:])
	if member[0] == memberAttack {
		out, rest = widenLead(out, rest) // its target
	}
	return append(out, rest...)
}

// widenLead moves the address that b begins with, wherever it is internal to a sensor, to
// dst as a network, and returns what is behind it.
func widenLead(dst, b []byte) (out, rest []byte) {
	if len(b) > 1 && b[0] == memberInternal && len(b) >= 2+int(b[1]) {
		n := 2 + int(b[1])
		return widenLead(append(dst, b[:n]...), b[n:])
	}
	switch {
	case len(b) >= 17 && b[0] == memberIP6:
		return append(append(dst, memberNet64), b[1:9]...), b[17:]
	case len(b) >= 5 && b[0] == memberIP4:
		return append(dst, b[:5]...), b[5:]
	case len(b) >= 3 && b[0] == memberDomain:
		n := min(len(b), 3+int(binary.BigEndian.Uint16(b[1:])))
		return append(dst, b[:n]...), b[n:]
	}
	return dst, b
}
