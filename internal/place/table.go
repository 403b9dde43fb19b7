package place

import (
	"encoding/binary"
	"net/netip"
)

// placed is what At answers for a range.
type placed struct {
	first  Place
	places string
}

// table is the compiled form of the data sets of some days: ranges of each family, each
// pointing at an answer.
type table struct {
	v4      ranges[uint32]
	v6      ranges[point]
	answers []placed
}

// ranges holds the first addresses of consecutive ranges in rising order, beginning with
// the zero address, and the answer of each. index[h] is the range in which the addresses
// whose upper 16 bits are h begin, so that a search looks at one /16 only.
type ranges[T uint32 | point] struct {
	starts  []T
	answers []uint32
	index   []uint32 // of 65537, the last being the last range
}

// add appends a range unless the one before says the same.
func (r *ranges[T]) add(start T, answer uint32) {
	if n := len(r.answers); n > 0 && r.answers[n-1] == answer {
		return
	}
	r.starts = append(r.starts, start)
	r.answers = append(r.answers, answer)
}

// seal builds the index; upper gives the upper 16 bits of a start, and whether the rest of
// its bits are zero.
func (r *ranges[T]) seal(upper func(T) (h uint32, whole bool)) {
	r.index = make([]uint32, 1<<16+1)
	next := uint32(0)
	for i, start := range r.starts {
		h, whole := upper(start)
		if !whole {
			h++
		}
		for ; next < h; next++ {
			r.index[next] = uint32(max(i-1, 0))
		}
	}
	for ; next < uint32(len(r.index)); next++ {
		r.index[next] = uint32(len(r.starts) - 1)
	}
}

func upper4(n uint32) (uint32, bool) { return n >> 16, n&0xffff == 0 }
func upper6(p point) (uint32, bool) {
	return uint32(p.hi >> 48), p.hi<<16 == 0 && p.lo == 0
}

// at returns the answer for an address.
func (t *table) at(a netip.Addr) *placed {
	if a.Is4() {
		b := a.As4()
		n := binary.BigEndian.Uint32(b[:])
		lo, hi := t.v4.index[n>>16], t.v4.index[n>>16+1]
		starts := t.v4.starts
		for lo < hi {
			mid := (lo + hi + 1) / 2
			if starts[mid] <= n {
				lo = mid
			} else {
				hi = mid - 1
			}
		}
		return &t.answers[t.v4.answers[lo]]
	}
	p := pointOf(a)
	lo, hi := t.v6.index[p.hi>>48], t.v6.index[p.hi>>48+1]
	starts := t.v6.starts
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if q := &starts[mid]; q.hi < p.hi || q.hi == p.hi && q.lo <= p.lo {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return &t.answers[t.v6.answers[lo]]
}
