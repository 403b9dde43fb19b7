package ingest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/intel"
)

// TestSameAgain: the same content adds nothing, whatever it is called and however it
// is compressed.
func TestSameAgain(t *testing.T) {
	log := connLog(40, 0)
	for name, again := range map[string]Source{
		"same":         src("conn.log", backbone, log),
		"renamed":      src("old/conn.1.log", backbone, log),
		"gzip":         src("conn.log.gz", backbone, gzipped(log)),
		"zstd":         src("conn.log.zst", backbone, zstandard(log)),
		"other folder": src("conn.log", renamed(backbone, "copy", false), log),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			first := src("conn.log", backbone, log)
			size := w.must(first).Head.Size
			if r := w.must(again); !r.Inputs[0].Known || r.Rows != 0 || r.Head.Size != size {
				t.Errorf("%+v", r)
			}
			w.wantRows(first)

			once := newWorld(t) // both in one run
			if r := once.must(first, again, again); r.Inputs[0].Known || !r.Inputs[1].Known || !r.Inputs[2].Known {
				t.Errorf("in one run: %+v", r)
			}
			once.wantRows(first)
		})
	}
}

// TestGrown cuts a log at every byte, reads what comes before the cut, then all: in two
// runs, and as two files of one run. What a cut line may have said stays beside what it
// says whole, so the oracle reads the beginning of that line too.
func TestGrown(t *testing.T) {
	for name, log := range map[string]string{"small": httpLog, "access": accessLog(4), "eve": eveLog(2), "large": connLog(20, 0)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			step := 1 + len(log)/40
			for cut := 1; cut < len(log); cut += step {
				head, all := src("a", backbone, log[:cut]), src("b", backbone, log)
				w := newWorld(t)
				first, _ := w.Run(t.Context(), []Source{head})
				if first.Inputs[0].Err != nil { // nothing can be recognised yet
					continue
				}
				second := w.must(all)
				checkGrown(w, log, cut, first.Inputs[0].Tally.Plus(second.Inputs[0].Tally))

				once := newWorld(t)
				r := once.must(head, all)
				checkGrown(once, log, cut, r.Inputs[0].Tally.Plus(r.Inputs[1].Tally))
				if once.Ledger.Head().Size == 0 {
					t.Fatal("nothing was committed")
				}
			}
		})
	}
}

func checkGrown(w *world, log string, cut int, tally ts.Tally) {
	w.Helper()
	whole := w.oracle(src("b", backbone, log))
	got := committedRows(w, w.Ledger)
	for key, want := range whole {
		if have, ok := got[key]; !ok || have.Records < want.Records || have.Records > want.Records+2 {
			w.Fatalf("cut at %d: %+v, want %+v: %s", cut, have, want, key)
		}
	}
	if log[cut-1] == '\n' || log[cut] == '\n' {
		equalRows(w, got, whole)
	}
	n := uint64(strings.Count(log, "\n"))
	if tally.Read > 2*n+2 || !tally.Balanced() {
		w.Fatalf("cut at %d of %d lines: %s", cut, n, tally.String())
	}
}

// TestRotated: a file that goes on under its name with other content is new, and what
// was moved away is known.
func TestRotated(t *testing.T) {
	w := newWorld(t)
	old, fresh := connLog(30, 0), connLog(12, 1)
	w.must(src("conn.log", backbone, old))
	r := w.must(src("conn.log", backbone, fresh), src("conn.1.log", backbone, old))
	if r.Inputs[0].Known || !r.Inputs[1].Known {
		t.Errorf("%+v", r.Inputs)
	}
	w.wantRows(src("", backbone, old), src("", backbone, fresh))
}

// TestCopiesInOneRun: copies and grown copies among other files, by any number of
// readers, are read once.
func TestCopiesInOneRun(t *testing.T) {
	for _, workers := range []int{1, 2, 5} {
		for _, rows := range []int{3, 1000} {
			w := newWorld(t)
			w.Workers, w.BatchRows = workers, rows
			log, short := connLog(60, 0), dnsLog(6)
			cut := strings.LastIndexByte(short[:len(short)/2], '\n') + 1
			w.must(src("short.1", backbone, short[:cut]), src("a", backbone, log), src("b", backbone, log),
				src("short.2", backbone, short), src("c", backbone, gzipped(log)), src("short.3", backbone, short))
			w.wantRows(src("a", backbone, log), src("short", backbone, short))
		}
	}
}

func TestOtherSensor(t *testing.T) {
	log := connLog(30, 0)
	other := renamed(backbone, "other", true)
	abroad := renamed(backbone, "abroad", true)
	abroad.Country = "DE"
	for _, rival := range []*ts.Sensor{other, abroad} {
		w := newWorld(t)
		w.must(src("a", backbone, log))
		size := w.Ledger.Head().Size
		r, err := w.Run(t.Context(), []Source{src("b", rival, log), src("c", backbone, dnsLog(3))})
		if err != nil || !errors.Is(r.Inputs[0].Err, ErrOtherSensor) || r.Inputs[1].Err != nil {
			t.Fatalf("%v %+v", err, r)
		}
		if want := fmt.Sprintf("b: known under another sensor: %q, in ledger entry %d", "backbone", size-1); r.Inputs[0].Err.Error() != want {
			t.Errorf("%v; want %s", r.Inputs[0].Err, want)
		}
		w.wantRows(src("a", backbone, log), src("c", backbone, dnsLog(3)))

		once := newWorld(t)
		r, err = once.Run(t.Context(), []Source{src("a", backbone, log), src("b", rival, log)})
		if err != nil || !errors.Is(r.Inputs[1].Err, ErrOtherSensor) {
			t.Errorf("in one run: %v %+v", err, r)
		}
	}
	w := newWorld(t)
	w.must(src("a", backbone, log))
	w.must(src("b", renamed(other, "folder", false), log))
	w.must(src("c", other, dnsLog(3)))
}

// TestSensorsThatCannotBe: a sensor's name that no entry or row can hold fails its
// inputs alone.
func TestSensorsThatCannotBe(t *testing.T) {
	w := newWorld(t)
	r, err := w.Run(t.Context(), []Source{
		src("a", renamed(backbone, "space ", false), connLog(9, 0)),
		src("b", renamed(backbone, strings.Repeat("x", 300), false), connLog(9, 1)),
		src("c ", backbone, connLog(9, 2)),
	})
	if err != nil || r.Inputs[0].Err == nil || r.Inputs[1].Err == nil || r.Inputs[2].Err != nil {
		t.Fatalf("%v %+v", err, r)
	}
	w.wantRows(src("c", backbone, connLog(9, 2)))
}

// TestOtherIntel: other intel over the same files gives rows of both; with Supersede
// the old batches count no more as soon as all their inputs are judged again.
func TestOtherIntel(t *testing.T) {
	a, b := src("a", backbone, connLog(30, 0)), src("b", backbone, dnsLog(9))
	old := newWorld(t)
	old.must(a, b)
	before := old.oracle(a, b)
	old.Intel = madeIntel(t, "240.5.0.1")
	after := old.oracle(a, b)

	both := folded{}
	for _, f := range []folded{before, after} {
		for key, s := range f {
			sum := both[key]
			both[key] = sums{s.First, s.Last, s.Records + sum.Records}
		}
	}
	old.must(a, b)
	equalRows(t, committedRows(t, old.Ledger), both)

	w := newWorld(t)
	w.must(a, b)
	w.Intel, w.Supersede = old.Intel, true
	if r := w.must(a); len(r.Superseded) != 0 {
		t.Errorf("superseded by half of its inputs: %+v", r)
	}
	if r := w.must(a, b); len(r.Superseded) != 1 || !r.Inputs[0].Known {
		t.Errorf("not superseded: %+v", r)
	}
	equalRows(t, committedRows(t, w.Ledger), after)
	if r := w.must(a, b); len(r.Superseded) != 0 {
		t.Errorf("superseded again: %+v", r)
	}
}

// TestSupersedeInParts: many batches are superseded by many others, and by one.
func TestSupersedeInParts(t *testing.T) {
	for _, rows := range [][2]int{{3, 3}, {3, 1000}, {1000, 3}} {
		a, b := src("a", backbone, connLog(60, 0)), src("b", backbone, connLog(60, 1))
		w := newWorld(t)
		w.BatchRows = rows[0]
		w.must(a, b)
		w.Intel, w.Supersede, w.BatchRows = madeIntel(t, "240.5.0.1"), true, rows[1]
		w.must(a, b)
		equalRows(t, committedRows(t, w.Ledger), w.oracle(a, b))
	}
}

// TestToldOnce: in whatever parts a log is read, by whatever rules and for whatever
// declaration again, to and fro while it grows, every byte of it is told once.
func TestToldOnce(t *testing.T) {
	abroad := renamed(backbone, "backbone", true)
	abroad.Country = "DE"
	old, fresh := madeIntel(t), madeIntel(t, "240.5.0.1")
	for _, rows := range [][]int{{1000}, {3}, {7, 3, 1000}} {
		w := newWorld(t)
		for i, step := range []struct {
			records int
			by      *intel.Set
			sensor  *ts.Sensor
		}{
			{5, old, backbone}, {9, fresh, backbone}, {60, old, backbone}, {60, old, abroad}, {90, fresh, backbone},
			{90, fresh, backbone}, {120, old, abroad}, {120, fresh, abroad}, {130, old, backbone},
		} {
			w.Intel, w.BatchRows = step.by, rows[i%len(rows)]
			log := connLog(step.records, 0)
			w.must(src("conn.log", step.sensor, log))
			view, err := evidence.Read(w.Ledger)
			if err != nil {
				t.Fatal(err)
			}
			var told uint64
			var records uint64
			for _, in := range view.Known() {
				if !view.Tellings().Retold(in.Digest) {
					told += in.To.Offset - in.From.Offset
					records += in.Tally.Read
				}
			}
			if told != uint64(len(log)) || records != uint64(step.records) {
				t.Errorf("batches of %v, step %d: %d of %d bytes, %d of %d records", rows, i, told, len(log), records, step.records)
			}
		}
	}
}

// TestSupersedeAlike: a file that only begins as another did supersedes nothing of it.
func TestSupersedeAlike(t *testing.T) {
	log := connLog(60, 0)
	other := log[:2000] + strings.Replace(log[2000:], "240.1.0.", "240.1.9.", 1)
	if log[:evidence.HeadBytes] != other[:evidence.HeadBytes] || log == other {
		t.Fatal("the logs should differ behind their head")
	}
	w := newWorld(t)
	w.must(src("a", backbone, log))
	before := w.oracle(src("a", backbone, log))
	w.Intel, w.Supersede = madeIntel(t, "240.5.0.1"), true
	if r := w.must(src("b", backbone, other)); len(r.Superseded) != 0 {
		t.Errorf("superseded: %+v", r)
	}
	got := committedRows(t, w.Ledger)
	for key := range before {
		if _, ok := got[key]; !ok {
			t.Errorf("lost: %s", key)
		}
	}
}
