package ingest

import (
	"bytes"
	"fmt"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/ledger"
)

func TestRows(t *testing.T) {
	w := newWorld(t)
	r := w.must(madeSources()...)
	w.wantRows(madeSources()...)
	want := []string{"read 40, observed 40", "read 9, observed 9", "read 4, observed 2, columns 1, time 1",
		"read 7, observed 7", "read 12, observed 12"}
	for i, in := range r.Inputs {
		if in.Tally.String() != want[i] {
			t.Errorf("%s: %s; want %s", in.Name, in.Tally.String(), want[i])
		}
	}
	if r.Rows == 0 || r.Segments != 2 || len(r.Inputs[2].Skipped) != 2 {
		t.Errorf("%+v", r)
	}
	classes := map[ts.Class]bool{}
	for line := range committedRows(t, w.Ledger) {
		row, err := ts.ParseLine(line)
		if err != nil {
			t.Fatal(err)
		}
		classes[row.Class] = true
	}
	if !classes[ts.Control] || !classes[ts.Backdoor] || !classes[ts.Attempt] {
		t.Errorf("the made-up data show only %v", classes)
	}
}

// TestCuts: however small batches and parts are, and however many read, the rows are
// those of the oracle, and the ledger depends on the cuts only.
func TestCuts(t *testing.T) {
	for _, rows := range []int{3, 7, 40, 1000} {
		t.Run(fmt.Sprint(rows), func(t *testing.T) {
			t.Parallel()
			var logs [][]byte
			for _, workers := range []int{1, 2, 5, 2, 5} {
				w := newWorld(t)
				w.BatchRows, w.Workers = rows, workers
				w.must(madeSources()...)
				w.wantRows(madeSources()...)
				logs = append(logs, entriesLog(t, w))
			}
			for _, log := range logs {
				if !bytes.Equal(log, logs[0]) {
					t.Errorf("the ledger depends on the workers:\n%s\n%s", logs[0], log)
				}
			}
		})
	}
}

func entriesLog(t *testing.T, w *world) (log []byte) {
	t.Helper()
	for _, entry := range w.Ledger.Entries() {
		log = append(log, entry...)
	}
	if err := w.Ledger.Err(); err != nil {
		t.Fatal(err)
	}
	report, err := ledger.Check("/led", options(w.fs))
	if err != nil || len(report.Problems) > 0 {
		t.Fatalf("%v %v", err, report.Problems)
	}
	return log
}
