// Package weblog knows how web servers write what they were asked: the common and
// combined log formats of Apache httpd and nginx, with a virtual host and
// X-Forwarded-For where an administrator added them, and nginx logs of one JSON object
// a request; each also as syslog sends it. It must never know which requests are attacks, nor which hops are trusted.
package weblog

import (
	"bytes"
	"time"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/field"
	"github.com/tallystick/tallystick/internal/lines"
)

// Reasons for which a record is skipped, beside lines.TooLong.
const (
	reasonColumns = "columns" // not the fields of an access log
	reasonTime    = field.NoTime
	reasonZone    = field.NoZone
	reasonAddress = "address" // the client is a host name, or no address at all
	reasonJSON    = "json"
	reasonBinary  = "binary"
)

// Reader reads access logs, a record a line. Each line is judged by itself.
type Reader struct {
	src    *lines.Reader
	parser parser
}

// parser turns one line into an observation.
type parser struct {
	zone    *time.Location // of times without one; nil when not known
	format  string
	scratch []byte // lower-cased names, unescaped paths and JSON strings of one record
}

// New returns a Reader of src. zone is where times without a zone were written; nil
// makes such records a LineError with reason "zone".
func New(src *lines.Reader, zone *time.Location) *Reader {
	return &Reader{src: src, parser: parser{zone: zone}}
}

// Format names the layout of the records read so far: "access log common", "combined",
// "vhost" or "json"; without the last word before the first good record.
func (r *Reader) Format() string {
	if r.parser.format == "" {
		return "access log"
	}
	return "access log " + r.parser.format
}

// Next reads the next record into o: nil, *tallystick.LineError for a record skipped,
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
		if reason := r.parser.record(line, o); reason != "" {
			return o.At.Unused(reason, field.Quote(line))
		}
		return nil
	}
}

// record fills o from one line and returns why it could not, or "".
func (p *parser) record(line []byte, o *tallystick.Observation) (reason string) {
	p.scratch = p.scratch[:0]
	o.Record = tallystick.RecordAccess
	o.Proto = field.TCP
	if text := message(line); text[0] == '{' {
		reason = p.object(text, o)
	} else {
		reason = p.line(text, o)
	}
	switch {
	case reason == "":
		p.conclude(o)
	case bytes.IndexByte(line, 0) >= 0:
		return reasonBinary
	}
	return reason
}

// conclude adds the facts that follow from what was asked and answered.
func (p *parser) conclude(o *tallystick.Observation) {
	if o.Status > 0 {
		o.Facts |= tallystick.FactReplied
	}
	if string(o.Method) == "PUT" && (o.Status == 201 || o.Status == 204) {
		o.Facts |= tallystick.FactUpload
	}
}

// sniffLines is how many lines Sniff looks at.
const sniffLines = 20

// Sniff reports whether head, the first bytes of a file, are access log records: at
// least half of the first lines that are whole. A record whose client is a host name or
// whose time lacks a zone is one.
func Sniff(head []byte) bool {
	var p parser
	var o tallystick.Observation
	good, bad := 0, 0
	for len(head) > 0 && good+bad < sniffLines {
		line, rest, whole := bytes.Cut(head, []byte("\n"))
		head = rest
		if line = bytes.TrimSuffix(line, []byte("\r")); len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		o.Reset()
		switch p.record(line, &o) {
		case "", reasonAddress, reasonZone:
			good++
		default:
			if whole {
				bad++
			}
		}
	}
	return good > 0 && good >= bad
}
