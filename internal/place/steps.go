package place

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
)

// point is an address of either family as a 128-bit number; IPv4 lies at ::ffff:0:0/96.
type point struct{ hi, lo uint64 }

func pointOf(a netip.Addr) point {
	b := a.As16()
	return point{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
}

func (p point) compare(q point) int {
	if c := cmp.Compare(p.hi, q.hi); c != 0 {
		return c
	}
	return cmp.Compare(p.lo, q.lo)
}

// next returns p + 1, and the zero point behind the last address.
func (p point) next() point {
	p.lo++
	if p.lo == 0 {
		p.hi++
	}
	return p
}

// previous returns p - 1 of a p that is not zero.
func (p point) previous() point {
	if p.lo == 0 {
		p.hi--
	}
	p.lo--
	return p
}

// addr is p as a Canonical address.
func (p point) addr() netip.Addr {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], p.hi)
	binary.BigEndian.PutUint64(b[8:], p.lo)
	return netip.AddrFrom16(b).Unmap()
}

// span places the addresses from first to last, both included.
type span struct {
	first, last point
	mark        mark
}

// spans are collected in any order; neighbours that say the same become one at once, so
// that a city table takes no more memory than a country table.
type spans []span

func (s *spans) add(sp span) {
	if n := len(*s); n > 0 {
		last := &(*s)[n-1]
		if last.mark == sp.mark && last.last.next() == sp.first {
			last.last = sp.last
			return
		}
	}
	*s = append(*s, sp)
}

// step says that addresses from at up to the next step have the mark.
type step struct {
	at   point
	mark mark
}

// steps is a step function over all addresses, in rising order, without two equal marks in
// succession. Before the first step nothing is known.
type steps []step

// flatten makes the step function of s. Where spans nest, the smaller one decides, as in
// routing; spans that overlap otherwise, or twice the same with different marks, have no
// one meaning and are an error. s is sorted in place.
func (s spans) flatten() (steps, error) {
	slices.SortStableFunc(s, func(a, b span) int {
		return cmp.Or(a.first.compare(b.first), b.last.compare(a.last))
	})
	var out steps
	var open spans // the spans around the present point, the innermost last
	leave := func() {
		inner := open[len(open)-1]
		open = open[:len(open)-1]
		var outer mark
		if len(open) > 0 {
			outer = open[len(open)-1].mark
		}
		if after := inner.last.next(); after != (point{}) {
			out.set(after, outer)
		}
	}
	for _, sp := range s {
		for len(open) > 0 && open[len(open)-1].last.compare(sp.first) < 0 {
			leave()
		}
		if err := open.admits(sp); err != nil {
			return nil, err
		}
		open = append(open, sp)
		out.set(sp.first, sp.mark)
	}
	for len(open) > 0 {
		leave()
	}
	return out, nil
}

// admits reports whether sp may lie inside the innermost of the open spans.
func (s spans) admits(sp span) error {
	if len(s) == 0 {
		return nil
	}
	inner := s[len(s)-1]
	if sp.last.compare(inner.last) > 0 {
		return fmt.Errorf("range %s-%s overlaps %s-%s", sp.first.addr(), sp.last.addr(), inner.first.addr(), inner.last.addr())
	}
	if sp.first == inner.first && sp.last == inner.last && sp.mark != inner.mark {
		return fmt.Errorf("range %s-%s is placed twice, in different places", sp.first.addr(), sp.last.addr())
	}
	return nil
}

// set makes m hold from at on, which is not before the last step.
func (s *steps) set(at point, m mark) {
	n := len(*s)
	if n > 0 && (*s)[n-1].at == at {
		n--
		*s = (*s)[:n]
	}
	var before mark
	if n > 0 {
		before = (*s)[n-1].mark
	}
	if m != before {
		*s = append(*s, step{at, m})
	}
}
