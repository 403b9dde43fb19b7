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

	"github.com/tallystick/tallystick"
)

// Max is the length of the longest line that is returned, in bytes without line end.
const Max = 16 << 20

const maxPeek = 64 << 10

// mark is the byte order mark of UTF-8, which may stand before the first line.
const mark = "\ufeff"

// TooLong is the reason of a *tallystick.LineError: a line, or a record of several lines,
// exceeded Max and was skipped; reading goes on behind it.
const TooLong = "too long"

// Long returns the error for a record of so many bytes.
func Long(at tallystick.Locator, size uint64) error {
	return at.Unused(TooLong, fmt.Sprintf("%d bytes", size))
}

// Reader cuts a stream into lines. It holds a few blocks of the stream, and a line that is
// longer than a block.
type Reader struct {
	blocks source
	block         // at hand; err is nil while more may come
	base   uint64 // offset of data[0] in the stream
	pos    int    // first byte of data that is not yet part of a returned line
	joined []byte // a line longer than a block

	line, offset, end uint64
	unterminated      bool

	digest hash.Hash
	hashed uint64 // bytes of the stream that digest has seen
}

// source yields the blocks of a stream, until one has an error. A block is valid until the
// next call.
type source interface {
	next() block
	close()
}

// NewReader returns a Reader at the first line of r, which it reads as lines are asked for.
func NewReader(r io.Reader) *Reader { return newReader(&direct{cutter: cutter{src: r}}) }

// NewAhead returns a Reader at the first line of r, which a goroutine reads ahead, up to 4
// MiB. hashing lets that goroutine make the digest too: the work is divided well if reading
// costs nothing. Close it before r is closed.
func NewAhead(r io.Reader, hashing bool) *Reader { return newReader(newAhead(r, hashing)) }

func newReader(blocks source) *Reader { return &Reader{blocks: blocks, digest: sha256.New()} }

// Next returns the next line without its line end (LF or CRLF), valid until the next
// call of Next or Peek. A byte order mark at the start is passed over. At the end the
// error is io.EOF; a last line without line end is returned before it, and Unterminated is
// then true. A line longer than Max gives a *tallystick.LineError with the reason TooLong,
// and the line behind it comes next. Any other error is the source's, wrapped; the bytes
// of an unfinished line before such an error are not returned, because nobody knows how
// the line went on.
func (r *Reader) Next() ([]byte, error) {
	if i := bytes.IndexByte(r.data[r.pos:], '\n'); i >= 0 {
		return r.take(i, 1), nil
	}
	return r.slow()
}

// slow is Next where the rest of the block holds no line end.
func (r *Reader) slow() ([]byte, error) {
	if r.pos == len(r.data) && r.err == nil {
		r.advance()
		if i := bytes.IndexByte(r.data[r.pos:], '\n'); i >= 0 {
			return r.take(i, 1), nil
		}
	}
	n := len(r.data) - r.pos
	switch {
	case r.err == nil:
		return r.long()
	case r.err != io.EOF:
		return nil, r.broken()
	case n == 0:
		return nil, io.EOF
	}
	r.unterminated = true
	return r.take(n, 0), nil
}

func (r *Reader) broken() error {
	return fmt.Errorf("reading at byte %d: %w", r.base+uint64(len(r.data)), r.err)
}

// take makes the n bytes at pos the returned line; newline is the length of its LF.
func (r *Reader) take(n, newline int) []byte {
	line := r.data[r.pos : r.pos+n]
	r.line++
	r.offset = r.base + uint64(r.pos)
	r.pos += n + newline
	r.end = r.base + uint64(r.pos)
	return withoutCR(line)
}

func withoutCR(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		return line[:n-1]
	}
	return line
}

// advance replaces the block at hand, all of which was used, by the next.
func (r *Reader) advance() {
	if r.before == nil {
		r.digestTo(r.base + uint64(len(r.data)))
	}
	r.base += uint64(len(r.data))
	r.block, r.pos = r.blocks.next(), 0
	if r.before != nil {
		r.digest, r.hashed = r.before, r.base
	}
	if r.base == 0 && bytes.HasPrefix(r.data, []byte(mark)) {
		r.pos, r.end = len(mark), uint64(len(mark))
	}
}

// digestTo feeds the digest up to the stream offset end, which lies in the block at hand.
func (r *Reader) digestTo(end uint64) {
	if end > r.hashed {
		r.digest.Write(r.data[r.hashed-r.base : end-r.base])
		r.hashed = end
	}
}

// At returns the place of the line last returned or found too long.
func (r *Reader) At() tallystick.Locator { return tallystick.Locator{Line: r.line, Offset: r.offset} }

// End returns the offset just behind that line and its line end; before any line that of
// the first.
func (r *Reader) End() uint64 { return r.end }

// Unterminated reports whether that line was the last and had no line end.
func (r *Reader) Unterminated() bool { return r.unterminated }

// Peek returns up to n <= 64 KiB bytes that Next has yet to return, fewer only at the
// end of the stream or before its error. They are valid until the next call.
func (r *Reader) Peek(n int) []byte {
	n = min(n, maxPeek)
	for len(r.data)-r.pos < n && r.err == nil {
		r.extend()
	}
	return r.data[r.pos:min(r.pos+n, len(r.data))]
}

// extend makes the next block follow what is left of the block at hand.
func (r *Reader) extend() {
	if r.pos == len(r.data) {
		r.advance()
		return
	}
	r.digestTo(r.base + uint64(r.pos))
	rest := bytes.Clone(r.data[r.pos:])
	r.base += uint64(r.pos)
	r.block, r.pos = r.blocks.next(), 0
	r.data = append(rest, r.data...)
}

// Sum returns the SHA-256 of the bytes [0, End()). It may be asked at any line and
// costs O(bytes since it was last asked).
func (r *Reader) Sum() [sha256.Size]byte {
	r.digestTo(r.end)
	return [sha256.Size]byte(r.digest.Sum(nil))
}

// Close ends the reading ahead. It waits for a read of the source that has begun.
func (r *Reader) Close() { r.blocks.close() }
