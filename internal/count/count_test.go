package count_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/place"
	"github.com/tallystick/tallystick/internal/segment"
	"github.com/tallystick/tallystick/internal/segment/segmenttest"
)

// memory is a segment's bytes without a file.
type memory struct{ *bytes.Reader }

func (memory) Close() error { return nil }

// randomLedger makes a ledger of several segments with rows of colliding fields.
func randomLedger(t testing.TB, r *rand.Rand) (*ledger, count.Source) {
	l := &ledger{}
	var undated []ts.Row // a segment has the rows of few days
	for range 1 + r.IntN(4) {
		var dated []ts.Row
		for _, row := range segmenttest.Rows(r, r.IntN(400)) {
			if row.Day() == 0 {
				undated = append(undated, row)
			} else {
				dated = append(dated, row)
			}
		}
		l.add(dated)
	}
	l.add(undated)
	l.exceptions(r)
	return l, l.source(t)
}

// exceptions may exclude values, and shadow inputs.
func (l *ledger) exceptions(r *rand.Rand) {
	if r.IntN(2) == 0 {
		l.excluded = []string{"exclude.example", "240.0.0.3", "2001:db8::5"}[:1+r.IntN(3)]
	}
	if r.IntN(2) == 0 {
		l.shadowed = func(segment string, input uint32) bool { return segment == "segment-1" && input == 1 || input == 2 }
	}
}

// add appends a segment.
func (l *ledger) add(rows []ts.Row) {
	segment.Sort(rows)
	l.names, l.rows = append(l.names, fmt.Sprint("segment-", len(l.names))), append(l.rows, rows)
}

// source writes the segments of l.
func (l *ledger) source(t testing.TB) count.Source {
	src := count.Source{Excluded: l.excluded, Shadowed: l.shadowed}
	for s, rows := range l.rows {
		var b bytes.Buffer
		if err := segment.Write(&b, rows); err != nil {
			t.Fatal(err)
		}
		seg := count.Segment{Name: l.names[s], Rows: uint64(len(rows)),
			Open: func() (count.File, error) { return memory{bytes.NewReader(b.Bytes())}, nil }}
		for i := range rows {
			day := rows[i].Day()
			if i == 0 {
				seg.FirstDay, seg.LastDay = day, day
			}
			seg.FirstDay, seg.LastDay = min(seg.FirstDay, day), max(seg.LastDay, day)
		}
		src.Segments = append(src.Segments, seg)
	}
	return src
}

// randomQuestion asks anything of a measure.
func randomQuestion(r *rand.Rand, m measure.Measure) count.Question {
	q := count.Question{Measure: m, Verdict: place.Verdict(r.IntN(4)), On: group(r)}
	if m.HasBy {
		q.By = group(r)
		q.ByAS = seldom(r, uint32(64500))
	}
	if r.IntN(3) > 0 {
		from := segmenttest.FirstDay + ts.Day(r.IntN(segmenttest.Days))
		q.Window = ts.Window{From: from, To: from + 1 + ts.Day(r.IntN(segmenttest.Days))}
	}
	if r.IntN(4) == 0 {
		q.Window.From = 0
		q.Window.To = segmenttest.FirstDay + 3
	}
	q.OnAS, q.Sensor = seldom(r, uint32(64501)), seldom(r, "north")
	q.Site, q.Family = seldom(r, "a.example"), seldom(r, "simda")
	if m.HasBy && r.IntN(3) == 0 {
		q.Group = []count.Dimension{count.On, count.By}
	}
	for _, d := range count.Dimensions() {
		if r.IntN(8) == 0 && (m.HasBy || d != count.By && d != count.ByAS) {
			q.Group = append(q.Group, d)
		}
	}
	return q
}

func group(r *rand.Rand) []ts.Country {
	return [...][]ts.Country{nil, nil, {"CN"}, {"US"}, {"CN", "HK"}, {"AQ"}}[r.IntN(6)]
}

func seldom[T any](r *rand.Rand, value T) T {
	var none T
	if r.IntN(6) == 0 {
		return value
	}
	return none
}

func collect[T any](t testing.TB, seq func(func(T, error) bool)) []T {
	t.Helper()
	var list []T
	for v, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, v)
	}
	return list
}

// TestScanAgreesWithOracle asks every measure of random ledgers, with tables so small
// that members must be counted in parts, and with tables of any size.
func TestScanAgreesWithOracle(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 7))
		l, src := randomLedger(t, r)
		s := count.New(src, count.Options{
			Workers: 1 + r.IntN(3), Memory: []int64{0, 12 << 10}[r.IntN(2)], StretchRows: []int{0, 1}[r.IntN(2)],
		})
		for _, m := range measure.All() {
			q := randomQuestion(r, m)
			agree(t, seed, l, s, q)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// agree compares every answer of s to q with the oracle's.
func agree(t *testing.T, seed uint64, l *ledger, s *count.Scan, q count.Question) {
	t.Helper()
	ctx := context.Background()
	if got, want := collect(t, s.Count(ctx, q)), l.count(q); !same(got, want) {
		t.Fatalf("seed %d, %s: Count\n got %v\nwant %v\nof %+v", seed, q.Measure.Name, got, want, q)
	}
	if got, want := collect(t, s.Members(ctx, q)), l.members(q); !same(got, want) {
		t.Fatalf("seed %d, %s: Members\n got %v\nwant %v", seed, q.Measure.Name, got, want)
	}
	if got, want := collect(t, s.Rows(ctx, q)), first(l.counted(q)); !slices.Equal(got, want) {
		t.Fatalf("seed %d, %s: Rows: %d, want %d", seed, q.Measure.Name, len(got), len(want))
	}
	if q.Window.From > 0 {
		if got, want := collect(t, s.Series(ctx, q)), l.series(q); !same(got, want) {
			t.Fatalf("seed %d, %s: Series\n got %v\nwant %v", seed, q.Measure.Name, got, want)
		}
	}
}

func first[T, U any](v T, _ U) T { return v }

func same[T any](a, b []T) bool {
	return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b)
}

var _ io.ReaderAt = memory{}
