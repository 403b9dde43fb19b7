package lines

import (
	"crypto/sha256"
	"io"
)

// blocks is how far a source is read ahead: so much that the goroutine which inflates does
// not wait when the one that parses is not run for some milliseconds.
const blocks = 16

// ahead reads its source in a goroutine of its own, so that one core reads or inflates
// while another parses.
type ahead struct {
	filled chan block
	free   chan []byte
	stop   chan struct{}
	used   []byte // buffer of the block handed out
}

func newAhead(src io.Reader, hashing bool) *ahead {
	a := &ahead{filled: make(chan block, blocks), free: make(chan []byte, blocks), stop: make(chan struct{})}
	c := cutter{src: src}
	if hashing {
		c.digest = sha256.New()
	}
	go a.run(c)
	return a
}

// run owns the source until it closes filled.
func (a *ahead) run(c cutter) {
	defer close(a.filled)
	for made := 0; ; made++ {
		buf := a.buffer(made)
		if buf == nil {
			return
		}
		b := c.next(buf)
		a.filled <- b // never blocks: there are no more buffers than room
		if b.err != nil {
			return
		}
	}
}

// buffer returns a buffer that is free, or a new one for each of the first blocks; nil
// when nobody wants more.
func (a *ahead) buffer(block int) []byte {
	if block < blocks {
		select {
		case <-a.stop:
			return nil
		case buf := <-a.free:
			return buf
		default:
			return make([]byte, blockSize)
		}
	}
	select {
	case <-a.stop:
		return nil
	case buf := <-a.free:
		return buf
	}
}

func (a *ahead) next() block {
	if a.used != nil {
		a.free <- a.used
	}
	b := <-a.filled
	a.used = b.data[:blockSize]
	return b
}

func (a *ahead) close() {
	close(a.stop)
	for range a.filled {
	}
}
