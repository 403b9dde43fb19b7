package count_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/segment"
	"github.com/tallystick/tallystick/internal/segment/segmenttest"
)

// The targets are for -count.scale 1: 60 million rows, which take some minutes to write
// the first time; -count.data keeps them for the next.
var (
	benchScale = flag.Int("count.scale", 100, "benchmark one in so many of 60 million rows")
	benchData  = flag.String("count.data", "", "folder that keeps the benchmark's segments")
)

const benchDays = 60

// national returns 60 days of national telemetry, a segment each.
func national(b *testing.B) count.Source {
	b.Helper()
	dir := *benchData
	if dir == "" {
		dir = b.TempDir()
	}
	var src count.Source
	for day := range benchDays {
		path := filepath.Join(dir, fmt.Sprintf("%d-%02d.parquet", *benchScale, day))
		if _, err := os.Stat(path); err != nil {
			writeDay(b, path, day)
		}
		d := segmenttest.FirstDay + ts.Day(day)
		src.Segments = append(src.Segments, count.Segment{Name: path, FirstDay: d, LastDay: d, Open: func() (count.File, error) { return openFile(path) }})
	}
	return src
}

func writeDay(b *testing.B, path string, day int) {
	rows := segmenttest.National().Day(day, *benchScale)
	segment.Sort(rows)
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	if err := segment.Write(f, rows); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}

// sized is a file that knows its size.
type sized struct {
	*os.File
	size int64
}

func (s sized) Size() int64 { return s.size }

func openFile(path string) (count.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	return sized{f, info.Size()}, err
}

func BenchmarkCount(b *testing.B) {
	src := national(b)
	hosts, err := measure.ByName("control.hosts")
	if err != nil {
		b.Fatal(err)
	}
	window := ts.Window{From: segmenttest.FirstDay, To: segmenttest.FirstDay + benchDays}
	part := ts.Window{From: window.From + 3, To: window.To - 3} // cuts the first and the last run
	// AB and AD are neither the largest country nor among the least.
	by, on := []ts.Country{"AD"}, []ts.Country{"AB"}
	for _, c := range []struct {
		name string
		q    count.Question
	}{
		{"pair", count.Question{By: by, On: on}},
		{"matrix", count.Question{Group: []count.Dimension{count.By, count.On}}},
		{"on", count.Question{Group: []count.Dimension{count.On}}},
		{"all", count.Question{}},
		{"family", count.Question{Group: []count.Dimension{count.Family}}},
		{"pair-part", count.Question{By: by, On: on, Window: part}},
		{"matrix-part", count.Question{Group: []count.Dimension{count.By, count.On}, Window: part}},
		{"day", count.Question{Group: []count.Dimension{count.Date}}},
	} {
		c.q.Measure = hosts
		if c.q.Window.All() {
			c.q.Window = window
		}
		b.Run(c.name, func(b *testing.B) { ask(b, src, c.q) })
		merged := src
		merged.Runs = runsOf(b, src)
		b.Run(c.name+"-runs", func(b *testing.B) { ask(b, merged, c.q) })
	}
}

// runsOf builds the runs of src where they are not yet.
func runsOf(b *testing.B, src count.Source) count.Cache {
	runs := count.Folder(filepath.Dir(src.Segments[0].Name))
	src.Runs = runs
	s := count.New(src, count.Options{})
	defer s.Close()
	if err := s.BuildRuns(context.Background()); err != nil {
		b.Fatal(err)
	}
	return runs
}

func ask(b *testing.B, src count.Source, q count.Question) {
	s := count.New(src, count.Options{})
	defer s.Close()
	groups := collect(b, s.Count(context.Background(), q)) // warm
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range s.Count(context.Background(), q) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(len(groups)), "groups")
	b.ReportMetric(float64(groups[0].Members), "members")
}
