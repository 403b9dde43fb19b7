package segment_test

import (
	"io"
	"slices"
	"testing"

	"github.com/tallystick/tallystick/internal/segment"
	"github.com/tallystick/tallystick/internal/segment/segmenttest"
)

// BenchmarkWrite writes a day of national telemetry and reports bytes a row.
func BenchmarkWrite(b *testing.B) {
	rows := segmenttest.National().Day(0, 1)
	segment.Sort(rows)
	b.ReportAllocs()
	var size counter
	for b.Loop() {
		size = 0
		if err := segment.Write(&size, rows); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(size)/float64(len(rows)), "B/row")
	b.ReportMetric(float64(len(rows))*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

func BenchmarkSort(b *testing.B) {
	rows := segmenttest.National().Day(0, 1)
	work := slices.Clone(rows)
	b.ReportAllocs()
	for b.Loop() {
		copy(work, rows)
		segment.Sort(work)
	}
	b.ReportMetric(float64(len(rows))*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkRows reads whole rows by the slow road.
func BenchmarkRows(b *testing.B) {
	rows := segmenttest.National().Day(0, 20)
	data := written(b, rows)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for _, err := range opened(b, data).Rows() {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != len(rows) {
			b.Fatal(n, len(rows))
		}
	}
	b.ReportMetric(float64(len(rows))*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

var _ io.Writer = new(counter)
