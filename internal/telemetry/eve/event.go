package eve

import (
	"net/netip"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/field"
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
	kind := jsonscan.Plain(e.kind)
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
	if o.Start, reason = field.Time(jsonscan.Plain(e.timestamp), r.zone); reason != "" {
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
	o.Orig.Port, ports[0] = field.Port(e.srcPort)
	o.Resp.Port, ports[1] = field.Port(e.dstPort)
	o.Proto = field.Protocol(jsonscan.Plain(e.proto))
	switch {
	case !addresses[0] || !addresses[1]:
		return reasonAddress
	case !ports[0] || !ports[1]:
		return reasonPort
	}
	return ""
}

// address reads a raw string.
func address(raw []byte) (netip.Addr, bool) { return field.Address(jsonscan.Plain(raw)) }
