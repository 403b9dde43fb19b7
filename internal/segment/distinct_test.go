package segment

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestDistinct numbers values beside a map, before and after being emptied.
func TestDistinct(t *testing.T) {
	numbers, texts := newNumbers(), newTexts()
	r := rand.New(rand.NewPCG(1, 3))
	for _, n := range []int{1, 70, 5000} {
		want := map[uint64]int32{}
		for range 4 * n {
			v := r.Uint64N(uint64(n)) << r.IntN(2) << 40
			if _, known := want[v]; !known {
				want[v] = int32(len(want))
			}
			if got := numbers.number(v); got != want[v] || numbers.values[got] != v {
				t.Fatalf("%d is number %d, want %d", v, got, want[v])
			}
			if got := texts.number(fmt.Sprint(v)); got != want[v] || texts.values[got] != fmt.Sprint(v) {
				t.Fatalf("%q is number %d, want %d", fmt.Sprint(v), got, want[v])
			}
		}
		numbers.reset()
		texts.reset()
	}
}
