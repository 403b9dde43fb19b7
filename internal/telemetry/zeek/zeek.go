// Package zeek knows how Zeek writes its conn, dns, http and ssl logs: as TSV with a
// header, as bare TSV (LogAscii::tsv), and as JSON lines with the keys of Zeek itself,
// of Corelight and of converters. It must never know malice, places or the ledger.
//
// Columns are found by name, headers may recur and change in the middle of a file, and
// one file may hold several logs, in TSV and JSON. Every record stands alone, but for
// the header above it. Source: docs.zeek.org, "Zeek Log Formats and Inspection".
package zeek

import (
	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/field"
	"github.com/tallystick/tallystick/internal/lines"
)

// Reader reads the records of one file.
type Reader struct {
	src     *lines.Reader
	header  header
	tsv     record
	json    record
	kind    kind   // of the records used so far; mixed when they differ
	coding  string // "tsv" or "json", of the last record used
	name    []byte // what Observation.Name points to
	scratch []byte // unescaped values of the record
}

// New returns a Reader of the lines of src.
func New(src *lines.Reader) *Reader {
	r := &Reader{src: src}
	r.header.reset()
	r.json = record{unset: defaultUnset, empty: defaultEmpty, json: true}
	return r
}

// Format names what has been read so far, such as "zeek conn tsv"; "zeek" before the
// first record that is used, "zeek mixed tsv" after records of several logs.
func (r *Reader) Format() string {
	if r.kind == kindUnknown {
		return "zeek"
	}
	return "zeek " + r.kind.String() + " " + r.coding
}

// Next fills o from the next record. A *tallystick.LineError accounts for one record
// that could not be used: "columns", "time", "address", "port", "json", lines.TooLong, or
// "unused zeek …" for a record of another log. io.EOF is the end; any other error is
// the source's. Headers, other comments and blank lines are no records.
func (r *Reader) Next(o *tallystick.Observation) error {
	for {
		line, err := r.src.Next()
		if err != nil {
			return err
		}
		if len(line) == 0 {
			continue
		}
		r.scratch = r.scratch[:0]
		switch {
		case line[0] == '#':
			r.meta(line)
		case line[0] == '{':
			return r.nextJSON(line, o)
		case bareHeader(line):
			r.bare(line)
		case isSummary(line):
			r.summary()
		default:
			return r.nextTSV(line, o)
		}
	}
}

// observe fills o from rec, a record of the kind k.
func (r *Reader) observe(k kind, rec *record, o *tallystick.Observation) error {
	o.Reset()
	o.At = r.src.At()
	if f := rec.ends(o); f.reason != "" {
		return r.lineError(f)
	}
	switch k {
	case kindConn:
		conn(rec, o)
	case kindDNS:
		r.dns(rec, o)
	case kindHTTP:
		r.http(rec, o)
	case kindSSL:
		r.ssl(rec, o)
	}
	r.kind = r.kind.with(k)
	return nil
}

// fault is why a record cannot be used, and the bytes that show it.
type fault struct {
	reason string
	value  []byte
}

func (r *Reader) lineError(f fault) error {
	if f.value == nil {
		return r.src.At().Unused(f.reason, "")
	}
	return r.src.At().Unused(f.reason, field.Quote(f.value))
}
