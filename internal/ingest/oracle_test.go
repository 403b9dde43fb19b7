package ingest

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/netip"
	"slices"
	"testing"

	"errors"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/detect"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/segment"
	"github.com/tallystick/tallystick/internal/telemetry"
)

// folded holds rows by what does not add up, each with what does: the union of the
// partial sums, however they were cut into batches.
type folded map[string]sums

type sums struct {
	First, Last int64
	Records     uint64
}

func (f folded) add(r ts.Row) {
	s := sums{r.First, r.Last, r.Records}
	if r.Class.Slotted() {
		r.First = ts.SlotOf(r.First)
	} else {
		r.First = r.Day().Start()
	}
	r.Last, r.Records = r.First, 0
	if r.Class.PerpResponds() {
		r.VictimPort = 0
	} else {
		r.PerpPort = 0
	}
	key := string(r.AppendLine(nil))
	if old, ok := f[key]; ok {
		s = sums{min(s.First, old.First), max(s.Last, old.Last), s.Records + old.Records}
	}
	f[key] = s
}

func (f folded) lines() []string {
	var list []string
	for key, s := range f {
		list = append(list, fmt.Sprintf("%+v %s", s, key))
	}
	slices.Sort(list)
	return list
}

// committed returns the live rows of a ledger, and checks everything around them.
func committedRows(t testing.TB, l *ledger.Ledger) folded {
	t.Helper()
	view, err := evidence.Read(l)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := t.(unranged); !ok {
		checkRanges(t, view)
	}
	f := folded{}
	for b := range view.Live() {
		for _, s := range b.Segments {
			for _, r := range segmentRows(t, l, &s) {
				if r.At.Input >= uint32(len(b.Inputs)) || r.At.Offset >= b.Inputs[r.At.Input].To.Offset {
					t.Fatalf("batch %d: locator %+v outside its inputs", b.Index, r.At)
				}
				f.add(r)
			}
		}
	}
	return f
}

// unranged is a test of different contents that begin alike, whose ranges fork.
type unranged struct{ testing.TB }

func segmentRows(t testing.TB, l *ledger.Ledger, s *evidence.Segment) (rows []ts.Row) {
	t.Helper()
	file, err := l.Get(evidence.SegmentPath(s.Manifest.First, s.Manifest.File))
	if err != nil {
		t.Fatal(err)
	}
	r, err := segment.Open(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	for row, err := range r.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	if uint64(len(rows)) != s.Manifest.Rows {
		t.Fatalf("%d rows, the manifest says %d", len(rows), s.Manifest.Rows)
	}
	return rows
}

// checkRanges fails where the bytes of one content overlap or leave a hole: every
// range begins at the first byte, or where exactly one other ended or has a mark.
func checkRanges(t testing.TB, view *evidence.View) {
	t.Helper()
	type point struct {
		rules, declared ts.Digest
		at              evidence.Mark
		first           bool // at is the head of what begins at byte 0
	}
	ends, begins := map[point]int{}, map[point]int{}
	for b, in := range view.Known() {
		if !in.Tally.Balanced() {
			t.Errorf("batch %d: %s", b.Index, in.Tally.String())
		}
		for _, m := range append(in.Marks, in.To) {
			ends[point{b.Rules, in.Declared, m, false}]++
		}
		if in.From.Offset == 0 {
			begins[point{b.Rules, in.Declared, in.Head, true}]++
		} else {
			begins[point{b.Rules, in.Declared, in.From, false}]++
			if ends[point{b.Rules, in.Declared, in.From, false}] != 1 {
				t.Errorf("batch %d: %s begins at byte %d, where nothing ended", b.Index, in.Name, in.From.Offset)
			}
		}
	}
	for p, n := range begins {
		if n != 1 {
			t.Errorf("%d inputs begin at %s", n, p.at)
		}
	}
}

// oracle judges the lines of sources one by one, without batches and parts.
func (w *world) oracle(sources ...Source) folded {
	w.Helper()
	f := folded{}
	for _, s := range sources {
		raw, err := s.Open()
		if err != nil {
			w.Fatal(err)
		}
		file, err := telemetry.Open(s.Name, raw, telemetry.Options{Zone: w.Zone})
		if err != nil {
			w.Fatal(err)
		}
		set := detect.New(w.Intel, s.Sensor)
		for o := new(ts.Observation); ; {
			err := file.Next(o)
			var bad *ts.LineError
			if err == io.EOF {
				break
			} else if err != nil && !errors.As(err, &bad) {
				w.Fatal(err)
			} else if err == nil {
				set.Observe(o, func(s2 ts.Sighting) { f.add(placedPlainly(s2, s.Sensor)) })
			}
		}
	}
	return f
}

// placedPlainly knows the made-up places by heart.
func placedPlainly(s ts.Sighting, sensor *ts.Sensor) ts.Row {
	r := ts.Row{Sighting: s}
	r.By, r.ByAS = placeOf(s.Perp, sensor)
	r.On, r.OnAS = placeOf(s.Victim, sensor)
	if !s.Victim.IsValid() {
		r.On, r.OnAS = sensor.Country, sensor.AS
	}
	if r.On == sensor.Country {
		r.Flags |= ts.FlagVictimDeclared
	}
	for _, a := range []netip.Addr{s.Perp, s.Victim} {
		if a.IsValid() && !a.IsPrivate() {
			r.Flags |= ts.FlagSynthetic
		}
	}
	return r
}

func placeOf(a netip.Addr, sensor *ts.Sensor) (ts.Country, uint32) {
	switch {
	case !a.IsValid():
		return "", 0
	case a.IsPrivate():
		return sensor.Country, sensor.AS
	case netip.MustParsePrefix("240.0.0.0/16").Contains(a):
		return "US", 64500
	case netip.MustParsePrefix("240.1.0.0/16").Contains(a):
		return "CN", 64501
	case a.Is6():
		return "DE", 64502
	}
	return "", 0
}

// wantRows compares the live rows of the ledger with the oracle's of these sources.
func (w *world) wantRows(sources ...Source) {
	w.Helper()
	equalRows(w, committedRows(w, w.Ledger), w.oracle(sources...))
}

func equalRows(t testing.TB, got, want folded) {
	t.Helper()
	if maps.Equal(got, want) {
		return
	}
	g, w := got.lines(), want.lines()
	for _, line := range g {
		if !slices.Contains(w, line) {
			t.Errorf("got  %s", line)
		}
	}
	for _, line := range w {
		if !slices.Contains(g, line) {
			t.Errorf("want %s", line)
		}
	}
	t.FailNow()
}
