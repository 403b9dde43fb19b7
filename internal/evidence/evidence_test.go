package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// shelf is a ledger in memory.
type shelf struct {
	entries [][]byte
	files   map[string][]byte
	err     error
}

func (l *shelf) EntriesFrom(i uint64) iter.Seq2[uint64, []byte] {
	return func(yield func(uint64, []byte) bool) {
		for ; i < uint64(len(l.entries)); i++ {
			if !yield(i, l.entries[i]) {
				return
			}
		}
	}
}

func (l *shelf) Err() error { return l.err }

func (l *shelf) Get(path string) ([]byte, error) {
	if b, ok := l.files[path]; ok {
		return b, nil
	}
	return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
}

// add appends an entry made by one of the Format functions.
func (l *shelf) add(entry []byte, err error) {
	if err != nil {
		panic(err)
	}
	l.entries = append(l.entries, entry)
}

// keep keeps a private record and returns its digest.
func (l *shelf) keep(path func(ts.Digest) string, text []byte, err error) ts.Digest {
	if err != nil {
		panic(err)
	}
	d := ts.DigestOf(text)
	l.files[path(d)] = text
	return d
}

func input(name string) Input {
	mark := func(n uint64) Mark { return Mark{n, ts.DigestOf([]byte(fmt.Sprint(name, n)))} }
	return Input{Salt: "00ff", Name: name, Sensor: "büro", Named: true, Declared: ts.DigestOf([]byte("d")),
		Format: "zeek conn tsv", From: mark(100), To: mark(900), Head: mark(900), Resume: 870,
		Marks: []Mark{mark(101), mark(870)}, Again: []ts.Digest{ts.DigestOf([]byte("a")), ts.DigestOf([]byte("b"))},
		Tally: ts.Tally{Read: 12, Observed: 7, Skipped: map[string]uint64{"columns": 3, "too long": 2}}, Days: ts.Window{From: 16148, To: 16150}}
}

func manifest(day ts.Day) []byte {
	m := proof.Manifest{Schema: proof.SchemaDigest(), Rows: 3, First: day, Last: day, File: ts.DigestOf([]byte("file")),
		Places: []proof.PlaceEdition{{Name: "made", Day: day, Digest: ts.DigestOf([]byte("p"))}}}
	text, err := m.Build()
	if err != nil {
		panic(err)
	}
	return text
}

func madeSensor() *ts.Sensor {
	return &ts.Sensor{Name: "büro 1", Role: ts.RoleHoneypot, Country: "CZ", AS: 4294967295, Site: "www.exämple.test", Sampling: 10,
		Networks:      []netip.Prefix{netip.MustParsePrefix("240.0.0.0/24"), netip.MustParsePrefix("2001:db8::/48")},
		TreatAsPublic: []netip.Prefix{netip.MustParsePrefix("240.0.0.0/4")}}
}

// madeLedger holds an entry of every kind, the second batch superseding the first.
func madeLedger() *shelf {
	l := &shelf{files: map[string][]byte{}}
	l.add(FormatSensor(madeSensor()))
	l.add(FormatEdition(Edition{Source: "made 1", Day: 16148, Digest: ts.DigestOf([]byte("p"))}))
	in := input("a.log")
	text, err := FormatInput(&in)
	inputs := []ts.Digest{l.keep(InputPath, text, err)}
	segments := []ts.Digest{l.keep(ManifestPath, manifest(16148), nil)}
	l.add(FormatBatch(ts.DigestOf([]byte("old")), nil, inputs, segments))
	l.add(FormatExclusion(Exclusion{Value: "240.0.0.1", Reason: "our own monitor: “é”"}))
	first := uint64(2)
	l.add(FormatBatch(ts.DigestOf([]byte("new")), &first, inputs, segments))
	l.add(FormatBatch(ts.DigestOf([]byte("new")), nil, nil, nil))
	l.add(FormatReport(Report{HTML: ts.DigestOf([]byte("h")), JSON: ts.DigestOf([]byte("j")), CSV: ts.DigestOf([]byte("c")), Size: 5}))
	return l
}

func TestRoundTrips(t *testing.T) {
	for _, name := range []string{"a.log", "", "ends in spaces  ", "öäü\n\"\\%41"} {
		in := input(name)
		text, err := FormatInput(&in)
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		in.Name = strings.TrimRight(name, " ")
		if got, err := ParseInput(text); err != nil || !reflect.DeepEqual(got, in) {
			t.Errorf("%+v, %v; want %+v", got, err, in)
		}
	}
	text, err := FormatSensor(madeSensor())
	if got, err2 := ParseSensor(text); err != nil || err2 != nil || !reflect.DeepEqual(&got, madeSensor()) {
		t.Errorf("%+v, %v %v; want %+v", got, err, err2, madeSensor())
	}
	view, err := Read(madeLedger())
	if err != nil {
		t.Fatal(err)
	}
	if x := view.Exclusions[0]; x != (Exclusion{3, "240.0.0.1", "our own monitor: “é”"}) {
		t.Errorf("%+v", x)
	}
	if p := view.Places[0]; p != (Edition{"made 1", 16148, ts.DigestOf([]byte("p"))}) {
		t.Errorf("%+v", p)
	}
	if r := view.Reports[0]; r.Index != 6 || r.Size != 5 || r.CSV != ts.DigestOf([]byte("c")) {
		t.Errorf("%+v", r)
	}
}

func TestView(t *testing.T) {
	view, err := Read(madeLedger())
	if err != nil {
		t.Fatal(err)
	}
	var live []uint64
	for b := range view.Live() {
		live = append(live, b.Index)
	}
	known := 0
	for b, in := range view.Known() {
		known++
		if in.Name != "a.log" || b.Segments[0].Manifest.Rows != 3 {
			t.Errorf("%+v %+v", b, in)
		}
	}
	if fmt.Sprint(live) != "[4 5]" || known != 2 || view.Size != 7 || view.EvidenceSize() != 6 {
		t.Errorf("live %v, %d inputs, size %d, evidence %d", live, known, view.Size, view.EvidenceSize())
	}
}

// TestExtend: reading in steps of any size is reading at once.
func TestExtend(t *testing.T) {
	whole := madeLedger()
	want, err := Read(whole)
	if err != nil {
		t.Fatal(err)
	}
	for step := 1; step <= len(whole.entries); step++ {
		l := &shelf{files: whole.files}
		got, err := Read(l)
		for i := 0; i < len(whole.entries) && err == nil; i += step {
			l.entries = whole.entries[:min(i+step, len(whole.entries))]
			err = got.Extend(l)
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("in steps of %d: %v\n%+v\n%+v", step, err, got, want)
		}
	}
}

// TestDamage: whatever is missing, changed or of an unknown form is told with the
// number of its entry, and reading can go on from there once it is mended.
func TestDamage(t *testing.T) {
	whole := madeLedger()
	for i := range whole.entries {
		l := &shelf{files: whole.files}
		l.entries = append(l.entries, whole.entries...)
		l.entries[i] = append(bytes.Clone(l.entries[i]), "more lines\n"...)
		v, err := Read(l)
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("ledger entry %d: ", i)) || v.Size != uint64(i) {
			t.Errorf("entry %d with a line too many: size %d, %v", i, v.Size, err)
		}
		l.entries[i] = whole.entries[i]
		if err := v.Extend(l); err != nil || v.Size != uint64(len(l.entries)) {
			t.Errorf("mended: size %d, %v", v.Size, err)
		}
	}
	for path := range whole.files {
		l := madeLedger()
		l.files[path] = append(l.files[path], '\n')
		if _, err := Read(l); err == nil || !strings.Contains(err.Error(), "not what the ledger committed to") {
			t.Errorf("%s changed: %v", path, err)
		}
		delete(l.files, path)
		if _, err := Read(l); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s missing: %v", path, err)
		}
	}
	l := madeLedger()
	l.err = errors.New("disk")
	if _, err := Read(l); !errors.Is(err, l.err) {
		t.Errorf("%v", err)
	}
	for name, entry := range map[string]string{
		"later batch": "tally-batch/v1\nkind sightings\nrules " + ts.Digest{}.String() + "\nsupersedes 7\n",
		"other kind":  "tally-batch/v1\nkind contacts\nrules " + ts.Digest{}.String() + "\nsupersedes -\n",
	} {
		l := madeLedger()
		l.entries = append(l.entries, []byte(entry))
		if _, err := Read(l); err == nil {
			t.Errorf("%s was read", name)
		}
	}
	for _, x := range []Exclusion{{}, {Value: "240.0.0.1"}, {Reason: "why"}} {
		if _, err := FormatExclusion(x); err == nil {
			t.Errorf("%+v was written", x)
		}
	}
}

// TestFullBatch: the largest batch fits an entry.
func TestFullBatch(t *testing.T) {
	index := ^uint64(0)
	if _, err := FormatBatch(ts.Digest{}, &index, make([]ts.Digest, MaxInputs), make([]ts.Digest, MaxSegments)); err != nil {
		t.Error(err)
	}
}

func FuzzParseInput(f *testing.F) {
	in := input("a.log")
	text, err := FormatInput(&in)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(bytes.Replace(text, []byte("read 12"), []byte("read 13"), 1))
	f.Add(bytes.Replace(text, []byte("skipped 3 columns"), []byte("skipped 3"), 1))
	f.Fuzz(func(t *testing.T, text []byte) {
		in, err := ParseInput(text)
		if err != nil {
			return
		}
		if !in.Tally.Balanced() || in.To.Offset < in.From.Offset || in.Resume > in.To.Offset {
			t.Errorf("%+v", in)
		}
		again, err := FormatInput(&in)
		if err != nil {
			t.Fatalf("%+v: %v", in, err)
		}
		if got, err := ParseInput(again); err != nil || !reflect.DeepEqual(got, in) {
			t.Errorf("%v: %+v, %+v", err, got, in)
		}
	})
}

func FuzzParseSensor(f *testing.F) {
	text, err := FormatSensor(madeSensor())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(bytes.Replace(text, []byte("/24"), []byte("/33"), 1))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := ParseSensor(text)
		if err != nil {
			return
		}
		again, err := FormatSensor(&s)
		if err != nil {
			t.Fatalf("%+v: %v", s, err)
		}
		got, err := ParseSensor(again)
		if s.Sampling = max(s.Sampling, 1); err != nil || !reflect.DeepEqual(got, s) {
			t.Errorf("%v: %+v, %+v", err, got, s)
		}
	})
}

// FuzzEntry reads any bytes as the entry behind those of a good ledger.
func FuzzEntry(f *testing.F) {
	for _, entry := range madeLedger().entries {
		f.Add(entry)
	}
	f.Fuzz(func(t *testing.T, entry []byte) {
		l := madeLedger()
		n := uint64(len(l.entries))
		l.entries = append(l.entries, entry)
		v, err := Read(l)
		if (err == nil) != (v.Size == n+1) || v.EvidenceSize() > v.Size {
			t.Errorf("%v at size %d, evidence %d", err, v.Size, v.EvidenceSize())
		}
		for b := range v.Live() {
			if b.Index == 2 {
				t.Error("a superseded batch came back")
			}
		}
	})
}
