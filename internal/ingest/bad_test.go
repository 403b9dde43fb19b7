package ingest

import (
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"io/fs"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
)

// TestBadInputs: each fails or is skipped alone, the others are committed, and the
// result says what became of it.
func TestBadInputs(t *testing.T) {
	damaged := gzipped(connLog(4000, 0))
	closed := errors.New("permission denied")
	good := madeSources()
	for name, bad := range map[string]struct {
		source Source
		err    string // part of the error; "" none
		read   string // the tally
	}{
		"truncated gzip": {src("bad", backbone, damaged[:len(damaged)-2000]), "damaged gzip", ""},
		"less":           {src("bad", backbone, damaged[:5]), "damaged gzip", "read 0, observed 0"},
		"not there": {Source{Name: "bad", Sensor: backbone, Open: func() (io.ReadCloser, error) {
			return nil, &fs.PathError{Op: "open", Path: "bad", Err: fs.ErrPermission}
		}}, "bad: permission denied", "read 0, observed 0"},
		"header only":   {src("bad", backbone, damaged[:20]), "damaged gzip", "read 0, observed 0"},
		"wrong columns": {src("bad", backbone, connLog(0, 0)+"1395187200.0\tx\n1395187200.0\ty\n"), "", "read 2, observed 0, columns 2"},
		"10 MB line": {src("bad", backbone, connLog(0, 0)+strings.Repeat("x", 10<<20)+"\n"+strings.TrimPrefix(connLog(1, 0), connLog(0, 0))),
			"", "read 2, observed 1, columns 1"},
		"20 MB line": {src("bad", backbone, connLog(0, 0)+strings.Repeat("x", 20<<20)+"\n"), "", "read 1, observed 0, too long 1"},
		"binary":     {src("bad", backbone, "\x00\x01\x02\x7fELF\x00"), "binary", "read 0, observed 0"},
		"empty":      {src("bad", backbone, ""), "", "read 0, observed 0"},
		"HTML":       {src("bad", backbone, "<!DOCTYPE html><html></html>"), "HTML", "read 0, observed 0"},
		"unreadable": {Source{Name: "bad", Sensor: backbone, Open: func() (io.ReadCloser, error) { return nil, closed }},
			"bad: permission denied", "read 0, observed 0"},
		"disk fails": {Source{Name: "bad", Sensor: backbone, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(strings.NewReader(connLog(30, 3)+"139518"), broken{closed})), nil
		}}, "permission denied", "read 30, observed 30"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			r, err := w.Run(t.Context(), append(append(good[:2:2], bad.source), good[2:]...))
			if err != nil {
				t.Fatal(err)
			}
			got := r.Inputs[2]
			if (got.Err == nil) != (bad.err == "") || got.Err != nil && !strings.Contains(got.Err.Error(), bad.err) {
				t.Errorf("error %v; want %q", got.Err, bad.err)
			}
			if got.Err != nil && strings.Count(got.Err.Error(), "bad: ") != 1 {
				t.Errorf("error %v does not name its file once", got.Err)
			}
			if bad.read != "" && got.Tally.String() != bad.read {
				t.Errorf("%s; want %s", got.Tally.String(), bad.read)
			}
			rows := committedRows(t, w.Ledger)
			for key, s := range w.oracle(good...) {
				if rows[key].Records < s.Records {
					t.Errorf("lost beside a bad input: %s", key)
				}
			}
		})
	}
}

// TestDamagedCopy: of a copy that breaks off, it is said what may be counted twice.
func TestDamagedCopy(t *testing.T) {
	log := connLog(4000, 0)
	packed := gzipped(log)
	w := newWorld(t)
	w.must(src("whole", backbone, log))
	r, err := w.Run(t.Context(), []Source{src("copy.gz", backbone, packed[:len(packed)/2])})
	if err != nil || r.Inputs[0].Err == nil {
		t.Fatalf("%v %+v", err, r)
	}
	if in := r.Inputs[0]; in.Twice == nil || in.Twice.Bytes != in.Bytes || in.Bytes == 0 || in.Bytes > uint64(len(log)/8) {
		t.Errorf("%+v", in)
	}
}

// broken fails at once.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// TestMended: of a file that broke off, only the rest is read when it is whole.
func TestMended(t *testing.T) {
	for name, log := range map[string]string{"conn": connLog(4000, 0), "eve": eveLog(700),
		"eve over lines": strings.ReplaceAll(eveLog(700), `,"`, ",\n"+`"`)} {
		t.Run(name, func(t *testing.T) {
			packed := gzipped(log)
			w := newWorld(t)
			r, err := w.Run(t.Context(), []Source{src("a.gz", backbone, packed[:len(packed)*2/3])})
			if err != nil || r.Inputs[0].Err == nil || r.Inputs[0].Tally.Read == 0 {
				t.Fatalf("%v %+v", err, r)
			}
			if again, err := w.Run(t.Context(), []Source{src("a.gz", backbone, packed[:len(packed)*2/3])}); err != nil || again.Rows != 0 || again.Inputs[0].Err == nil {
				t.Errorf("again: %v %+v", err, again)
			}
			rest := w.must(src("a.gz", backbone, packed))
			whole := w.oracle(src("a.gz", backbone, packed))
			if name == "eve over lines" { // the object that broke off was skipped, and is read now
				rest.Inputs[0].Tally.Read--
			}
			equalRows(t, committedRows(t, w.Ledger), whole)
		})
	}
}

// TestShrunk: a file that is replaced by a shorter one while it is looked at.
func TestShrunk(t *testing.T) {
	w := newWorld(t)
	log := connLog(60, 0)
	w.must(src("a", backbone, log))
	opened := 0
	s := src("a", backbone, "")
	s.Open = func() (io.ReadCloser, error) {
		if opened++; opened <= 2 {
			return io.NopCloser(strings.NewReader(log + connLog(9, 1))), nil
		}
		return io.NopCloser(strings.NewReader(connLog(9, 1))), nil
	}
	r, err := w.Run(t.Context(), []Source{s})
	if err != nil || r.Inputs[0].Err == nil || r.Rows != 0 {
		t.Errorf("%v %+v", err, r)
	}
	w.wantRows(src("a", backbone, log))
}

// TestBound: whatever names and paths an attacker writes, the row fits its line.
func TestBound(t *testing.T) {
	for _, unit := range []string{"a", "\xff", "é", "%", "\x00"} {
		for _, n := range []int{1, 84, 85, 100, 253, 254, 5000} {
			long := strings.Repeat(unit, n)
			m := newMerged(maphash.MakeSeed())
			m.add(ts.Sighting{Class: ts.Backdoor, Grade: ts.Established, PerpName: long, VictimName: long, Site: long,
				Path: "/" + long, Family: long, HostID: long, Feed: long, Indicator: long, Rule: "web-shell/1",
				Sensor: strings.Repeat("s", maxSensor), First: 253402300799, Last: 253402300799, Records: 1<<53 - 1})
			for i := range m.len() {
				r := ts.Row{Sighting: *m.sighting(i), By: "US", On: "CN", ByAS: 1<<32 - 1, OnAS: 1<<32 - 1,
					ByPlaces: strings.Repeat("US/4294967295;", 5), OnPlaces: strings.Repeat("US/4294967295;", 5)}
				if err := r.Fit(); err != nil {
					t.Errorf("%d of %q: %v", n, unit, err)
				}
				r.Path, r.ByPlaces, r.OnPlaces = strings.Repeat(unit, shortRow/len(unit)), "", ""
				if n := len(r.AppendLine(nil)); n > ts.MaxLine {
					t.Errorf("a short row of %d bytes", n)
				}
				if n == 84 && unit == "a" && r.PerpName != long {
					t.Errorf("a name of 84 bytes was cut: %s", fmt.Sprint(r.PerpName))
				}
			}
		}
	}
}
