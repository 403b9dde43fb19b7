package verify

import (
	"math/bits"
	"slices"
)

// bitmap is a set of members by their numbers, which are dense.
type bitmap []uint64

func (b *bitmap) add(n uint32) {
	if i := int(n >> 6); i >= len(*b) {
		*b = append(*b, make([]uint64, max(i+1, i*5/4)-len(*b))...)
	}
	(*b)[n>>6] |= 1 << (n & 63)
}

func (b bitmap) has(n uint32) bool {
	i := int(n >> 6)
	return i < len(b) && b[i]>>(n&63)&1 != 0
}

// split counts the members that are not in inside, and those that are.
func (b bitmap) split(inside bitmap) cell {
	var c cell
	for i, word := range b {
		all, in := bits.OnesCount64(word), 0
		if i < len(inside) {
			in = bits.OnesCount64(word & inside[i])
		}
		c.Value += uint64(all - in)
		c.Internal += uint64(in)
	}
	return c
}

// pairs is a set of pairs of numbers, group and member. It is a list that is sorted, and
// freed of repeats, whenever it has doubled.
type pairs struct {
	list []uint64
	next int // length at which it is sorted
}

const leastPairs = 1 << 10

func (p *pairs) add(group, member uint32) {
	p.list = append(p.list, uint64(group)<<32|uint64(member))
	if len(p.list) >= max(p.next, leastPairs) {
		p.sorted()
		p.next = 2 * len(p.list)
	}
}

// sorted returns every pair once, in order.
func (p *pairs) sorted() []uint64 {
	slices.Sort(p.list)
	p.list = slices.Compact(p.list)
	return p.list
}
