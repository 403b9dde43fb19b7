package count_test

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// BenchmarkFloorMerge only merges two sorted runs of 64-bit keys and counts the distinct
// ones: as many keys as BenchmarkCount has rows, and a third of them in both runs. Counting
// distinct members, which also reads and filters them, is no faster on one core.
func BenchmarkFloorMerge(b *testing.B) {
	n := 30_000_000 / *benchScale
	x, y := sortedKeys(1, n), sortedKeys(2, n)
	copy(y, x[:n/3])
	slices.Sort(y)
	want := len(slices.Compact(slices.Sorted(slices.Values(slices.Concat(x, y)))))
	b.SetBytes(int64(8 * (len(x) + len(y))))
	for b.Loop() {
		if got := distinct(x, y); got != want {
			b.Fatal(got, want)
		}
	}
	b.ReportMetric(float64(b.N)*float64(len(x)+len(y))/b.Elapsed().Seconds(), "keys/s")
}

func sortedKeys(seed uint64, n int) []uint64 {
	r := rand.New(rand.NewPCG(seed, 1))
	keys := make([]uint64, n)
	for i := range keys {
		keys[i] = r.Uint64()
	}
	slices.Sort(keys)
	return keys
}

// distinct returns how many different keys two sorted runs hold.
func distinct(x, y []uint64) (n int) {
	i, j := 0, 0
	for ; i < len(x) && j < len(y); n++ {
		least := min(x[i], y[j])
		for i < len(x) && x[i] == least {
			i++
		}
		for j < len(y) && y[j] == least {
			j++
		}
	}
	return n + runLen(x[i:]) + runLen(y[j:])
}

// runLen returns how many different keys a sorted run holds.
func runLen(keys []uint64) (n int) {
	for i := range keys {
		if i == 0 || keys[i] != keys[i-1] {
			n++
		}
	}
	return n
}
