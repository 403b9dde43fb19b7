package estimate

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// publishers is how many are simulated for each share of fabricated members.
const publishers = 10_000

// slack is three standard deviations of how many of 10,000 a 95 % bound holds for.
const slack = 65

// TestBoundHolds: of 10,000 publishers with a share of fabricated members, the bound after
// an audit is at least the truth in 95 % or more, and the audit detects as many as the
// hypergeometric distribution says.
func TestBoundHolds(t *testing.T) {
	for _, c := range []struct{ n, bad, k uint64 }{
		{200, 0, 30}, {200, 4, 30}, {200, 17, 30}, {200, 100, 30}, {2077, 19, 299}, {2077, 20, 299},
		{2077, 125, 100}, {1_180_000, 11_762, 299}, {1_180_000, 11_800, 299}, {1_180_000, 58_418, 59}, {1_180_000, 590_000, 299}, {50, 1, 50},
	} {
		held, detected := simulate(c.n, c.bad, c.k)
		if held < publishers*95/100-slack {
			t.Errorf("%d of %d fabricated, %d opened: the bound holds for %d of %d", c.bad, c.n, c.k, held, publishers)
		}
		p := 1 - clean(c.n, c.bad, c.k)
		want, sigma := publishers*p, math.Sqrt(publishers*p*(1-p))
		if math.Abs(float64(detected)-want) > 4*sigma+1e-9 {
			t.Errorf("%d of %d fabricated, %d opened: %d detected, want %.0f ± %.0f", c.bad, c.n, c.k, detected, want, sigma)
		}
	}
}

// simulate audits publishers of whose n members the first bad ones are fabricated. It
// returns for how many the bound is true, and how many had one opened.
func simulate(n, bad, k uint64) (held, detected int) {
	r := rand.New(rand.NewPCG(n, bad<<32|k))
	bounds := map[uint64]uint64{}
	for range publishers {
		x := audited(r, n, bad, k)
		if _, ok := bounds[x]; !ok {
			bounds[x] = MostBad(n, k, x, 1)
		}
		if bounds[x] >= bad {
			held++
		}
		if x > 0 {
			detected++
		}
	}
	return held, detected
}

// audited draws k of n without replacement, and returns how many are below bad.
func audited(r *rand.Rand, n, bad, k uint64) uint64 {
	x := uint64(0)
	for i := range k { // of the n-i not yet drawn, bad-x are fabricated
		if r.Uint64N(n-i) < bad-x {
			x++
		}
	}
	return x
}

// clean is the probability that none of k drawn from n is one of the bad.
func clean(n, bad, k uint64) float64 {
	if k > n-bad {
		return 0
	}
	p, _ := new(big.Rat).SetFrac(new(big.Int).Binomial(int64(n-bad), int64(k)), new(big.Int).Binomial(int64(n), int64(k))).Float64()
	return p
}

// TestTryingAgainGainsNothing: whoever makes statements until an audit finds nothing has the
// bound of his attempt, which is true in 95 % however long he tries.
func TestTryingAgainGainsNothing(t *testing.T) {
	const n, bad, k, most = 500, 60, 30, 12
	r := rand.New(rand.NewPCG(1, 1))
	known := map[[2]uint64]uint64{}
	bound := func(x, attempt uint64) uint64 {
		if _, ok := known[[2]uint64{x, attempt}]; !ok {
			known[[2]uint64{x, attempt}] = MostBad(n, k, x, attempt)
		}
		return known[[2]uint64{x, attempt}]
	}
	held, naive := 0, 0
	for range publishers {
		best, first := uint64(n), uint64(n)
		for attempt := uint64(1); attempt <= most; attempt++ {
			x := audited(r, n, bad, k)
			best = min(best, bound(x, attempt))
			first = min(first, bound(x, 1))
		}
		if best >= bad {
			held++
		}
		if first >= bad {
			naive++
		}
	}
	if held < publishers*95/100-slack {
		t.Errorf("the best of %d attempts is true for %d of %d", most, held, publishers)
	}
	if naive >= publishers*95/100 {
		t.Errorf("without counting attempts it would be true for %d too: the test shows nothing", naive)
	}
}
