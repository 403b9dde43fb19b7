package lines

import (
	"bytes"
	"hash"
	"io"
)

const (
	blockSize  = 256 << 10
	emptyReads = 100 // reads without bytes or error before the source counts as broken
)

// block is a piece of a stream: whole lines; a piece of a line, where that fills the
// block; or what the stream ends with.
type block struct {
	data   []byte
	err    error     // what came behind data; nil while more may come
	before hash.Hash // SHA-256 of the stream before data; nil: whoever uses the block hashes
}

// cutter cuts a stream into blocks. A line that does not end in its block begins the next.
type cutter struct {
	src    io.Reader
	rest   []byte    // read, but not yet in a block
	digest hash.Hash // nil to leave hashing to others
}

// next makes a block of buf. It must not be called behind a block with an error.
func (c *cutter) next(buf []byte) block {
	n := copy(buf, c.rest)
	c.rest = c.rest[:0]
	k, err := fill(c.src, buf[n:])
	b := block{data: buf[:n+k], err: err}
	if i := bytes.LastIndexByte(b.data, '\n'); i >= 0 && err == nil {
		c.rest = append(c.rest, b.data[i+1:]...)
		b.data = b.data[:i+1]
	}
	if c.digest != nil {
		b.before = clone(c.digest)
		c.digest.Write(b.data)
	}
	return b
}

// fill reads until buf is full or an error comes.
func fill(src io.Reader, buf []byte) (n int, err error) {
	for empty := 0; n < len(buf) && err == nil; {
		var k int
		k, err = src.Read(buf[n:])
		if n += k; k > 0 {
			empty = 0
		} else if empty++; empty == emptyReads && err == nil {
			err = io.ErrNoProgress
		}
	}
	return n, err
}

// clone returns a copy of a SHA-256 that goes on by itself.
func clone(h hash.Hash) hash.Hash {
	copied, err := h.(hash.Cloner).Clone()
	if err != nil { // cannot be: SHA-256 has a state of its own
		panic(err)
	}
	return copied
}

// direct reads a block when it is asked for.
type direct struct {
	cutter cutter
	buf    []byte
}

func (d *direct) next() block {
	if d.buf == nil {
		d.buf = make([]byte, blockSize)
	}
	return d.cutter.next(d.buf)
}

func (d *direct) close() {}
