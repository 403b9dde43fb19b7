package telemetry

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tallystick/tallystick"
)

const benchRecords = 300_000

// benchLog is the conn log that the benchmarks read, no easier to inflate than real ones.
func benchLog() string {
	var log strings.Builder
	log.WriteString("#separator \\x09\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\t" +
		"duration\torig_bytes\tresp_bytes\tconn_state\tmissed_bytes\thistory\torig_pkts\tresp_pkts\n")
	rnd := rand.New(rand.NewPCG(1, 1))
	for i := range benchRecords {
		fmt.Fprintf(&log, "%d.%06d\tC%016x\t240.168.%d.2\t%d\t240.227.88.15\t443\ttcp\tssl\t0.%06d\t61\t%d\t"+
			"SF\t0\tShADadfF\t11\t12\n", 1517336042+i/100, rnd.IntN(1_000_000), rnd.Uint64(), rnd.IntN(256), 1024+rnd.IntN(60_000),
			rnd.IntN(300_000), rnd.IntN(5000))
	}
	return log.String()
}

// BenchmarkOpen reads one file of conn records from disk, with its digest, plain and
// compressed.
func BenchmarkOpen(b *testing.B) {
	log := benchLog()
	for _, bc := range []struct {
		name string
		data []byte
	}{
		{"plain", []byte(log)},
		{"gzip", gzipped(b, log)},
		{"zstd", zstandard(b, log)},
	} {
		path := filepath.Join(b.TempDir(), "conn.log")
		if err := os.WriteFile(path, bc.data, 0o600); err != nil {
			b.Fatal(err)
		}
		b.Run(bc.name, func(b *testing.B) {
			b.SetBytes(int64(len(log)))
			b.ReportAllocs()
			for b.Loop() {
				if n := drain(b, path); n != benchRecords {
					b.Fatalf("%d records", n)
				}
			}
			b.ReportMetric(float64(benchRecords*b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}

// drain returns the number of records of a file.
func drain(b *testing.B, path string) (n int) {
	src, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer src.Close()
	f, err := Open(path, src, Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var o tallystick.Observation
	for {
		if err := f.Next(&o); err == io.EOF {
			f.Sum()
			return n
		} else if err != nil {
			b.Fatal(err)
		}
		n++
	}
}
