package segment

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/segment/segmenttest"
)

// TestSqueeze: words of the bits that differ are in the order of the keys.
func TestSqueeze(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	for range 500 {
		var differ sortKey
		for i := range differ {
			differ[i] = r.Uint64() & r.Uint64() >> r.IntN(64)
			if r.IntN(5) == 0 {
				differ[i] = ^uint64(0)
			}
		}
		words := squeeze(differ)
		common := sortKey{r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64()}
		key := func() (k sortKey) {
			for i := range k {
				k[i] = common[i]&^differ[i] | r.Uint64()&differ[i]
			}
			return k
		}
		a, b := key(), key()
		got := 0
		for _, w := range words { // the most significant is last
			got = cmp.Or(cmp.Compare(w.of(&a), w.of(&b)), got)
		}
		if got != a.compare(&b) {
			t.Fatalf("%x and %x compare %d in words of %x, want %d", a, b, got, differ, a.compare(&b))
		}
	}
}

// TestOrder: rows that stand apart, some not asked for, with keys of one word and of several.
func TestOrder(t *testing.T) {
	all := segmenttest.Rows(rand.New(rand.NewPCG(1, 5)), 3000)
	narrow := segmenttest.National().Day(0, 1000)
	for _, rows := range [][]ts.Row{all, narrow, all[:fewRows/2]} {
		row := func(i uint32) *ts.Row { return &rows[i] }
		var numbers []uint32
		for i := 0; i < len(rows); i += 2 {
			numbers = append(numbers, uint32(i))
		}
		want := slices.Clone(numbers)
		slices.SortFunc(want, func(a, b uint32) int { return Compare(row(a), row(b)) })
		Order(numbers, row)
		for i := range want {
			if *row(numbers[i]) != *row(want[i]) {
				t.Fatalf("%d rows: place %d has row %d, want %d", len(rows), i, numbers[i], want[i])
			}
		}
	}
}
