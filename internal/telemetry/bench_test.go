package telemetry

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tallystick/tallystick"
)

const benchRecords = 300_000

// benchLog is the conn log that the benchmarks read.
func benchLog() string {
	var log strings.Builder
	log.WriteString("#separator \\x09\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\t" +
		"duration\torig_bytes\tresp_bytes\tconn_state\tmissed_bytes\thistory\torig_pkts\tresp_pkts\n")
	for i := range benchRecords {
		fmt.Fprintf(&log, "1517336042.279652\tCVvreZ2AGtqjn%05d\t240.168.%d.2\t55638\t240.227.88.15\t443\ttcp\tssl\t0.069982\t61\t%d\t"+
			"SF\t0\tShADadfF\t11\t12\n", i, i%256, i*7919)
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
