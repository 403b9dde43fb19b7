package telemetry

import (
	"bytes"
	"crypto/sha256"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"github.com/tallystick/tallystick/internal/lines"
)

// BenchmarkFloorInflate only inflates what BenchmarkOpen/gzip reads, from memory: no reader
// of compressed logs is faster on one core.
func BenchmarkFloorInflate(b *testing.B) {
	log := benchLog()
	packed := gzipped(b, log)
	b.SetBytes(int64(len(log)))
	for b.Loop() {
		z, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			b.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, z); err != nil || n != int64(len(log)) {
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
