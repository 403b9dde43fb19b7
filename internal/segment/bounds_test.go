package segment

import (
	"testing"

	"github.com/parquet-go/parquet-go/format"
)

// TestBounds: cut texts still bound, and an order is claimed where both lists have it.
func TestBounds(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "sixteen bytes ..": "sixteen bytes ..", "sixteen bytes .. and more": "sixteen bytes ./",
		"fifteen bytes .\xff\xff": "fifteen bytes /\x00",
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff": "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
	} {
		if got := string(above([]byte(text))); got != want {
			t.Errorf("above %q: %q, want %q", text, got, want)
		}
	}
	for _, c := range []struct {
		least, most []uint64
		want        format.BoundaryOrder
	}{
		{[]uint64{1}, []uint64{2}, format.Unordered},
		{[]uint64{1, 1, 256}, []uint64{2, 300, 300}, format.Ascending},
		{[]uint64{256, 1, 1}, []uint64{300, 300, 2}, format.Descending},
		{[]uint64{1, 256}, []uint64{300, 299}, format.Unordered},
		{[]uint64{1, 256, 2}, []uint64{300, 301, 302}, format.Unordered},
	} {
		b := bounds{width: 8}
		for i := range c.least {
			b.add(plainNumber(nil, c.least[i], 8), plainNumber(nil, c.most[i], 8))
		}
		if got := b.index().BoundaryOrder; got != c.want {
			t.Errorf("%d to %d: %s, want %s", c.least, c.most, got, c.want)
		}
	}
}
