package segment_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/segment"
	"github.com/tallystick/tallystick/internal/segment/segmenttest"
)

func random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// written returns the bytes of rows, sorted first.
func written(t testing.TB, rows []ts.Row) []byte {
	t.Helper()
	segment.Sort(rows)
	var b bytes.Buffer
	if err := segment.Write(&b, rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func opened(t testing.TB, b []byte) *segment.Reader {
	t.Helper()
	r, err := segment.Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRowsComeBack(t *testing.T) {
	for _, n := range []int{0, 1, 2, 1000, segment.BlockRows, segment.BlockRows + 1, 3*segment.BlockRows + 7} {
		rows := segmenttest.Rows(random(uint64(n)), n)
		r := opened(t, written(t, rows))
		if r.NumRows() != int64(n) {
			t.Errorf("%d rows: NumRows %d", n, r.NumRows())
		}
		at := 0
		for row, err := range r.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			if row != rows[at] {
				t.Fatalf("%d rows: row %d\n got %+v\nwant %+v", n, at, row, rows[at])
			}
			at++
		}
		if at != n {
			t.Errorf("%d rows: %d came back", n, at)
		}
	}
}

func TestSameRowsSameBytes(t *testing.T) {
	rows := segmenttest.Rows(random(1), 40000)
	first := written(t, slices.Clone(rows))
	random(2).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	if !bytes.Equal(first, written(t, rows)) {
		t.Error("the same rows in another order give other bytes")
	}
}

// TestWriterAgreesWithWrite hands rows over in uneven portions.
func TestWriterAgreesWithWrite(t *testing.T) {
	rows := segmenttest.Rows(random(9), 2*segment.BlockRows+100)
	want := written(t, rows)
	var b bytes.Buffer
	w := segment.NewWriter(&b)
	for rest, r := rows, random(10); len(rest) > 0; {
		n := min(len(rest), 1+r.IntN(20000))
		if err := w.Write(rest[:n]); err != nil {
			t.Fatal(err)
		}
		rest = rest[n:]
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Errorf("%d bytes, want the %d of Write", b.Len(), len(want))
	}
}

// TestSeveralRowGroups writes more rows than one group holds.
func TestSeveralRowGroups(t *testing.T) {
	rows := make([]ts.Row, segment.GroupRows+3)
	row := segmenttest.Row(random(11))
	for i := range rows {
		rows[i] = row
		rows[i].At.Offset = uint64(i)
	}
	r := opened(t, written(t, rows))
	if r.Groups() != 2 || len(r.Blocks(1)) != 1 || r.Blocks(1)[0].Rows != 3 || r.Blocks(1)[0].FirstRow != segment.GroupRows {
		t.Errorf("%d groups, blocks of the second %+v", r.Groups(), r.Blocks(1))
	}
	last := uint64(0)
	for row, err := range r.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		last = row.At.Offset
	}
	if last != segment.GroupRows+2 {
		t.Errorf("the last row is number %d", last)
	}
}

func TestSortOrder(t *testing.T) {
	rows := segmenttest.Rows(random(3), 5000)
	segment.Sort(rows)
	if !slices.IsSortedFunc(rows, func(a, b ts.Row) int { return segment.Compare(&a, &b) }) {
		t.Error("not in the order of Compare")
	}
	if !slices.IsSortedFunc(rows, func(a, b ts.Row) int {
		if a.By != b.By {
			return compareText(a.By, b.By)
		}
		return compareText(a.On, b.On)
	}) {
		t.Error("not by pair first")
	}
}

// TestSortAgainstCompare: rows of which many are alike in what is sorted by bytes, and some
// in everything, few and many.
func TestSortAgainstCompare(t *testing.T) {
	for _, n := range []int{0, 1, 2, 200, 255, 256, 257, 5000} {
		rows := segmenttest.Rows(random(uint64(n)+20), n)
		for i, r := range rows[:n/2] {
			rows[n-1-i] = r
			if i%3 == 0 {
				rows[n-1-i].Family += "x"
			}
		}
		want := slices.Clone(rows)
		slices.SortFunc(want, func(a, b ts.Row) int { return segment.Compare(&a, &b) })
		segment.Sort(rows)
		if !slices.Equal(rows, want) {
			t.Errorf("%d rows: not in the order of Compare", n)
		}
	}
}

func compareText(a, b ts.Country) int {
	return bytes.Compare([]byte(a), []byte(b))
}

func TestWriteRefuses(t *testing.T) {
	good := segmenttest.Row(random(4))
	cases := map[string]func(*ts.Row){
		"class":      func(r *ts.Row) { r.Class = 0 },
		"grade":      func(r *ts.Row) { r.Grade = 9 },
		"first":      func(r *ts.Row) { r.First = -1 },
		"far future": func(r *ts.Row) { r.First, r.Last = 1<<50, 1<<50 },
		"last":       func(r *ts.Row) { r.Last = r.First - 1 },
		"records":    func(r *ts.Row) { r.Records = 1 << 60 },
		"country":    func(r *ts.Row) { r.By = "USA" },
		"text":       func(r *ts.Row) { r.Path = string(make([]byte, ts.MaxLine+1)) },
	}
	for name, spoil := range cases {
		row := good
		spoil(&row)
		if err := segment.Write(&bytes.Buffer{}, []ts.Row{row}); err == nil {
			t.Errorf("%s: written", name)
		}
	}
	rows := segmenttest.Rows(random(5), 10)
	segment.Sort(rows)
	slices.Reverse(rows)
	if err := segment.Write(&bytes.Buffer{}, rows); err == nil {
		t.Error("rows out of order: written")
	}
}
