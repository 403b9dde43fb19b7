package eve

import (
	"bytes"
	"net/netip"
	"time"
	"unsafe"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/jsonscan"
)

// event holds the values of one event, raw.
type event struct {
	kind, timestamp                    []byte
	srcAddr, srcPort, dstAddr, dstPort []byte
	proto, direction                   []byte
	flow, tcp                          []byte
	alert, dns, http, tls              []byte
}

// parse finds the values of the object that s begins with, and returns its size; false
// when it is not JSON.
func (e *event) parse(s []byte) (size int, ok bool) {
	*e = event{}
	scan := jsonscan.Object(s)
	for scan.Next() {
		if field := e.field(scan.Key()); field != nil {
			*field = scan.Value()
		}
	}
	return behind(s, scan.Err())
}

func (e *event) field(key []byte) *[]byte {
	switch string(key) {
	case "event_type":
		return &e.kind
	case "timestamp":
		return &e.timestamp
	case "src_ip":
		return &e.srcAddr
	case "src_port":
		return &e.srcPort
	case "dest_ip":
		return &e.dstAddr
	case "dest_port":
		return &e.dstPort
	case "proto":
		return &e.proto
	case "direction":
		return &e.direction
	case "flow":
		return &e.flow
	case "tcp":
		return &e.tcp
	case "alert":
		return &e.alert
	case "dns":
		return &e.dns
	case "http":
		return &e.http
	case "tls":
		return &e.tls
	}
	return nil
}

// observe fills o from the event and returns why it could not, or "".
func (r *Reader) observe(o *tallystick.Observation) (reason string) {
	e := &r.event
	r.scratch = r.scratch[:0]
	kind, _ := jsonscan.Plain(e.kind)
	var fill func(*Reader, *event, *tallystick.Observation) string
	switch string(kind) {
	case "alert":
		fill = (*Reader).alert
	case "flow":
		fill = (*Reader).flow
	case "dns":
		fill = (*Reader).dns
	case "http":
		fill = (*Reader).http
	case "tls":
		fill = (*Reader).tls
	case "":
		return reasonColumns
	default:
		return unused(kind)
	}
	if reason = r.ends(e, o); reason != "" {
		return reason
	}
	if o.Start, reason = clock(e.timestamp, r.zone); reason != "" {
		return reason
	}
	return fill(r, e, o)
}

// unused names the event types that are of no use here; one that is not known is
// "other", since a label must come from a bounded set. netflow events are halves of
// the flow events that Suricata writes beside them.
func unused(kind []byte) string {
	for _, known := range [...]string{
		"anomaly", "arp", "bittorrent-dht", "dcerpc", "dhcp", "dnp3", "drop", "engine", "enip", "fileinfo",
		"frame", "ftp", "ftp_data", "http2", "ike", "ikev2", "krb5", "ldap", "mdns", "metadata", "modbus", "mqtt",
		"netflow", "nfs", "packet", "pgsql", "pop3", "quic", "rdp", "rfb", "sip", "smb", "smtp", "snmp", "ssh",
		"stats", "tftp", "websocket",
	} {
		if string(kind) == known {
			return "unused " + known
		}
	}
	return "unused other"
}

// ends reads both ends as the event writes them, and the protocol.
func (r *Reader) ends(e *event, o *tallystick.Observation) (reason string) {
	var addresses, ports [2]bool
	o.Orig.Addr, addresses[0] = address(e.srcAddr)
	o.Resp.Addr, addresses[1] = address(e.dstAddr)
	o.Orig.Port, ports[0] = port(e.srcPort)
	o.Resp.Port, ports[1] = port(e.dstPort)
	o.Proto = protocol(e.proto)
	switch {
	case !addresses[0] || !addresses[1]:
		return reasonAddress
	case !ports[0] || !ports[1]:
		return reasonPort
	}
	return ""
}

// address reads a raw string and makes it canonical. The text is not copied: netip
// keeps none of it but in the error, which ends here.
func address(raw []byte) (netip.Addr, bool) {
	text, ok := jsonscan.Plain(raw)
	if !ok {
		return netip.Addr{}, false
	}
	a, err := netip.ParseAddr(unsafe.String(unsafe.SliceData(text), len(text)))
	if err != nil {
		return netip.Addr{}, false
	}
	return tallystick.Canonical(a), true
}

// port reads a raw number; one that is absent is 0.
func port(raw []byte) (uint16, bool) {
	if raw == nil {
		return 0, true
	}
	n, ok := jsonscan.Uint(raw)
	return uint16(n), ok && n <= 65535
}

// protocol returns the IANA number of a protocol as Suricata names it (/etc/protocols
// names, or the number); 0 for one of no interest.
func protocol(raw []byte) byte {
	text, _ := jsonscan.Plain(raw)
	for _, known := range [...]struct {
		name   string
		number byte
	}{
		{"tcp", protoTCP}, {"udp", 17}, {"icmp", 1}, {"ipv6-icmp", 58}, {"icmpv6", 58}, {"igmp", 2}, {"gre", 47},
		{"esp", 50}, {"ah", 51}, {"sctp", 132},
	} {
		if bytes.EqualFold(text, []byte(known.name)) {
			return known.number
		}
	}
	n, _ := jsonscan.Uint(bytes.TrimLeft(text, "0"))
	return byte(min(n, 256)) // 256 and more: 0
}

const protoTCP = 6

// endOfTime is the first second that a four-digit year cannot write.
const endOfTime = 253402300800

// clock reads a raw time, such as "2021-06-06T15:59:46.457984+0200", as Unix seconds.
// One without an offset was written in zone.
func clock(raw []byte, zone *time.Location) (unix int64, reason string) {
	text, ok := jsonscan.Plain(raw)
	if !ok || len(text) < len("2006-01-02T15:04:05") {
		return 0, reasonTime
	}
	layout := "2006-01-02T15:04:05"
	switch n := len(text); {
	case text[n-1] == 'Z' || text[n-3] == ':' && (text[n-6] == '+' || text[n-6] == '-'):
		layout, zone = "2006-01-02T15:04:05Z07:00", time.UTC
	case text[n-5] == '+' || text[n-5] == '-':
		layout, zone = "2006-01-02T15:04:05-0700", time.UTC
	case zone == nil:
		zone, reason = time.UTC, reasonZone
	}
	t, err := time.ParseInLocation(layout, string(text), zone)
	if err != nil || t.Unix() < 0 || t.Unix() >= endOfTime {
		return 0, reasonTime
	}
	return t.Unix(), reason
}
