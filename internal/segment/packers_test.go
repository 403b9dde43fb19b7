package segment_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/tallystick/tallystick/internal/segment"
	"github.com/tallystick/tallystick/internal/segment/segmenttest"
)

// TestPackersForgetPages: what was packed before leaves no trace in the bytes of a segment.
func TestPackersForgetPages(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	var shared segment.Packers
	for _, n := range []int{5000, 3, segment.BlockRows + 1, 5000} {
		rows := segmenttest.Rows(rnd, n)
		segment.Sort(rows)
		var alone, after bytes.Buffer
		if err := segment.Write(&alone, rows); err != nil {
			t.Fatal(err)
		}
		file := shared.NewWriter(&after)
		if err := file.Write(rows); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(alone.Bytes(), after.Bytes()) {
			t.Errorf("%d rows: other bytes", n)
		}
	}
}
