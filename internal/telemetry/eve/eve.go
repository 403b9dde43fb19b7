// Package eve knows how Suricata writes what it saw: EVE JSON, one event an object. It
// reads alert, flow, dns, http and tls events; it must never know which of them are
// attacks, nor where an address is.
package eve

import (
	"bytes"
	"time"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/field"
	"github.com/tallystick/tallystick/internal/jsonscan"
	"github.com/tallystick/tallystick/internal/lines"
)

// Reasons for which a record is skipped, beside lines.TooLong and the "unused …" ones.
const (
	reasonColumns = "columns" // no event_type, or no part of that name
	reasonTime    = field.NoTime
	reasonZone    = field.NoZone
	reasonAddress = "address"
	reasonPort    = "port"
	reasonJSON    = "json"
	reasonBinary  = "binary"
)

// Reader reads EVE events: an object a line, objects over several lines, and arrays of
// objects. It remembers nothing from event to event.
type Reader struct {
	objects objects
	event   event
	zone    *time.Location
	scratch []byte // names, signatures and unescaped strings of one record
}

// New returns a Reader of src. zone is where times without a zone were written, as
// old versions of Suricata did; nil makes such records a LineError with reason "zone".
func New(src *lines.Reader, zone *time.Location) *Reader {
	return &Reader{objects: objects{src: src}, zone: zone}
}

// Format returns "suricata eve".
func (r *Reader) Format() string { return "suricata eve" }

// Next reads the next event into o: nil, *tallystick.LineError for a record skipped,
// io.EOF, or an error of the source. The locator is that of the object's brace. The
// slices of o are valid until the next call.
func (r *Reader) Next(o *tallystick.Observation) error {
	object, at, reason, err := r.objects.next(&r.event)
	if err != nil {
		return err
	}
	o.Reset()
	o.At = at
	if reason == "" {
		reason = r.observe(o)
	} else if bytes.IndexByte(object, 0) >= 0 {
		reason = reasonBinary
	}
	if reason == "" {
		return nil
	}
	return at.Unused(reason, field.Quote(object))
}

// Pending reports whether the line last read holds the beginning of another object.
func (r *Reader) Pending() bool { return r.objects.pending() }

// sniffLines is how many lines Sniff looks at.
const sniffLines = 20

// Sniff reports whether head, the first bytes of a file, holds the beginning of an EVE
// event on one of its first lines: an object with event_type and timestamp.
func Sniff(head []byte) bool {
	for range sniffLines {
		head = head[glue(head):]
		if sniffObject(head) {
			return true
		}
		end := bytes.IndexByte(head, '\n')
		if end < 0 {
			return false
		}
		head = head[end+1:]
	}
	return false
}

func sniffObject(head []byte) bool {
	var kind, stamp bool
	s := jsonscan.Object(head)
	for s.Next() {
		switch string(s.Key()) {
		case "event_type":
			kind = jsonscan.Plain(s.Value()) != nil
		case "timestamp":
			stamp = jsonscan.Plain(s.Value()) != nil
		}
	}
	return kind && stamp
}
