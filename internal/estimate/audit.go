// Package estimate knows pure statistics: how many members of a set may be false after
// some of them, drawn at random, were looked at, and how many there are where two lists of
// them overlap. It must never know where numbers come from.
package estimate

import (
	"math"
	"math/big"
)

// MostBad returns the upper confidence bound on the number of false members among n when k
// of them, drawn without replacement, held x false ones (protocol 3.3): the largest D for
// which drawing at most x false is not less likely than the level, 0.05 / 2^(attempt−1).
// Every further attempt halves it, so that all attempts together err at a bounded level.
// Exact, in integers; 0 ≤ x ≤ k ≤ n < 2^53, attempt ≥ 1.
func MostBad(n, k, x, attempt uint64) uint64 {
	if x == k {
		return n // nothing drawn was shown: nothing is known
	}
	if k == n {
		return x
	}
	a := audit{n: n, k: k, x: x}
	a.all = new(big.Int).Binomial(int64(n), int64(k))
	a.factor = new(big.Int).Lsh(big.NewInt(20), uint(attempt-1))
	low, high := x, n-k+x // likelihood falls as D grows, and is 1 at D = x
	d, slope := a.guess(attempt)
	for try := 0; low < high; try++ {
		d = min(max(d, low+1), high)
		excess, likely := a.excess(d)
		if likely {
			low = d
		} else {
			high = d - 1
		}
		switch {
		case try > quick: // floats led nowhere
			d = low + (high-low+1)/2
		case likely:
			d += uint64(min(max(1, excess/slope), float64(high-low)))
		default:
			d -= uint64(min(max(1, -excess/slope), float64(d-low)))
		}
	}
	return low
}

// quick is how many steps by floats are tried before halves are.
const quick = 8

// audit is what came of one: x of k drawn from n were false.
type audit struct {
	n, k, x uint64
	all     *big.Int // ways to draw k of n
	factor  *big.Int // 1 / level
}

// excess returns the logarithm of factor · Σ_{i≤x} C(d,i)·C(n−d,k−i) / C(n,k), for
// x ≤ d ≤ n−k+x, roughly, and exactly whether that is more than 1. Each term follows from
// the one for i+1 by four small numbers.
func (a *audit) excess(d uint64) (log float64, likely bool) {
	term := new(big.Int).Binomial(int64(a.n-d), int64(a.k-a.x))
	term.Mul(term, new(big.Int).Binomial(int64(d), int64(a.x)))
	ways := new(big.Int).Set(term)
	var small big.Int
	for i := a.x; i > 0 && term.Sign() > 0; i-- {
		term.Mul(term, small.SetUint64(i))
		term.Mul(term, small.SetUint64(a.n-d-(a.k-i)))
		term.Quo(term, small.SetUint64(d-i+1))
		term.Quo(term, small.SetUint64(a.k-i+1))
		ways.Add(ways, term)
	}
	ways.Mul(ways, a.factor)
	return logOf(ways) - logOf(a.all), ways.Cmp(a.all) > 0
}

func logOf(n *big.Int) float64 {
	var f big.Float
	exponent := f.SetInt(n).MantExp(&f)
	mantissa, _ := f.Float64()
	return math.Log(mantissa) + float64(exponent)*math.Ln2
}

// guess returns about the largest likely D, and by how much the logarithm of the likelihood
// falls there with each one more. Both are found by floats and decide nothing.
func (a *audit) guess(attempt uint64) (d uint64, slope float64) {
	level := -math.Log(20) - float64(attempt-1)*math.Ln2
	least, most := a.x, a.n-a.k+a.x
	low, high := least, most
	for low < high {
		d := low + (high-low+1)/2
		if a.logLikelihood(d) > level {
			low = d
		} else {
			high = d - 1
		}
	}
	width := 1 + (most-least)/1000
	from, to := low-min(width, low-least), low+min(width, most-low)
	slope = (a.logLikelihood(from) - a.logLikelihood(to)) / float64(to-from)
	return low, max(slope, 1e-300)
}

// logLikelihood returns the logarithm of the probability of at most x false ones drawn
// where d are false.
func (a *audit) logLikelihood(d uint64) float64 {
	all := logChoose(a.n, a.k)
	most, sum := math.Inf(-1), 0.0
	for i := a.x; ; i-- {
		if a.k-i <= a.n-d {
			l := logChoose(d, i) + logChoose(a.n-d, a.k-i) - all
			if l > most {
				sum, most = sum*math.Exp(most-l)+1, l
			} else {
				sum += math.Exp(l - most)
			}
		}
		if i == 0 {
			return most + math.Log(sum)
		}
	}
}

func logChoose(n, k uint64) float64 { return logFactorial(n) - logFactorial(k) - logFactorial(n-k) }

func logFactorial(n uint64) float64 {
	l, _ := math.Lgamma(float64(n) + 1)
	return l
}
