package ingest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tallystick/tallystick/internal/evidence"
)

// TestShorter reads a log and then its beginnings, in two runs and as two files of one
// run. What is read again of a beginning lies behind the last mark before its end, and
// that is said; where the beginning ends at a mark, it adds nothing.
func TestShorter(t *testing.T) {
	for name, log := range map[string]string{"small": httpLog, "access": accessLog(9), "eve": eveLog(3), "large": connLog(300, 0)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines := slices.Collect(strings.Lines(log))
			first := 1 + slices.IndexFunc(lines, func(line string) bool { return line[0] != '#' }) // lines with the first record
			for n := first; n < len(lines); n += 1 + n/3 {
				for _, more := range []string{"", lines[n][:len(lines[n])/2]} {
					short := strings.Join(lines[:n], "") + more
					w := newWorld(t)
					w.must(src("long", backbone, log))
					before := committedRows(t, w.Ledger)
					r := w.must(src("short", backbone, short))
					w.checkShorter(log, short, before, &r.Inputs[0])

					once := newWorld(t)
					once.Workers = 3
					r = once.must(src("long", backbone, log), src("short", backbone, short))
					once.checkShorter(log, short, before, &r.Inputs[1])
				}
			}
		})
	}
}

func (w *world) checkShorter(log, short string, before folded, in *InputResult) {
	w.Helper()
	view, err := evidence.Read(w.Ledger)
	if err != nil {
		w.Fatal(err)
	}
	var first *evidence.Input
	for _, known := range view.Known() {
		if first == nil {
			first = known
		}
	}
	var last uint64 // mark in the shorter copy
	for _, m := range first.Marks {
		if m.Offset <= uint64(len(short)) {
			last = m.Offset
		}
	}
	again := uint64(len(short)) - last
	switch {
	case last == 0:
		w.Errorf("no mark in the first %d bytes", len(short))
	case again == 0 && (!in.Known || in.Twice != nil):
		w.Errorf("%d bytes end at a mark: %+v", len(short), in)
	case again > 0 && (in.Twice == nil || in.Twice.Bytes != again || in.Twice.Tally.Read != in.Tally.Read || in.Bytes != again):
		w.Errorf("%d bytes, %d behind the last mark: %+v", len(short), again, in)
	case in.Twice != nil && (in.Twice.Name != "long" || !in.Twice.Here && in.Twice.Entry != view.Batches[0].Index):
		w.Errorf("%+v", in.Twice)
	case again > uint64(len(log))/8 && len(log) > 5000:
		w.Errorf("%d of %d bytes read again", again, len(short))
	}
	rows := committedRows(w, w.Ledger)
	for key, s := range before {
		if rows[key].Records < s.Records || again == 0 && rows[key] != s {
			w.Errorf("%+v, before %+v: %s", rows[key], s, key)
		}
	}
}

// TestShorterOfOther: a beginning of what is another named sensor's is refused where it
// is known for one; judged by other rules it is read.
func TestShorterOfOther(t *testing.T) {
	log := connLog(60, 0)
	w := newWorld(t)
	w.must(src("a", backbone, log))
	view, err := evidence.Read(w.Ledger)
	if err != nil {
		t.Fatal(err)
	}
	short := log[:view.Batches[0].Inputs[0].Marks[1].Offset]
	r, err := w.Run(t.Context(), []Source{src("b", renamed(backbone, "other", true), short)})
	if err != nil || !errors.Is(r.Inputs[0].Err, ErrOtherSensor) {
		t.Errorf("%v %+v", err, r)
	}
	w.Intel = madeIntel(t, "240.5.0.1")
	if r := w.must(src("b", backbone, short)); r.Inputs[0].Tally.Read == 0 || r.Inputs[0].Twice != nil {
		t.Errorf("%+v", r.Inputs[0])
	}
}

// TestMarks: however many records end, the marks are few, in order and evenly apart, and
// the first record has one.
func TestMarks(t *testing.T) {
	for _, n := range []uint64{0, 1, 2, 31, 32, 33, 34, 1000, 100_000} {
		m := newMarks(7)
		for i := range n {
			if at := 7 + (i+1)*90; at >= m.next {
				m.add(evidence.Mark{Offset: at})
			}
		}
		list := m.upTo(7 + n*90)
		if len(list) > evidence.MaxMarks || n > 1 && (len(list) == 0 || list[0].Offset != 97) {
			t.Errorf("%d records: %v", n, list)
		}
		for i, at := range list {
			if i > 0 && at.Offset <= list[i-1].Offset || at.Offset >= 7+n*90 {
				t.Errorf("%d records: mark %d at %d", n, i, at.Offset)
			}
			if i > 0 && at.Offset-list[i-1].Offset > n*90/8+90 {
				t.Errorf("%d records: marks at %d and %d", n, list[i-1].Offset, at.Offset)
			}
		}
		both := join(list, evidence.Mark{Offset: 7 + n*90}, list)
		if len(both) > evidence.MaxMarks || len(list) > 0 && both[0] != list[0] {
			t.Errorf("%d records, joined: %v", n, both)
		}
	}
}

// TestMarksOfParts: an input whose record joins many parts keeps few marks, in order.
func TestMarksOfParts(t *testing.T) {
	w := newWorld(t)
	w.BatchRows = 100 // a part has 12
	log := connLog(2000, 0)
	w.must(src("long", backbone, log))
	view, err := evidence.Read(w.Ledger)
	if err != nil {
		t.Fatal(err)
	}
	inputs := 0
	for _, in := range view.Known() {
		inputs++
		if len(in.Marks) < 2 || len(in.Marks) > evidence.MaxMarks {
			t.Errorf("%d marks", len(in.Marks))
		}
	}
	if r := w.must(src("short", backbone, log[:len(connLog(1000, 0))])); r.Inputs[0].Bytes > uint64(len(log)/8) || r.Inputs[0].Bytes > 0 && r.Inputs[0].Twice == nil {
		t.Errorf("%d inputs; %s", inputs, fmt.Sprint(r.Inputs[0]))
	}
}
