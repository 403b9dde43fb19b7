package segment_test

import (
	"bytes"
	"testing"

	"github.com/tallystick/tallystick/internal/segment"
	"github.com/tallystick/tallystick/internal/segment/segmenttest"
)

// FuzzOpen reads hostile bytes by both roads: errors are welcome, panics are not, and
// where both succeed on all rows they agree.
func FuzzOpen(f *testing.F) {
	for _, n := range []int{0, 1, 50} {
		f.Add(written(f, segmenttest.Rows(random(uint64(n)), n)))
	}
	f.Add([]byte("PAR1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := segment.Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		n := 0
		for _, err := range r.Rows() {
			if err != nil {
				break
			}
			n++
		}
		gatherAll(t, r)
	})
}

// gatherAll reads all rows of r through a Cursor, until an error.
func gatherAll(t *testing.T, r *segment.Reader) {
	c, err := segment.NewCursor()
	if err != nil {
		t.Fatal(err)
	}
	for g := range r.Groups() {
		dictionary := func(col segment.Column) (*segment.Dictionary, error) { return c.Dictionary(r, g, col) }
		for i := range r.Blocks(g) {
			b := &r.Blocks(g)[i]
			at := make([]int32, b.Rows)
			for i := range at {
				at[i] = int32(i)
			}
			if _, err := c.Gather(b, at, dictionary); err != nil {
				return
			}
		}
	}
}
