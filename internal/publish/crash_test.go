package publish

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"testing"

	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/durable/durabletest"
	"github.com/tallystick/tallystick/internal/report"
	"github.com/tallystick/tallystick/verify"
)

// writer counts a report of all days, and returns what writes it into /out/report.
func (h *house) writer() func(durable.FS) error {
	v, e := h.now()
	scan := count.New(Source(h.Ledger, v), count.Options{})
	r := must(report.Build(h.Context(), scan, e, report.Request{}))
	must(r, scan.Close())
	return func(fsys durable.FS) error { return Write(fsys, h.Ledger, v, r, "/out/report") }
}

// filesOn returns the files of the report on a file system, "" where there is none.
func filesOn(t *testing.T, fsys durable.FS) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, name := range append(figureFiles(), proofFiles()...) {
		content, err := durable.ReadFile(fsys, "/out/report/"+name, 1<<20)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		all[name] = string(content)
	}
	return all
}

// verifies reports whether a reader who trusts the ledger's key finds nothing wrong.
func (h *house) verifies(files map[string]string) bool {
	r := verify.Check(verify.Report{HTML: []byte(files[FileHTML]), JSON: []byte(files[FileJSON]), CSV: []byte(files[FileCSV]),
		Checkpoint: []byte(files[FileCheckpoint]), Proof: []byte(files[FileProof])}, verify.Key{Text: h.VerifierKey(), Voucher: "the test"}, nil)
	return !slices.ContainsFunc(r.Lines, func(l verify.Line) bool { return l.Status == verify.False || l.Status == verify.Malformed })
}

// TestCrash stops the writing of a second report over a first behind each of its acts. What
// the disk then holds is one of them whole, or fails to verify; and after Write has
// returned it is the second.
func TestCrash(t *testing.T) {
	h := newHouse(t)
	h.read("conn.log", connLog(0, 1, 2), one, other)
	base := durabletest.New()
	if err := h.writer()(base); err != nil {
		t.Fatal(err)
	}
	first := filesOn(t, base)
	h.exclude("240.1.0.0")
	write, whole := h.writer(), base.Clone()
	if err := write(whole); err != nil {
		t.Fatal(err)
	}
	acts := whole.Ops()
	second := filesOn(t, whole)
	if !h.verifies(first) || !h.verifies(second) || maps.Equal(first, second) {
		t.Fatal("the whole reports do not verify, or are one")
	}
	mixed := 0
	for stop := range acts {
		fsys := base.Clone()
		fsys.Judge = func(op durabletest.Op) durabletest.Fault {
			if op.Index >= stop {
				return durabletest.Torn
			}
			return durabletest.None
		}
		if err := write(fsys); err == nil {
			t.Fatalf("stopped before act %d of %d: no error", stop, acts)
		}
		for _, crash := range crashes(fsys) {
			got := filesOn(t, fsys.AfterCrash(crash))
			if maps.Equal(got, first) || maps.Equal(got, second) {
				continue
			}
			mixed++
			if h.verifies(got) {
				t.Errorf("stopped before act %d of %d, %+v: a mixture verifies", stop, acts, crash)
			}
		}
	}
	if mixed == 0 {
		t.Error("no crash left a mixture: the test tests nothing")
	}
	for _, crash := range crashes(whole) {
		if !maps.Equal(filesOn(t, whole.AfterCrash(crash)), second) {
			t.Errorf("written and lost: %+v", crash)
		}
	}
}

// crashes are some of the possible ones: all of names, few of bytes.
func crashes(fsys *durabletest.FS) (list []durabletest.Crash) {
	most := fsys.Pending()
	for names := range most.Names + 1 {
		for _, n := range []int{0, most.Bytes / 2, most.Bytes} {
			list = append(list, durabletest.Crash{Bytes: n, Names: names})
		}
	}
	return list
}

// TestNoFolder: what cannot be written is refused before anything is committed.
func TestNoFolder(t *testing.T) {
	h := newHouse(t)
	h.read("conn.log", connLog(0), one)
	fsys, before := durabletest.New(), h.Head().Size
	if err := durable.MkdirAll(fsys, "", "/out", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := durable.CreateNew(fsys, "/out/report", []byte("a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := h.writer()(fsys); err == nil || h.Head().Size != before {
		t.Errorf("%v; %d entries, %d before", err, h.Head().Size, before)
	}
}
