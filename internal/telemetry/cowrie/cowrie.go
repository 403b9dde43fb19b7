// Package cowrie knows how the SSH and Telnet honeypot Cowrie writes what its visitors
// did: one JSON object a line. It must never know who the visitors are, nor what is
// made of their visits.
package cowrie

import (
	"bytes"
	"strings"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/field"
	"github.com/tallystick/tallystick/internal/jsonscan"
	"github.com/tallystick/tallystick/internal/lines"
)

// Reasons for which a record is skipped, beside lines.TooLong and the "unused …" ones.
const (
	reasonColumns = "columns" // no eventid
	reasonTime    = field.NoTime
	reasonZone    = field.NoZone
	reasonAddress = "address"
	reasonPort    = "port"
	reasonJSON    = "json"
	reasonBinary  = "binary"
)

// Reader reads Cowrie's JSON log, an event a line.
type Reader struct {
	src *lines.Reader
}

// New returns a Reader of src.
func New(src *lines.Reader) *Reader { return &Reader{src: src} }

// Format returns "cowrie json".
func (r *Reader) Format() string { return "cowrie json" }

// Next reads the next event into o: nil, *tallystick.LineError for a record skipped,
// io.EOF, or an error of the source. The slices of o are valid until the next call.
func (r *Reader) Next(o *tallystick.Observation) error {
	for {
		line, err := r.src.Next()
		if err != nil {
			return err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		o.Reset()
		o.At = r.src.At()
		if reason := observe(line, o); reason != "" {
			return o.At.Unused(reason, field.Quote(line))
		}
		return nil
	}
}

// event holds the values of one event, raw.
type event struct {
	id, timestamp                      []byte
	srcAddr, srcPort, dstAddr, dstPort []byte
}

func parse(line []byte) (e event, err error) {
	s := jsonscan.Object(line)
	for s.Next() {
		switch string(s.Key()) {
		case "eventid":
			e.id = s.Value()
		case "timestamp":
			e.timestamp = s.Value()
		case "src_ip":
			e.srcAddr = s.Value()
		case "src_port":
			e.srcPort = s.Value()
		case "dst_ip":
			e.dstAddr = s.Value()
		case "dst_port":
			e.dstPort = s.Value()
		}
	}
	return e, s.Err()
}

// observe fills o from one line and returns why it could not, or "".
func observe(line []byte, o *tallystick.Observation) (reason string) {
	e, err := parse(line)
	switch {
	case bytes.IndexByte(line, 0) >= 0:
		return reasonBinary
	case err != nil:
		return reasonJSON
	}
	id := jsonscan.Plain(e.id)
	if len(id) == 0 {
		return reasonColumns
	}
	if reason = use(id, o); reason != "" {
		return reason
	}
	if o.Start, reason = field.Time(jsonscan.Plain(e.timestamp), nil); reason != "" {
		return reason
	}
	o.Record, o.Proto, o.Signature = tallystick.RecordLogin, field.TCP, id
	if string(id) == eventTunnel {
		e.dstAddr, e.dstPort = nil, nil // where to, not the honeypot
	}
	return ends(&e, o)
}

// Kinds of events. A tunnel event tells that a visitor wanted to be forwarded to somebody
// else (direct-tcpip, RFC 4254, section 7.2), which the honeypot does not do; its data
// follow in events of their own.
const (
	eventPrefix  = "cowrie."
	eventConnect = "cowrie.session.connect"
	eventUpload  = "cowrie.session.file_upload"
	filePrefix   = "cowrie.session.file_"
	eventTunnel  = "cowrie.direct-tcpip.request"
	tunnelPrefix = "cowrie.direct-tcpip."
)

// use adds the facts of an event by its id, or tells why it is of no use: what a
// visitor did is, what describes the session beside it is not.
func use(id []byte, o *tallystick.Observation) (reason string) {
	switch s := string(id); {
	case s == eventConnect:
		o.Facts |= tallystick.FactReplied
	case s == eventUpload:
		o.Facts |= tallystick.FactUpload
	case s == eventTunnel, strings.HasPrefix(s, "cowrie.login."), strings.HasPrefix(s, "cowrie.command."), strings.HasPrefix(s, filePrefix):
	case strings.HasPrefix(s, tunnelPrefix):
		return "unused direct-tcpip"
	case strings.HasPrefix(s, "cowrie.session."), strings.HasPrefix(s, "cowrie.client."), strings.HasPrefix(s, "cowrie.log."):
		return "unused session"
	default:
		return "unused other"
	}
	return ""
}

// ends reads the visitor and, where the event tells it, the honeypot.
func ends(e *event, o *tallystick.Observation) (reason string) {
	var ok bool
	if o.Orig.Addr, ok = field.Address(jsonscan.Plain(e.srcAddr)); !ok {
		return reasonAddress
	}
	if o.Resp.Addr, ok = field.Address(jsonscan.Plain(e.dstAddr)); !ok && e.dstAddr != nil {
		return reasonAddress
	}
	if o.Orig.Port, ok = field.Port(e.srcPort); !ok {
		return reasonPort
	}
	if o.Resp.Port, ok = field.Port(e.dstPort); !ok {
		return reasonPort
	}
	return ""
}

// sniffLines is how many lines Sniff looks at.
const sniffLines = 20

// Sniff reports whether a Cowrie event is on one of the first lines of head, the first
// bytes of a file.
func Sniff(head []byte) bool {
	for range sniffLines {
		line, rest, _ := bytes.Cut(head, []byte("\n"))
		e, err := parse(bytes.TrimSuffix(line, []byte("\r")))
		id := jsonscan.Plain(e.id)
		if err == nil && bytes.HasPrefix(id, []byte(eventPrefix)) {
			return true
		}
		head = rest
	}
	return false
}
