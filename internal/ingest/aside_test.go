package ingest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/durable/durabletest"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
)

// TestAside: what was skipped lies beside the ledger by reason, each record with its
// place; the ledger is whole without it.
func TestAside(t *testing.T) {
	w := newWorld(t)
	hostile := "\x1b[2J\x00\"%<script>"
	r := w.must(src("http.log", backbone, httpLog), src("b\x1b\t.log", backbone, connLog(1, 0)+hostile+"\n"))
	entry := r.Head.Size - 1
	want := []string{evidence.AsidePath(entry, "columns"), evidence.AsidePath(entry, "time")}
	if !slices.Equal(r.Aside, want) {
		t.Fatalf("%q, want %q", r.Aside, want)
	}
	columns, err := w.Ledger.Get(want[0])
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(columns), "\n")
	if len(lines) != 5 || !strings.Contains(lines[0], fmt.Sprintf("%q by ledger entry %d: 2 records, 2 of them below", "columns", entry)) {
		t.Fatalf("%q", lines)
	}
	if at := strings.Index(httpLog, "1395187201.0\tH2"); lines[2] != fmt.Sprintf("http.log:5:%d\tcolumns\t1395187201.0%%09H2%%0A", at) &&
		!strings.HasPrefix(lines[2], fmt.Sprintf("http.log:5:%d\tcolumns: ", at)) {
		t.Errorf("%q", lines[2])
	}
	fields := strings.Split(lines[3], "\t")
	if record, err := ts.Unescape(fields[2]); err != nil || record != hostile+"\n" || !strings.HasPrefix(fields[0], "b%1B%09.log:8:") {
		t.Errorf("%q %v", fields, err)
	}
	if i := bytes.IndexFunc(columns, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r > '~' }); i >= 0 {
		t.Errorf("byte %d is for no terminal: %q", i, columns)
	}
	for _, path := range r.Aside {
		if err := w.fs.Remove("/led/" + path); err != nil {
			t.Fatal(err)
		}
	}
	if report, err := ledger.Check("/led", options(w.fs)); err != nil || len(report.Problems) > 0 {
		t.Errorf("%v %+v", err, report)
	}
	w.must(src("http.log", backbone, httpLog))
}

// TestAsideIsBounded: however much is skipped, a little is kept, and what is not is
// counted. Records of no use here are not kept.
func TestAsideIsBounded(t *testing.T) {
	w := newWorld(t)
	log := connLog(0, 0) + strings.Repeat("1395187200.0\tshort\n", 5000) +
		strings.Repeat(strings.Repeat("\x01", 50<<10)+"\n", 30)
	unused := `{"timestamp":"2014-03-19T00:00:00.000000+0000","event_type":"fileinfo"}` + "\n" + eveLog(1)
	r := w.must(src("a", backbone, log), src("b", backbone, unused))
	if len(r.Aside) != 1 {
		t.Fatalf("%q", r.Aside)
	}
	content, err := w.Ledger.Get(r.Aside[0])
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(content, []byte("\n")) - 2; n != asideRecords || len(content) > asideInput+3*asideRecord+1000 {
		t.Errorf("%d records, %d bytes", n, len(content))
	}
	if !strings.Contains(string(content), ": 5030 records, 20 of them below") {
		t.Errorf("%.200q", content)
	}
	room := asideRoom{map[string]int{}, asideInput}
	kept, record := 0, make([]byte, 1<<20)
	for i := range 10_000 {
		bad := &ts.LineError{File: "f", Reason: fmt.Sprint("reason ", i), Detail: "x"}
		if a, ok := room.keep(bad, record); ok {
			kept += len(a.line)
		}
	}
	if kept == 0 || kept > asideInput+3*asideRecord+1000 {
		t.Errorf("%d bytes of one input", kept)
	}
}

// TestAsideFails: the batch is committed all the same, and the next run goes on.
func TestAsideFails(t *testing.T) {
	w := newWorld(t)
	w.fs.Judge = func(op durabletest.Op) durabletest.Fault {
		if strings.Contains(op.Name, "/aside") && changes(op) {
			return durabletest.Fail
		}
		return durabletest.None
	}
	r, err := w.Run(t.Context(), []Source{src("http.log", backbone, httpLog)})
	w.fs.Judge = nil
	if err == nil || !strings.Contains(err.Error(), "which is committed") || r.Rows == 0 {
		t.Errorf("%v %+v", err, r)
	}
	if r := w.must(src("http.log", backbone, httpLog)); !r.Inputs[0].Known {
		t.Errorf("%+v", r)
	}
	w.wantRows(src("http.log", backbone, httpLog))
}
