package shadowserver

import (
	"bytes"
	"errors"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/lines"
)

// rows joins lines to CSV rows: a quoted field may hold line ends. A row whose quote is
// never closed ends where a line begins as rows of reports do, with a time.
type rows struct {
	src  *lines.Reader
	line []byte // the line at hand, read and not yet used; nil if none
	many []byte // a row over several lines
}

// next returns the next row without its line end, passing over empty lines. With a
// *tallystick.LineError the row is lost and reading goes on.
func (r *rows) next() (row []byte, at tallystick.Locator, err error) {
	for len(bytes.TrimSpace(row)) == 0 {
		if row, r.line = r.line, nil; row != nil {
			break
		}
		row, err = r.src.Next()
		if err != nil {
			return nil, r.src.At(), err
		}
	}
	at = r.src.At()
	if open(row) {
		row, err = r.continued(row, at)
	}
	return row, at, err
}

// continued appends lines to a row until one closes its quote.
func (r *rows) continued(row []byte, at tallystick.Locator) ([]byte, error) {
	r.many = append(r.many[:0], row...)
	size := len(row)
	for {
		line, err := r.src.Next()
		var long *tallystick.LineError
		switch {
		case errors.As(err, &long):
			return nil, long
		case err != nil: // comes again with the next row
			return r.many, nil
		case timed(line):
			r.line = line
			return r.many, nil
		}
		if size += 1 + len(line); size <= lines.Max {
			r.many = append(append(r.many, '\n'), line...)
		}
		if bytes.Count(line, []byte(`"`))%2 == 1 {
			break
		}
	}
	if size > lines.Max {
		return nil, lines.Long(at, uint64(size))
	}
	return r.many, nil
}

// open reports whether a quoted field of the line is not closed on it.
func open(line []byte) bool {
	if bytes.Count(line, []byte(`"`))%2 == 0 {
		return false
	}
	s := fieldScanner{row: line}
	for {
		if _, end := s.next(); end != fieldComma {
			return end == fieldOpen
		}
	}
}

// timed reports whether line begins with a date and a space, in quotes or without.
func timed(line []byte) bool {
	line = bytes.TrimPrefix(line, []byte(`"`))
	if len(line) < len("2006-01-02 ") {
		return false
	}
	for i, c := range []byte("dddd-dd-dd ") {
		if c == 'd' && (line[i] < '0' || line[i] > '9') || c != 'd' && line[i] != c {
			return false
		}
	}
	return true
}
