// Package lines knows lines: where each begins and ends in the decompressed bytes of
// a file, how long one may be, and the digest of everything before a line's end. It
// must never know what a line means.
package lines

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
)

// Max is the length of the longest line that is returned, in bytes without line end.
const Max = 16 << 20

const (
	firstBuffer = 256 << 10
	lastBuffer  = Max + 2 // a line of Max bytes and its CRLF
	maxPeek     = 64 << 10
	emptyReads  = 100 // reads without bytes or error before the source counts as broken
)

// TooLong says that a line exceeded Max and was skipped; reading goes on behind it.
type TooLong struct {
	Offset uint64 // of the line's first byte
	Length uint64 // in bytes, without LF
}

func (e *TooLong) Error() string {
	return fmt.Sprintf("line at byte %d has %d bytes, more than %d", e.Offset, e.Length, Max)
}

// Reader cuts a stream into lines. It holds at most Max bytes and two more.
type Reader struct {
	src  io.Reader
	buf  []byte // the window of the stream that is held
	base uint64 // offset of buf[0] in the stream
	pos  int    // first byte of buf that is not yet part of a returned line
	err  error  // of src; nil while more may come

	line, offset, end uint64
	unterminated      bool

	digest hash.Hash
	hashed uint64 // bytes of the stream that digest has seen; <= base + pos
}

// NewReader returns a Reader at the first line of r.
func NewReader(r io.Reader) *Reader {
	return &Reader{src: r, buf: make([]byte, 0, firstBuffer), digest: sha256.New()}
}

// Next returns the next line without its line end (LF or CRLF), valid until the next
// call of Next or Peek. At the end the error is io.EOF; a last line without line end
// is returned before it, and Unterminated is then true. A line longer than Max gives
// *TooLong, and the line behind it comes next. Any other error is the source's,
// wrapped; the bytes of an unfinished line before such an error are not returned,
// because nobody knows how the line went on.
func (r *Reader) Next() ([]byte, error) {
	if i := bytes.IndexByte(r.buf[r.pos:], '\n'); i >= 0 {
		return r.take(i, 1), nil
	}
	return r.slow()
}

// slow reads on until the line that begins at pos is complete.
func (r *Reader) slow() ([]byte, error) {
	scanned := len(r.buf) - r.pos
	for {
		if r.err != nil {
			return r.last()
		}
		if len(r.buf)-r.pos == lastBuffer {
			return nil, r.skip()
		}
		r.fill()
		if i := bytes.IndexByte(r.buf[r.pos+scanned:], '\n'); i >= 0 {
			return r.bounded(scanned + i)
		}
		scanned = len(r.buf) - r.pos
	}
}

// bounded takes the line of n bytes at pos unless a CR alone hides that it is too long.
func (r *Reader) bounded(n int) ([]byte, error) {
	line := r.take(n, 1)
	if len(line) > Max {
		return nil, &TooLong{Offset: r.offset, Length: uint64(n)}
	}
	return line, nil
}

// last handles what lies before the end of the stream or before its error.
func (r *Reader) last() ([]byte, error) {
	n := len(r.buf) - r.pos
	if r.err != io.EOF {
		return nil, fmt.Errorf("reading at byte %d: %w", r.base+uint64(len(r.buf)), r.err)
	}
	if n == 0 {
		return nil, io.EOF
	}
	r.unterminated = true
	line := r.take(n, 0)
	if len(line) > Max {
		return nil, &TooLong{Offset: r.offset, Length: uint64(n)}
	}
	return line, nil
}

// take makes the n bytes at pos the returned line; newline is the length of its LF.
func (r *Reader) take(n, newline int) []byte {
	line := r.buf[r.pos : r.pos+n]
	r.line++
	r.offset = r.base + uint64(r.pos)
	r.pos += n + newline
	r.end = r.base + uint64(r.pos)
	if n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line
}

// skip passes over the rest of a line that fills the buffer.
func (r *Reader) skip() error {
	long := &TooLong{Offset: r.base + uint64(r.pos)}
	r.line++
	r.offset = long.Offset
	for {
		i := bytes.IndexByte(r.buf[r.pos:], '\n')
		if i >= 0 {
			r.pos += i + 1
			r.end = r.base + uint64(r.pos)
			long.Length = r.end - long.Offset - 1
			return long
		}
		r.pos = len(r.buf)
		if r.err != nil {
			r.end = r.base + uint64(r.pos)
			r.unterminated = true
			long.Length = r.end - long.Offset
			return long
		}
		r.fill()
	}
}

// fill reads more bytes behind those held, after making room.
func (r *Reader) fill() {
	r.makeRoom()
	for range emptyReads {
		n, err := r.src.Read(r.buf[len(r.buf):cap(r.buf)])
		r.buf = r.buf[:len(r.buf)+n]
		r.err = err
		if n > 0 || err != nil {
			return
		}
	}
	r.err = io.ErrNoProgress
}

// makeRoom moves the unread bytes to the front of the buffer, which it doubles when
// they are more than half of it.
func (r *Reader) makeRoom() {
	if r.pos == 0 && len(r.buf) < cap(r.buf) {
		return
	}
	r.digestTo(r.base + uint64(r.pos))
	rest := r.buf[r.pos:]
	buf := r.buf[:0]
	if len(rest) > cap(buf)/2 && cap(buf) < lastBuffer {
		buf = make([]byte, 0, min(2*cap(buf), lastBuffer))
	}
	r.base += uint64(r.pos)
	r.buf = append(buf, rest...)
	r.pos = 0
}

// digestTo feeds the digest up to the stream offset end.
func (r *Reader) digestTo(end uint64) {
	if end > r.hashed {
		r.digest.Write(r.buf[r.hashed-r.base : end-r.base])
		r.hashed = end
	}
}

// Line returns the 1-based number of the line last returned or found too long.
func (r *Reader) Line() uint64 { return r.line }

// Offset returns the offset of the first byte of that line.
func (r *Reader) Offset() uint64 { return r.offset }

// End returns the offset just behind that line and its line end; 0 before any line.
func (r *Reader) End() uint64 { return r.end }

// Unterminated reports whether that line was the last and had no line end.
func (r *Reader) Unterminated() bool { return r.unterminated }

// Peek returns up to n <= 64 KiB bytes that Next has yet to return, fewer only at the
// end of the stream or before its error. They are valid until the next call.
func (r *Reader) Peek(n int) []byte {
	n = min(n, maxPeek)
	for len(r.buf)-r.pos < n && r.err == nil {
		r.fill()
	}
	return r.buf[r.pos:min(r.pos+n, len(r.buf))]
}

// Sum returns the SHA-256 of the bytes [0, End()). It may be asked at any line and
// costs O(bytes since it was last asked).
func (r *Reader) Sum() [sha256.Size]byte {
	r.digestTo(r.end)
	return [sha256.Size]byte(r.digest.Sum(nil))
}
