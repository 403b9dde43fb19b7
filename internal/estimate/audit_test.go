package estimate

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

// TestMostBad: the numbers of doc/proof/spec.md, and those of published tables of the
// hypergeometric upper bound.
func TestMostBad(t *testing.T) {
	for _, c := range []struct{ n, k, x, attempt, want uint64 }{
		{1_180_000, 59, 0, 1, 58_417},
		{1_180_000, 299, 0, 1, 11_762},
		{2077, 299, 0, 1, 19},
		{1000, 59, 0, 1, 48},
		{1000, 100, 0, 1, 28},
		{1000, 100, 1, 1, 44},
		{2077, 100, 0, 1, 59},
		{2077, 100, 2, 1, 125},
		{1754, 60, 0, 1, 83},
		{563, 60, 0, 1, 25},
		{100, 30, 0, 1, 8},
		{10, 10, 3, 1, 3},
		{1000, 5, 5, 1, 1000},
		{0, 0, 0, 1, 0},
		{7, 0, 0, 1, 7},
	} {
		if got := MostBad(c.n, c.k, c.x, c.attempt); got != c.want {
			t.Errorf("%d bad in %d of %d, attempt %d: at most %d, want %d", c.x, c.k, c.n, c.attempt, got, c.want)
		}
	}
}

// TestMostBadIsTheLargest compares with a walk over every D in plain fractions.
func TestMostBadIsTheLargest(t *testing.T) {
	for n := uint64(1); n <= 24; n++ {
		for k := uint64(1); k < n; k += 3 {
			for x := uint64(0); x <= k; x += 2 {
				for attempt := uint64(1); attempt <= 3; attempt++ {
					want := x
					for d := x; d <= n-k+x; d++ {
						if atMost(n, k, x, d).Cmp(big.NewRat(1, 20<<(attempt-1))) > 0 {
							want = d
						}
					}
					if got := MostBad(n, k, x, attempt); got != want {
						t.Fatalf("n %d k %d x %d attempt %d: %d, want %d", n, k, x, attempt, got, want)
					}
				}
			}
		}
	}
}

// atMost returns the probability of at most x false ones among k drawn, d of n being false.
func atMost(n, k, x, d uint64) *big.Rat {
	sum := new(big.Rat)
	for i := uint64(0); i <= x; i++ {
		ways := new(big.Int).Mul(new(big.Int).Binomial(int64(d), int64(i)), new(big.Int).Binomial(int64(n-d), int64(k-i)))
		if i > d || k-i > n-d {
			continue
		}
		sum.Add(sum, new(big.Rat).SetFrac(ways, new(big.Int).Binomial(int64(n), int64(k))))
	}
	return sum
}

// plainMostBad walks a bisection with fresh binomials at each step.
func plainMostBad(n, k, x, attempt uint64) uint64 {
	low, high := x, n-k+x
	for low < high {
		middle := low + (high-low+1)/2
		ways := new(big.Int)
		for i := uint64(0); i <= x; i++ {
			if k-i <= n-middle {
				ways.Add(ways, new(big.Int).Mul(new(big.Int).Binomial(int64(middle), int64(i)), new(big.Int).Binomial(int64(n-middle), int64(k-i))))
			}
		}
		ways.Lsh(ways.Mul(ways, big.NewInt(20)), uint(attempt-1))
		if ways.Cmp(new(big.Int).Binomial(int64(n), int64(k))) > 0 {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return low
}

// TestMostBadIsPlain compares with fresh binomials on sizes that floats guess badly too.
func TestMostBadIsPlain(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		n := 1 + r.Uint64N(1<<(1+r.Uint64N(24)))
		k := r.Uint64N(min(n, 200) + 1)
		x := min(r.Uint64N(k+1), r.Uint64N(6))
		attempt := 1 + r.Uint64N(1<<r.Uint64N(9))
		if k == n {
			continue
		}
		if got, want := MostBad(n, k, x, attempt), plainMostBad(n, k, x, attempt); got != want {
			t.Fatalf("n %d k %d x %d attempt %d: %d, want %d", n, k, x, attempt, got, want)
		}
	}
}

func BenchmarkMostBad(b *testing.B) {
	for b.Loop() {
		MostBad(1_180_000, 2995, 2, 1)
	}
}
