package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/durable/durabletest"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
)

// other returns a second ingest into the same ledger, with a handle of its own.
func (w *world) other() *world {
	w.Helper()
	o := *w
	var err error
	if o.Ledger, err = ledger.Open("/led", options(w.fs)); err != nil {
		w.Fatal(err)
	}
	return &o
}

// growing is a source that has more lines each time anybody opens it.
func growing(name string, s *ts.Sensor, log string, step int, opened *atomic.Int64) Source {
	return Source{Name: name, Sensor: s, Open: func() (io.ReadCloser, error) {
		n := min(int(opened.Add(1))*step, len(log))
		return io.NopCloser(strings.NewReader(log[:strings.LastIndexByte(log[:n], '\n')+1])), nil
	}}
}

// TestTwoWriters: two ingests at once, of files that both, one or the other has, some
// of which grow meanwhile. Nobody's rows are doubled or lost.
func TestTwoWriters(t *testing.T) {
	small, large := dnsLog(9), connLog(30, 0)
	for i := range 8 {
		handles, rows := 1+i%2, []int{3, 1000}[i/2%2]
		w := newWorld(t)
		w.BatchRows = rows
		o := w
		if handles == 2 {
			o = w.other()
		}
		var opened [2]atomic.Int64
		shared := []Source{growing("small", backbone, small, 300, &opened[0]), growing("large", backbone, large, 500, &opened[1])}
		mine := append([]Source{src("mine", backbone, accessLog(4))}, shared...)
		theirs := append([]Source{src("theirs", backbone, httpLog)}, shared...)
		var group sync.WaitGroup
		for _, run := range []func() (*Result, error){
			func() (*Result, error) { return w.Run(t.Context(), mine) },
			func() (*Result, error) { return o.Run(t.Context(), theirs) },
		} {
			group.Go(func() {
				if _, err := run(); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		whole := []Source{src("small", backbone, small), src("large", backbone, large), mine[0], theirs[0]}
		w.must(whole...)
		w.wantRows(whole...)
		if t.Failed() {
			t.Fatalf("with %d handles, batches of %d rows", handles, rows)
		}
	}
}

// TestLostRace lets another writer commit the same file, a longer and a shorter one of
// it, just before this one commits.
func TestLostRace(t *testing.T) {
	for name, logs := range map[string][2]string{
		"same":            {connLog(60, 0), connLog(60, 0)},
		"they have less":  {connLog(60, 0), connLog(60, 0)[:len(connLog(21, 0))]},
		"small and grown": {dnsLog(9), dnsLog(4)},
		"alike in 1024":   {connLog(60, 0), connLog(60, 0)[:2000] + strings.Replace(connLog(60, 0)[2000:], "240.1.0.", "240.1.9.", 1)},
	} {
		for _, rows := range []int{3, 1000} {
			t.Run(fmt.Sprint(name, rows), func(t *testing.T) {
				w := newWorld(t)
				w.BatchRows = rows
				rival := w.other()
				mine, theirs := src("mine", backbone, logs[0]), src("theirs", backbone, logs[1])
				done := false
				w.fs.Judge = func(op durabletest.Op) durabletest.Fault {
					if op.Kind == "lock" && !done {
						done = true
						rival.must(theirs)
					}
					return durabletest.None
				}
				r := w.must(mine)
				w.fs.Judge = nil
				if len(r.Dropped) == 0 {
					t.Errorf("nothing was dropped: %+v", r)
				}
				if name != "alike in 1024" {
					w.wantRows(mine)
					return
				}
				want, least := w.oracle(mine, theirs), w.oracle(mine)
				for key, s := range committedRows(unranged{w.TB}, w.Ledger) {
					if s.Records > want[key].Records || s.Records < least[key].Records { // what both begin with counts once, about
						t.Errorf("%+v, want %+v: %s", s, want[key], key)
					}
					delete(want, key)
				}
				if len(want) > 0 {
					t.Errorf("lost: %v", want)
				}
			})
		}
	}
}

// TestRivalSensor lets another writer commit the same content under another named
// sensor just before this one commits.
func TestRivalSensor(t *testing.T) {
	w := newWorld(t)
	rival := w.other()
	done := false
	w.fs.Judge = func(op durabletest.Op) durabletest.Fault {
		if op.Kind == "lock" && !done {
			done = true
			rival.must(src("a", renamed(backbone, "other", true), connLog(9, 0)))
		}
		return durabletest.None
	}
	r, err := w.Run(t.Context(), []Source{src("a", backbone, connLog(9, 0))})
	if err != nil || !errors.Is(r.Inputs[0].Err, ErrOtherSensor) || r.Rows != 0 {
		t.Errorf("%v %+v", err, r)
	}
}

// TestCancel: what was committed stays, no goroutine remains, and the error is told.
func TestCancel(t *testing.T) {
	before := runtime.NumGoroutine()
	w := newWorld(t)
	w.BatchRows, w.Workers = 3, 3
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	commits := 0
	w.fs.Judge = func(op durabletest.Op) durabletest.Fault {
		if op.Kind == "unlock" {
			if commits++; commits == 2 {
				cancel(why)
			}
		}
		return durabletest.None
	}
	var sources []Source
	for i := range 12 {
		sources = append(sources, src(fmt.Sprint(i), backbone, connLog(40+i, i)))
	}
	r, err := w.Run(ctx, sources)
	if !errors.Is(err, why) || r == nil || r.Rows == 0 {
		t.Fatalf("%v %+v", err, r)
	}
	w.fs.Judge, w.BatchRows = nil, 1000
	w.wantGoroutines(before)
	w.must(sources...)
	w.wantRows(sources...)
}

// wantGoroutines fails if more run than before, once those that end have ended.
func (w *world) wantGoroutines(before int) {
	w.Helper()
	for range 1_000_000 { // one that ended may not have left the processor
		if runtime.NumGoroutine() <= before {
			return
		}
		runtime.Gosched()
	}
	buf := make([]byte, 1<<16)
	w.Errorf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, buf[:runtime.Stack(buf, true)])
}

// TestCommitFails ends the run early: the error is told, nobody is left behind, and
// another run completes it.
func TestCommitFails(t *testing.T) {
	before := runtime.NumGoroutine()
	w := newWorld(t)
	w.BatchRows = 3
	w.fs.Judge = func(op durabletest.Op) durabletest.Fault {
		if op.Kind == "lock" {
			return durabletest.Fail
		}
		return durabletest.None
	}
	r, err := w.Run(t.Context(), madeSources())
	if !errors.Is(err, durabletest.ErrInjected) || r.Rows != 0 {
		t.Fatalf("%v %+v", err, r)
	}
	for _, in := range r.Inputs {
		if in.Tally.Read != 0 || in.Bytes != 0 {
			t.Errorf("nothing was committed, but %+v", in)
		}
	}
	w.fs.Judge = nil
	w.wantGoroutines(before)
	w.must(madeSources()...)
	w.wantRows(madeSources()...)
}

// TestHoles: no batch may begin where nothing ended, even if the batch before it met
// another writer's.
func TestHoles(t *testing.T) {
	w := newWorld(t)
	w.BatchRows = 3
	rival := w.other()
	log := connLog(60, 0)
	locks := 0
	w.fs.Judge = func(op durabletest.Op) durabletest.Fault {
		if op.Kind == "lock" {
			if locks++; locks == 2 {
				rival.must(src("short", backbone, log[:len(connLog(25, 0))]))
			}
		}
		return durabletest.None
	}
	w.must(src("long", backbone, log))
	w.fs.Judge = nil
	view, err := evidence.Read(w.Ledger)
	if err != nil {
		t.Fatal(err)
	}
	checkRanges(t, view)
	var reach uint64
	for _, in := range view.Known() {
		reach = max(reach, in.To.Offset)
	}
	if reach != uint64(len(log)) {
		t.Errorf("read up to byte %d of %d", reach, len(log))
	}
	var lost ts.Tally
	for _, in := range view.Known() {
		lost.Add(in.Tally)
	}
	if lost.Read < 60 {
		t.Errorf("%s", lost.String())
	}
}
