package eve

import (
	"strconv"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/field"
	"github.com/tallystick/tallystick/internal/jsonscan"
)

// traffic is what the "flow" and "tcp" parts of an event tell.
type traffic struct {
	start, state       []byte // raw
	srcAddr, srcPort   []byte // raw; in alerts of newer versions
	toServer, toClient uint64 // packets
	bytesToClient      uint64 // with all headers, from Ethernet's on
	oneSided           bool   // packets to the server were counted, and there were none
	unanswered         bool   // packets to the client were counted, and there were none
	flagged            bool   // the TCP flags are known
	origFlags          byte   // of all packets to the server
	respFlags          byte   // of all packets to the client
}

// TCP flags (RFC 9293, section 3.1).
const (
	flagPSH = 0x08
	flagACK = 0x10
)

func (e *event) traffic() (t traffic) {
	if e.flow != nil {
		t.flow(jsonscan.Object(e.flow))
	}
	if e.tcp != nil {
		t.tcp(jsonscan.Object(e.tcp))
	}
	return t
}

func (t *traffic) flow(s jsonscan.Scanner) {
	for s.Next() {
		switch string(s.Key()) {
		case "start":
			t.start = s.Value()
		case "state":
			t.state = s.Value()
		case "src_ip":
			t.srcAddr = s.Value()
		case "src_port":
			t.srcPort = s.Value()
		case "pkts_toserver":
			n, ok := jsonscan.Uint(s.Value())
			t.toServer, t.oneSided = n, ok && n == 0
		case "pkts_toclient":
			n, ok := jsonscan.Uint(s.Value())
			t.toClient, t.unanswered = n, ok && n == 0
		case "bytes_toclient":
			t.bytesToClient, _ = jsonscan.Uint(s.Value())
		}
	}
}

func (t *traffic) tcp(s jsonscan.Scanner) {
	for s.Next() {
		switch string(s.Key()) {
		case "tcp_flags_ts":
			t.origFlags, t.flagged = flags(s.Value())
		case "tcp_flags_tc":
			t.respFlags, _ = flags(s.Value())
		}
	}
}

// flags reads a raw string of hexadecimal digits.
func flags(raw []byte) (byte, bool) {
	text := jsonscan.Plain(raw)
	n, err := strconv.ParseUint(string(text), 16, 8)
	return byte(n), err == nil
}

func (r *Reader) flow(e *event, o *tallystick.Observation) (reason string) {
	if e.flow == nil {
		return reasonColumns
	}
	o.Record = tallystick.RecordConn
	t := e.traffic()
	if o.Facts |= t.facts(o); t.oneSided {
		o.Facts |= tallystick.FactUnasked
	}
	return r.began(&t, o)
}

// began sets the start to that of the flow, where it is known: the timestamp of an
// event is when Suricata wrote it, which may be a day later.
func (r *Reader) began(t *traffic, o *tallystick.Observation) (reason string) {
	if t.start == nil {
		return ""
	}
	o.Start, reason = field.Time(jsonscan.Plain(t.start), r.zone)
	return reason
}

func (t *traffic) facts(o *tallystick.Observation) (f tallystick.Facts) {
	if t.replied(o) {
		f |= tallystick.FactReplied
	}
	if !t.verified(o) {
		f |= tallystick.FactUnverified
	}
	return f
}

// replied reports whether payload came from the responder. Without TCP any packet has
// some. With TCP, EVE counts bytes with their headers and says nothing of payload, and
// a closed port answers every SYN with a RST. So it takes a PSH, which senders set on
// the last segment of what they write, or more bytes than that many packets of nothing
// but headers hold: Ethernet 14, IP 20 or 40, TCP 20 and up to 20 of options.
func (t *traffic) replied(o *tallystick.Observation) bool {
	if o.Proto != field.TCP {
		return t.toClient > 0
	}
	headers := uint64(74)
	if o.Orig.Addr.Is6() {
		headers = 94
	}
	return t.respFlags&flagPSH != 0 ||
		t.toClient > 0 && t.bytesToClient > 0 && (t.bytesToClient-1)/headers >= t.toClient
}

// verified reports whether the originator is where it says it is: it acknowledged
// something that the responder sent, or without TCP, the responder answered at all.
// "new" is Suricata's state of a flow before its handshake is over; where neither
// flags nor state are written, two packets of the originator must have framed a reply.
func (t *traffic) verified(o *tallystick.Observation) bool {
	if o.Proto != field.TCP || t.toClient == 0 {
		return t.toClient > 0
	}
	if t.flagged {
		return t.origFlags&t.respFlags&flagACK != 0
	}
	if state := jsonscan.Plain(t.state); string(state) == "new" {
		return false
	}
	return t.toServer > 1
}
