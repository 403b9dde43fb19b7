package telemetry

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// ErrBomb says that a file decompresses to more than any log would.
var ErrBomb = errors.New("decompression bomb")

// Limit bounds what one file may decompress to: reading stops when both are exceeded.
type Limit struct {
	Output uint64 // bytes
	Ratio  uint64 // bytes out for each byte in
}

// DefaultLimit lets every honest log pass: highly repetitive ones reach a ratio of 100.
var DefaultLimit = Limit{Output: 1 << 30, Ratio: 300}

const maxWindow = 128 << 20 // what the zstd program itself decompresses without --long

// Decompress undoes gzip (of any number of members) and zstd, recognised by their first
// bytes; other input passes through. The zero limit is DefaultLimit. What precedes
// damage is returned before its error. Errors name the file; that of Read wraps ErrBomb
// beyond limit. Close does not close r.
func Decompress(name string, r io.Reader, limit Limit) (io.ReadCloser, error) {
	plain, err := decompress(r, limit)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return named{plain, name}, nil
}

// named puts the name of the file before read errors.
type named struct {
	io.ReadCloser
	name string
}

func (f named) Read(p []byte) (int, error) {
	n, err := f.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("%s: %w", f.name, err)
	}
	return n, err
}

// decompress is Decompress without the name.
func decompress(r io.Reader, limit Limit) (io.ReadCloser, error) {
	if limit == (Limit{}) {
		limit = DefaultLimit
	}
	in := &counter{src: r}
	buffered := bufio.NewReaderSize(in, 64<<10)
	head, err := buffered.Peek(4)
	if err != nil && err != io.EOF {
		return nil, err
	}
	out := &inflater{in: in, limit: limit}
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b\x08")):
		z, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, fmt.Errorf("damaged gzip: %w", err)
		}
		out.src, out.format, out.close = z, "gzip", z.Close
	case bytes.Equal(head, []byte("\x28\xb5\x2f\xfd")), isSkippable(head):
		z, err := zstd.NewReader(buffered, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, fmt.Errorf("damaged zstd: %w", err)
		}
		out.src, out.format, out.close = z, "zstd", func() error { z.Close(); return nil }
	default:
		return io.NopCloser(buffered), nil
	}
	return out, nil
}

// isSkippable reports whether head begins a skippable frame of zstd, as pzstd writes
// before its data (RFC 8878, section 3.1.2).
func isSkippable(head []byte) bool {
	return len(head) == 4 && head[0]&0xf0 == 0x50 && bytes.Equal(head[1:], []byte("\x2a\x4d\x18"))
}

// inflater counts what comes out of a decompressor.
type inflater struct {
	src    io.Reader
	close  func() error
	format string
	in     *counter
	out    uint64
	limit  Limit
}

func (z *inflater) Read(p []byte) (int, error) {
	n, err := z.src.Read(p)
	z.out += uint64(n)
	if z.out > z.limit.Output && z.out > z.limit.Ratio*z.in.n {
		return n, fmt.Errorf("%w: %d bytes of %s gave %d", ErrBomb, z.in.n, z.format, z.out)
	}
	if err != nil && err != io.EOF {
		err = fmt.Errorf("damaged %s: %w", z.format, err)
	}
	return n, err
}

func (z *inflater) Close() error { return z.close() }

// counter counts the bytes read from src.
type counter struct {
	src io.Reader
	n   uint64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.src.Read(p)
	c.n += uint64(n)
	return n, err
}
