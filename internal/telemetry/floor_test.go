package telemetry

import (
	"bytes"
	"crypto/sha256"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/tallystick/tallystick/internal/lines"
)

// BenchmarkFloorInflate only inflates what BenchmarkOpen/gzip reads: no reader of
// compressed logs is faster on one core.
func BenchmarkFloorInflate(b *testing.B) {
	floorOf(b, gzipped, func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) })
}

// BenchmarkFloorUnzstd is the same for BenchmarkOpen/zstd.
func BenchmarkFloorUnzstd(b *testing.B) {
	floorOf(b, zstandard, func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r, zstd.WithDecoderConcurrency(1)) })
}

func floorOf(b *testing.B, pack func(testing.TB, string) []byte, open func(io.Reader) (io.Reader, error)) {
	log := benchLog()
	packed := pack(b, log)
	b.SetBytes(int64(len(log)))
	for b.Loop() {
		r, err := open(struct{ io.Reader }{bytes.NewReader(packed)}) // as from a file
		if err != nil {
			b.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, r); err != nil || n != int64(len(log)) {
			b.Fatal(n, err)
		}
	}
}

// BenchmarkFloorSplit only cuts what BenchmarkOpen reads into lines.
func BenchmarkFloorSplit(b *testing.B) {
	log := benchLog()
	b.SetBytes(int64(len(log)))
	for b.Loop() {
		n := 0
		for r := lines.NewReader(strings.NewReader(log)); ; n++ {
			if _, err := r.Next(); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
		if n < benchRecords {
			b.Fatal(n)
		}
	}
}

// BenchmarkFloorHash only hashes what BenchmarkOpen reads: every input gets its digest.
func BenchmarkFloorHash(b *testing.B) {
	log := []byte(benchLog())
	b.SetBytes(int64(len(log)))
	for b.Loop() {
		sha256.Sum256(log)
	}
}
