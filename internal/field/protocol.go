package field

import "bytes"

// IANA protocol numbers.
const (
	ICMP   = 1
	TCP    = 6
	UDP    = 17
	ICMPv6 = 58
	SCTP   = 132
)

// Protocol returns the IANA number of a transport protocol by its name, in any case
// (the names of /etc/protocols), or by its number; 0 for any other text.
func Protocol(text []byte) byte {
	switch string(text) {
	case "tcp", "TCP":
		return TCP
	case "udp", "UDP":
		return UDP
	}
	for _, known := range [...]struct {
		name   string
		number byte
	}{
		{"tcp", TCP}, {"udp", UDP}, {"icmp", ICMP}, {"ipv6-icmp", ICMPv6}, {"icmpv6", ICMPv6}, {"igmp", 2},
		{"gre", 47}, {"esp", 50}, {"ah", 51}, {"sctp", SCTP},
	} {
		if bytes.EqualFold(text, []byte(known.name)) {
			return known.number
		}
	}
	if n := Number(text); n >= 0 && n <= 255 {
		return byte(n)
	}
	return 0
}
