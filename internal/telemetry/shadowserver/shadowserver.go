// Package shadowserver knows the Shadowserver Foundation's reports: CSV with a header,
// columns by name, whatever their order and number. It keeps which address a report
// names and which it was in contact with; it must never know who of them is a victim.
//
// Schema: github.com/The-Shadowserver-Foundation/report_schema.
package shadowserver

import (
	"bytes"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/field"
	"github.com/tallystick/tallystick/internal/lines"
)

// Reasons for which a record is skipped, beside lines.TooLong.
const (
	reasonColumns = "columns" // not as many as the header has, but for one, or quotes astray, or no header
	reasonTime    = field.NoTime
	reasonAddress = "address"
	reasonPort    = "port"
	reasonBinary  = "binary"
	reasonUnused  = "unused report" // a report that names no address
)

// Reader reads reports, a record a row. A header may stand again before later rows, as
// in reports that were joined.
type Reader struct {
	rows    rows
	name    string
	columns columns
	fields  [][]byte
	scratch []byte // unquoted fields and lower-cased names of one record
}

// New returns a Reader of src. name is the file's name, which tells reports apart that
// have the same columns; it may be empty and may be a path.
func New(src *lines.Reader, name string) *Reader {
	return &Reader{rows: rows{src: src}, name: name}
}

// Format names the report, such as "shadowserver event4_sinkhole"; "shadowserver"
// before the header has been read.
func (r *Reader) Format() string {
	if r.columns.report == "" {
		return "shadowserver"
	}
	return "shadowserver " + r.columns.report
}

// Next reads the next row into o: nil, *tallystick.LineError for a record skipped,
// io.EOF, or an error of the source. The slices of o are valid until the next call.
func (r *Reader) Next(o *tallystick.Observation) error {
	for {
		row, at, err := r.rows.next()
		if err != nil {
			return err
		}
		r.scratch = r.scratch[:0]
		whole := r.split(row)
		if whole && isHeader(r.fields) {
			r.columns = columnsOf(r.fields, r.name)
			continue
		}
		if len(r.fields)+1 == r.columns.count { // the empty field at the end was not written
			r.fields = append(r.fields, nil)
		}
		o.Reset()
		o.At = at
		if reason := r.observe(whole, o); reason != "" {
			if bytes.IndexByte(row, 0) >= 0 {
				reason = reasonBinary
			}
			return at.Unused(reason, field.Quote(row))
		}
		return nil
	}
}

// Pending reports whether the line last read begins another row: it showed that the row
// before it had ended.
func (r *Reader) Pending() bool { return r.rows.line != nil }

// Sniff reports whether head, the first bytes of a file, begins with a report's header.
func Sniff(head []byte) bool {
	for len(head) > 0 {
		line, rest, _ := bytes.Cut(head, []byte("\n"))
		if line = bytes.TrimSpace(line); len(line) > 0 {
			r := Reader{}
			if !r.split(line) || !isHeader(r.fields) {
				return false
			}
			c := columnsOf(r.fields, "")
			return c.orig.addr > 0 && c.located
		}
		head = rest
	}
	return false
}
