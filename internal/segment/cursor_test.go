package segment_test

import (
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/segment"
	"github.com/tallystick/tallystick/internal/segment/segmenttest"
)

// TestCursorAgreesWithRows reads every column of every block and compares with the rows
// that went in.
func TestCursorAgreesWithRows(t *testing.T) {
	rows := segmenttest.Rows(random(6), 2*segment.BlockRows+11)
	r := opened(t, written(t, rows))
	c, err := segment.NewCursor()
	if err != nil {
		t.Fatal(err)
	}
	for g := range r.Groups() {
		for _, col := range []segment.Column{segment.Class, segment.Site, segment.Path, segment.Sensor, segment.By, segment.ByPlaces} {
			compareTexts(t, c, r, g, col, rows)
		}
		for _, col := range []segment.Column{segment.Day, segment.PerpHi, segment.PerpLo, segment.PerpPort, segment.Flags, segment.Input} {
			compareNumbers(t, c, r, g, col, rows)
		}
		compareDeltas(t, c, r, g, rows)
	}
}

func compareTexts(t *testing.T, c *segment.Cursor, r *segment.Reader, g int, col segment.Column, rows []ts.Row) {
	want := map[segment.Column]func(*ts.Row) string{
		segment.Class: func(r *ts.Row) string { return r.Class.String() }, segment.Site: func(r *ts.Row) string { return r.Site },
		segment.Path: func(r *ts.Row) string { return r.Path }, segment.Sensor: func(r *ts.Row) string { return r.Sensor },
		segment.By: func(r *ts.Row) string { return string(r.By) }, segment.ByPlaces: func(r *ts.Row) string { return r.ByPlaces },
	}[col]
	each(t, c, r, g, col, func(d *segment.Dictionary, at int64, index int32) {
		if got := d.Texts[index]; got != want(&rows[at]) {
			t.Fatalf("column %d row %d: %q, want %q", col, at, got, want(&rows[at]))
		}
	})
}

func compareNumbers(t *testing.T, c *segment.Cursor, r *segment.Reader, g int, col segment.Column, rows []ts.Row) {
	want := map[segment.Column]func(*ts.Row) uint64{
		segment.Day:      func(r *ts.Row) uint64 { return uint64(r.Day()) },
		segment.PerpHi:   func(r *ts.Row) uint64 { hi, _ := segment.Halves(r.Perp); return hi },
		segment.PerpLo:   func(r *ts.Row) uint64 { _, lo := segment.Halves(r.Perp); return lo },
		segment.PerpPort: func(r *ts.Row) uint64 { return uint64(r.PerpPort) },
		segment.Flags:    func(r *ts.Row) uint64 { return uint64(r.Flags) },
		segment.Input:    func(r *ts.Row) uint64 { return uint64(r.At.Input) },
	}[col]
	each(t, c, r, g, col, func(d *segment.Dictionary, at int64, index int32) {
		if got := d.Numbers[index]; got != want(&rows[at]) {
			t.Fatalf("column %d row %d: %d, want %d", col, at, got, want(&rows[at]))
		}
	})
}

func each(t *testing.T, c *segment.Cursor, r *segment.Reader, g int, col segment.Column, f func(*segment.Dictionary, int64, int32)) {
	t.Helper()
	d, err := c.Dictionary(r, g, col)
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Blocks(g) {
		b := &r.Blocks(g)[i]
		x, err := c.Indexes(col, b, d)
		if err != nil {
			t.Fatal(err)
		}
		for j := range b.Rows {
			f(d, b.FirstRow+int64(j), x.At(j))
		}
	}
}

func compareDeltas(t *testing.T, c *segment.Cursor, r *segment.Reader, g int, rows []ts.Row) {
	for i := range r.Blocks(g) {
		b := &r.Blocks(g)[i]
		victims, err := c.Longs(segment.VictimLo, b)
		if err != nil {
			t.Fatal(err)
		}
		firsts, err := c.Ints(segment.First, b)
		if err != nil {
			t.Fatal(err)
		}
		for j := range b.Rows {
			row := &rows[b.FirstRow+int64(j)]
			_, lo := segment.Halves(row.Victim)
			if uint64(victims[j]) != lo || int64(firsts[j]) != row.First%ts.SecondsPerDay {
				t.Fatalf("row %d: victim %x first %d", b.FirstRow+int64(j), victims[j], firsts[j])
			}
			if b.By.Min > row.By || row.By > b.By.Max || b.On.Min > row.On || row.On > b.On.Max {
				t.Fatalf("row %d: pair %s-%s outside its block's bounds", b.FirstRow+int64(j), row.By, row.On)
			}
		}
	}
}

// TestGatherAgreesWithRows reads whole rows by both roads.
func TestGatherAgreesWithRows(t *testing.T) {
	rows := segmenttest.Rows(random(8), segment.BlockRows+5)
	r := opened(t, written(t, rows))
	c, err := segment.NewCursor()
	if err != nil {
		t.Fatal(err)
	}
	dictionary := func(col segment.Column) (*segment.Dictionary, error) { return c.Dictionary(r, 0, col) }
	for i := range r.Blocks(0) {
		b := &r.Blocks(0)[i]
		at := []int32{0, int32(b.Rows / 2), int32(b.Rows - 1)}
		got, err := c.Gather(b, at, dictionary)
		if err != nil {
			t.Fatal(err)
		}
		for j, row := range got {
			if want := rows[b.FirstRow+int64(at[j])]; row != want {
				t.Errorf("row %d\n got %+v\nwant %+v", b.FirstRow+int64(at[j]), row, want)
			}
		}
	}
}
