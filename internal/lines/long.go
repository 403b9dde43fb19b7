package lines

import (
	"bytes"
	"io"
)

// long returns the line that begins at pos and goes on behind the block at hand, or that
// it is too long.
func (r *Reader) long() ([]byte, error) {
	start := r.base + uint64(r.pos)
	r.digestTo(start)
	before := clone(r.digest)
	whole := r.join()
	n := r.base + uint64(r.pos) - start
	line := withoutCR(r.joined)
	tooLong := n > uint64(len(r.joined)) || len(line) > Max
	if !whole && !tooLong && r.err != io.EOF { // an unfinished line is none
		r.digest, r.hashed = before, start
		return nil, r.broken()
	}
	if whole {
		r.pos++
	}
	r.line++
	r.offset, r.end, r.unterminated = start, r.base+uint64(r.pos), !whole
	if tooLong {
		return nil, Long(r.At(), n)
	}
	return line, nil
}

// join copies the line that begins at pos, but no more than shows that it is too long,
// and moves pos behind it. It reports whether the line has an end.
func (r *Reader) join() (whole bool) {
	r.joined = r.joined[:0]
	for {
		piece := r.data[r.pos:]
		if i := bytes.IndexByte(piece, '\n'); i >= 0 {
			piece, whole = piece[:i], true
		}
		r.joined = append(r.joined, piece[:min(len(piece), Max+1-len(r.joined))]...)
		r.pos += len(piece)
		if whole || r.err != nil {
			return whole
		}
		r.advance()
	}
}
