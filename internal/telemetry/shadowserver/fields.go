package shadowserver

import "bytes"

// fieldEnd is how a field ends.
type fieldEnd uint8

const (
	fieldComma  fieldEnd = iota // another field follows
	fieldLast                   // with the row
	fieldOpen                   // not at all: its quote is not closed
	fieldBroken                 // a quote stands where none may
)

// fieldScanner cuts a row into fields as RFC 4180 writes them: quoted, with quotes
// doubled, or plain and without quotes.
type fieldScanner struct {
	row     []byte // what is still to be cut
	scratch []byte // fields whose quotes had to be undoubled
}

// next returns the next field and how it ends. It is empty when it ends badly.
func (s *fieldScanner) next() ([]byte, fieldEnd) {
	if len(s.row) > 0 && s.row[0] == '"' {
		return s.quoted()
	}
	value, rest, more := bytes.Cut(s.row, []byte(","))
	s.row = rest
	switch {
	case bytes.IndexByte(value, '"') >= 0:
		return nil, fieldBroken
	case more:
		return value, fieldComma
	}
	return value, fieldLast
}

func (s *fieldScanner) quoted() ([]byte, fieldEnd) {
	start := len(s.scratch)
	rest := s.row[1:]
	for {
		i := bytes.IndexByte(rest, '"')
		if i < 0 {
			return nil, fieldOpen
		}
		value := rest[:i]
		if i+1 < len(rest) && rest[i+1] == '"' {
			s.scratch = append(s.scratch, rest[:i+1]...)
			rest = rest[i+2:]
			continue
		}
		if len(s.scratch) > start {
			s.scratch = append(s.scratch, value...)
			value = s.scratch[start:]
		}
		return value, s.behind(rest[i+1:])
	}
}

// behind looks at what follows a closing quote.
func (s *fieldScanner) behind(rest []byte) fieldEnd {
	switch {
	case len(rest) == 0:
		s.row = nil
		return fieldLast
	case rest[0] == ',':
		s.row = rest[1:]
		return fieldComma
	}
	return fieldBroken
}

// maxColumns bounds what one row may cost; the widest published report has 92 columns.
const maxColumns = 1024

// split cuts a row into r.fields; false when its quotes are astray or there are more than
// maxColumns fields.
func (r *Reader) split(row []byte) bool {
	s := fieldScanner{row: row, scratch: r.scratch[:0]}
	r.fields = r.fields[:0]
	for {
		value, end := s.next()
		if end == fieldOpen || end == fieldBroken || len(r.fields) == maxColumns {
			return false
		}
		r.fields = append(r.fields, value)
		if end == fieldLast {
			r.scratch = s.scratch
			return true
		}
	}
}
