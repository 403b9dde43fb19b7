package telemetry

import "io"

const (
	blockSize = 256 << 10
	blocks    = 4
)

// ahead reads its source in a goroutine of its own, up to blocks*blockSize ahead, so
// that one core decompresses while another parses.
type ahead struct {
	src     io.ReadCloser
	filled  chan block
	free    chan []byte
	stop    chan struct{}
	current block
	rest    []byte // of current, not yet read
}

// block is a piece of the source, and the error that came behind it.
type block struct {
	data []byte
	err  error
}

func newAhead(src io.ReadCloser) *ahead {
	a := &ahead{
		src: src, filled: make(chan block, blocks), free: make(chan []byte, blocks), stop: make(chan struct{}),
	}
	for range blocks {
		a.free <- make([]byte, blockSize)
	}
	go a.run()
	return a
}

// run owns src until it closes filled.
func (a *ahead) run() {
	defer close(a.filled)
	for {
		select {
		case <-a.stop:
			return
		case buf := <-a.free:
			b := fillBlock(a.src, buf)
			a.filled <- b // never blocks: there are no more blocks than room
			if b.err != nil {
				return
			}
		}
	}
}

func fillBlock(src io.Reader, buf []byte) block {
	for n := 0; ; {
		k, err := src.Read(buf[n:])
		n += k
		if err != nil || n == len(buf) {
			return block{buf[:n], err}
		}
	}
}

func (a *ahead) Read(p []byte) (int, error) {
	for len(a.rest) == 0 {
		if a.current.err != nil {
			return 0, a.current.err
		}
		if a.current.data != nil {
			a.free <- a.current.data[:blockSize]
		}
		b, open := <-a.filled
		if !open {
			return 0, io.ErrClosedPipe
		}
		a.current, a.rest = b, b.data
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// Close waits for the goroutine, which may be inside a read of the source.
func (a *ahead) Close() error {
	close(a.stop)
	for range a.filled {
	}
	return a.src.Close()
}
