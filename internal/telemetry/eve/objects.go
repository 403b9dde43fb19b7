package eve

import (
	"bytes"
	"errors"
	"io"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/jsonscan"
	"github.com/tallystick/tallystick/internal/lines"
)

// objects cuts lines into JSON objects. Between objects it passes over the brackets
// and commas of arrays. A damaged object costs itself only: the next begins where its
// braces balance, or at a line whose opening brace is no deeper than its own.
type objects struct {
	src  *lines.Reader
	line []byte // the line at hand
	pos  int    // first byte of line not yet consumed
	many []byte // an object over several lines
}

// next returns the next object with its place, parsed into e, or the reason why it is
// none.
func (r *objects) next(e *event) (object []byte, at tallystick.Locator, reason string, err error) {
	for {
		r.pos += glue(r.line[r.pos:])
		if r.pos < len(r.line) {
			break
		}
		r.pos = 0
		if r.line, err = r.src.Next(); err != nil {
			return nil, at, "", err
		}
	}
	at = r.src.At()
	at.Offset += uint64(r.pos)
	object, reason, err = r.object(e)
	return object, at, reason, err
}

// pending reports whether there is more on the line at hand than may stand between objects.
func (r *objects) pending() bool {
	rest := r.line[r.pos:]
	return glue(rest) < len(rest)
}

// glue returns the length of what may stand between objects at the start of s: white
// space, the punctuation of an array, a byte order mark.
func glue(s []byte) int {
	rest := bytes.TrimPrefix(s, []byte("\ufeff"))
	return len(s) - len(bytes.TrimLeft(rest, " \t\r\n,[]"))
}

// object consumes what begins at pos.
func (r *objects) object(e *event) (object []byte, reason string, err error) {
	rest := r.line[r.pos:]
	size, ok := e.parse(rest)
	if ok {
		r.pos += size
		return rest[:size], "", nil
	}
	var b balance
	size = b.scan(rest)
	switch {
	case rest[0] != '{' || b.quoted: // a string ends on its line
		r.pos = len(r.line)
		return rest, reasonJSON, nil
	case b.depth == 0:
		r.pos += size
		return rest[:size], reasonJSON, nil
	}
	return r.continued(e, b)
}

// continued collects the object that begins at pos over the lines that follow, until
// it balances. More than lines.Max bytes of it are not kept.
func (r *objects) continued(e *event, b balance) (object []byte, reason string, err error) {
	indent := r.pos
	r.many = append(r.many[:0], r.line[r.pos:]...)
	for b.depth > 0 {
		if r.line, err = r.src.Next(); err != nil {
			return r.ended(err)
		}
		r.pos = 0
		if opens(r.line, indent) {
			return r.many, reasonJSON, nil
		}
		b.quoted = false
		size := b.scan(r.line)
		if r.pos = size; len(r.many)+size < lines.Max {
			r.many = append(append(r.many, '\n'), r.line[:size]...)
		} else {
			reason = lines.TooLong
		}
	}
	if _, ok := e.parse(r.many); !ok && reason == "" {
		reason = reasonJSON
	}
	return r.many, reason, nil
}

// ended judges an object that an error or the end of the file cuts off.
func (r *objects) ended(err error) (object []byte, reason string, rest error) {
	r.line, r.pos = nil, 0
	var long *tallystick.LineError
	switch {
	case err == io.EOF: // comes again with the next line
		return r.many, reasonJSON, nil
	case errors.As(err, &long):
		return r.many, long.Reason, nil
	}
	return nil, "", err
}

// opens reports whether line begins with an opening brace no deeper than indent.
func opens(line []byte, indent int) bool {
	column := len(line) - len(bytes.TrimLeft(line, " \t"))
	return column <= indent && column < len(line) && line[column] == '{'
}

// balance follows braces and strings through the bytes of one object.
type balance struct {
	depth  int
	quoted bool // inside a string
}

// scan reads on and returns the index behind the brace that closes the object, or
// len(s) if none does.
func (b *balance) scan(s []byte) int {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			b.quoted = !b.quoted
		case b.quoted:
			if c == '\\' {
				i++
			}
		case c == '{':
			b.depth++
		case c == '}':
			if b.depth--; b.depth <= 0 {
				b.depth = 0
				return i + 1
			}
		}
	}
	return len(s)
}

// behind returns how many bytes of a scan's input its object took: all, or up to the
// first byte that is not part of it.
func behind(input []byte, err error) (size int, ok bool) {
	if err == nil {
		return len(input), true
	}
	var syntax *jsonscan.SyntaxError
	if errors.As(err, &syntax) && syntax.Want == "the end" {
		return syntax.Offset, true
	}
	return 0, false
}
