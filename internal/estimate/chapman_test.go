package estimate

import (
	"math"
	"testing"
)

// TestChapman: published examples (Krebs box 2.1, Ricker, Pine 2013, Seber, the FSA package),
// and the vector of doc/proof/spec.md.
func TestChapman(t *testing.T) {
	for _, c := range []struct {
		n1, n2, m        uint64
		n, se, low, high float64
	}{
		{10, 15, 5, 28.333, 5.909, 0, 0},
		{948, 421, 167, 2382.798, 129.06, 2155.7, 2663.9},
		{109, 177, 57, 336.586, 24.81, 297.9, 397.1},
		{421, 332, 88, 1577.944, 126.56, 1361.6, 1861.4},
		{500, 149, 7, 9392.75, 3022.18, 5174, 17538},
		{1000, 243, 21, 11101.0, 2183.70, 7661, 16379},
		{346, 184, 49, 1282.90, 142.08, 1049, 1613},
	} {
		e, ok := NewChapman(c.n1, c.n2, c.m)
		if !ok || math.Abs(e.N-c.n) > 0.006 || math.Abs(e.SE-c.se) > 0.006 {
			t.Errorf("%d, %d, %d: %+v, want %v (%v)", c.n1, c.n2, c.m, e, c.n, c.se)
		}
		if c.low > 0 && (math.Abs(e.Low-c.low) > 1 || math.Abs(e.High-c.high) > 1) {
			t.Errorf("%d, %d, %d: from %.1f to %.1f, want %v to %v", c.n1, c.n2, c.m, e.Low, e.High, c.low, c.high)
		}
	}
}

// TestChapmanEdges: without overlap there is no estimate, rather than an endless one; lists
// that hold each other leave nothing unseen.
func TestChapmanEdges(t *testing.T) {
	for _, c := range [][3]uint64{{0, 0, 0}, {10, 15, 0}, {10, 15, 11}, {10, 5, 6}} {
		if e, ok := NewChapman(c[0], c[1], c[2]); ok {
			t.Errorf("%v: %+v, want no estimate", c, e)
		}
	}
	if e, ok := NewChapman(10, 15, 10); !ok || e.N != 15 || e.SE != 0 || e.Low != 15 || e.High != 15 || e.Seen != 15 {
		t.Errorf("one list inside the other: %+v", e)
	}
	if e, ok := NewChapman(1000, 1000, 1); !ok || e.Low < float64(e.Seen) {
		t.Errorf("below what was seen: %+v", e)
	}
}
