package ingest

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/ledger"
)

// manyVictims is a conn log of n victims, each met once, made while it is read: its
// size is no matter.
func manyVictims(n int) Source {
	return Source{Name: "conn.log", Sensor: backbone, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(&victims{n: n, rest: []byte(connLog(0, 0))}), nil
	}}
}

type victims struct {
	i, n int
	rest []byte
}

func (v *victims) Read(p []byte) (int, error) {
	for len(v.rest) == 0 {
		if v.i == v.n {
			return 0, io.EOF
		}
		v.rest = fmt.Appendf(v.rest, "%d.5\tC%d\t240.1.%d.%d\t%d\t240.0.1.1\t443\ttcp\t-\t1.0\t10\t20\tSF\tShAD\n",
			startDay.Start()+int64(v.i>>16)*ts.SecondsPerDay, v.i, v.i>>8&255, v.i&255, 1024+v.i%50000)
		v.i++
	}
	n := copy(p, v.rest)
	v.rest = v.rest[n:]
	return n, nil
}

// TestMemory: what an ingest holds is bounded by the rows of a batch, not by its input.
// The ledger is on disk, so that only the ingest is measured.
func TestMemory(t *testing.T) {
	const victims, rows, bound = 600_000, 20_000, 320 << 20
	w := newWorld(t)
	w.BatchRows = rows
	var err error
	if w.Ledger, err = ledger.Create(t.TempDir()+"/led", "ledger.example/test", ledger.Options{FS: unsynced{}}); err != nil {
		t.Fatal(err)
	}
	var m runtime.MemStats
	var peak uint64 // of the live heap, whatever is in it
	source := manyVictims(victims)
	reads := 0
	open := source.Open
	source.Open = func() (io.ReadCloser, error) {
		r, err := open()
		return struct {
			io.Reader
			io.Closer
		}{readerFunc(func(p []byte) (int, error) {
			if reads++; reads%20_000 == 0 {
				runtime.GC()
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapAlloc)
			}
			return r.Read(p)
		}), r}, err
	}
	if r := w.must(source); r.Rows != victims {
		t.Errorf("%d rows", r.Rows)
	}
	t.Logf("%d MB live at most", peak>>20)
	if peak > bound || peak == 0 {
		t.Errorf("%d MB live", peak>>20)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// unsynced is the machine's file system without waiting for the disk.
type unsynced struct{ durable.OS }

func (unsynced) SyncFolder(string) error { return nil }

// TestManySmallInputs: each of a thousand files is read once, is known afterwards, and
// is compared with few others: what is opened grows with their number only.
func TestManySmallInputs(t *testing.T) {
	const files = 1000
	w := newWorld(t)
	var opened atomic.Int64
	var sources []Source
	for i := range files {
		s := src(fmt.Sprint(i), backbone, strings.Replace(connLog(10, i), "\tC", fmt.Sprintf("\tC%d-", i), -1))
		open := s.Open
		s.Open = func() (io.ReadCloser, error) { opened.Add(1); return open() }
		sources = append(sources, s)
	}
	if r := w.must(sources...); r.Rows == 0 || opened.Load() != 2*files {
		t.Errorf("%d times opened", opened.Load())
	}
	for _, in := range w.must(sources...).Inputs {
		if !in.Known {
			t.Fatalf("%+v", in)
		}
	}
	w.wantRows(sources...)
}

// BenchmarkNewRows ingests records each of which is a row of its own.
func BenchmarkNewRows(b *testing.B) {
	const rows = 1_000_000
	for b.Loop() {
		b.StopTimer()
		w := newWorld(b)
		w.BatchRows = 0
		b.StartTimer()
		w.must(manyVictims(rows))
	}
	b.ReportAllocs()
	b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "rows/s")
}
