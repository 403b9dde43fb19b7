package segment

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/tallystick/tallystick/internal/segment/segmenttest"
)

// TestIndexWidths: the bit width with which a page of indexes begins.
func TestIndexWidths(t *testing.T) {
	for _, c := range []struct {
		values int // distinct ones in every column asked
		want   map[Column]byte
	}{
		{2, map[Column]byte{PerpLo: 1, Family: 1, OnAS: 1, VictimPort: 1}},
		{256, map[Column]byte{PerpLo: 8, Family: 8, OnAS: 8, VictimPort: 8}},
		{257, map[Column]byte{PerpLo: 16, Family: 16, OnAS: 16, VictimPort: 9, PerpPort: 9}},
		{BlockRows, map[Column]byte{PerpLo: 16, Family: 16, OnAS: 16, VictimPort: 15, PerpPort: 15}},
	} {
		r := numbered(t, c.values)
		pages, err := newPager()
		if err != nil {
			t.Fatal(err)
		}
		for col, want := range c.want {
			at := r.groups[0].columns[col].pages[0]
			_, page, err := pages.page(r.source, at.Offset, int64(at.CompressedPageSize))
			if err != nil || page[0] != want {
				t.Errorf("%d values: column %d has indexes of %d bits, want %d (%v)", c.values, col, page[0], want, err)
			}
		}
	}
}

// numbered returns a segment of n rows that differ in everything asked for.
func numbered(t *testing.T, n int) *Reader {
	t.Helper()
	rows := segmenttest.Rows(rand.New(rand.NewPCG(1, 1)), n)
	for i := range rows {
		rows[i].Perp = AddrOf(0, mapped|240<<24|uint64(i))
		rows[i].Family = rows[i].Perp.String()
		rows[i].OnAS, rows[i].PerpPort, rows[i].VictimPort = uint32(i), uint16(i), uint16(i)
	}
	Sort(rows)
	var file bytes.Buffer
	if err := Write(&file, rows); err != nil {
		t.Fatal(err)
	}
	r, err := Open(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return r
}
