package estimate

import "math"

// Chapman is the estimate of how many members there are, from two lists of them (Chapman
// 1951). It holds for a closed set whose members both lists catch independently and with equal
// chance, and are matched without error. Two lists that feed on one source make it too low.
type Chapman struct {
	Seen      uint64  // different members on the lists
	N         float64 // members there are
	SE        float64 // standard error of N
	Low, High float64 // 95 %, log-normal, never below Seen
}

// NewChapman estimates from lists of n1 and n2 members with m in common, m ≤ n1, n2. It
// reports false where they have none in common: then nothing bounds the number from above.
func NewChapman(n1, n2, m uint64) (Chapman, bool) {
	if m == 0 || m > min(n1, n2) {
		return Chapman{}, false
	}
	a, b, c := float64(n1), float64(n2), float64(m)
	e := Chapman{Seen: n1 + n2 - m, N: (a+1)*(b+1)/(c+1) - 1}
	e.SE = math.Sqrt((a + 1) * (b + 1) * (a - c) * (b - c) / ((c + 1) * (c + 1) * (c + 2)))
	e.Low, e.High = e.interval()
	return e, true
}

// interval returns the 95 % interval that takes the number of members not seen as log-normal
// (Burnham and others 1987).
func (e *Chapman) interval() (low, high float64) {
	unseen := e.N - float64(e.Seen)
	if unseen <= 0 {
		return e.N, e.N
	}
	c := math.Exp(1.96 * math.Sqrt(math.Log(1+e.SE*e.SE/(unseen*unseen))))
	return float64(e.Seen) + unseen/c, float64(e.Seen) + unseen*c
}
