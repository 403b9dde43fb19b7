package intel

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxWindow is what the zstd program itself decompresses without --long.
const maxWindow = 128 << 20

// plainName returns a file's name without the ending that compressing gave it.
func plainName(name string) string {
	return strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst")
}

// unpacked returns what a feed holds, undone from gzip or zstd: then at most maxDocument
// bytes of it, beyond which reading fails. A byte order mark is passed over. Call done
// when it is read.
func unpacked(r *bufio.Reader) (text *bufio.Reader, done func(), err error) {
	text, done = r, func() {}
	switch head, _ := r.Peek(4); {
	case bytes.HasPrefix(head, []byte("\x1f\x8b\x08")):
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, done, fmt.Errorf("damaged gzip: %w", err)
		}
		text = inflated(z, "gzip")
	case bytes.Equal(head, []byte("\x28\xb5\x2f\xfd")):
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, done, fmt.Errorf("damaged zstd: %w", err)
		}
		text, done = inflated(z, "zstd"), z.Close
	}
	if head, _ := text.Peek(len(byteOrderMark)); string(head) == byteOrderMark {
		_, err = text.Discard(len(byteOrderMark))
	}
	return text, done, err
}

const byteOrderMark = "\ufeff"

func inflated(r io.Reader, packing string) *bufio.Reader {
	return bufio.NewReaderSize(&bounded{r, packing, maxDocument}, sniffBytes)
}

// bounded reads at most left bytes, then fails.
type bounded struct {
	src     io.Reader
	packing string
	left    int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.src.Read(p)
	switch b.left -= int64(n); {
	case b.left < 0:
		return 0, errTooLarge
	case err != nil && !errors.Is(err, io.EOF):
		return n, fmt.Errorf("damaged %s: %w", b.packing, err)
	}
	return n, err
}
