package count

import "math/bits"

// key is one member of one group, exactly.
//
//	a  group+1 <<34 | kind <<32 | IPv4 address, or ordinal; never 0
//	b  what else makes the member: path of a page, host and slot of a contact, target and
//	   slot of an attack; 0 where a is all
type key struct{ a, b uint64 }

// The kinds of the first part of a member.
const (
	kindIPv4     = 0 // the address itself
	kindOther    = 1 // ordinal of a public IPv6 address or of a name
	kindInternal = 2 // ordinal of a sensor and address
	kindSite     = 3 // ordinal of a name, where kindOther is an address
)

const (
	kindShift  = 32
	groupShift = 34
	maxGroups  = 1<<(64-groupShift) - 2
)

func (k key) internal() bool { return k.a>>kindShift&3 == kindInternal }

// set is a table of keys with open addressing. Its b, first and last are nil where the
// query has no use of them.
type set struct {
	a, b        []uint64
	first, last []int32
	n           int
	shift       uint
	two, days   bool
}

const leastSet = 1 << 7

func newSet(two, days bool) *set {
	s := &set{two: two, days: days}
	s.alloc(leastSet)
	return s
}

func (s *set) alloc(size int) {
	s.a, s.n = make([]uint64, size), 0
	s.shift = uint(64 - bits.Len(uint(size-1)))
	if s.two {
		s.b = make([]uint64, size)
	}
	if s.days {
		s.first, s.last = make([]int32, size), make([]int32, size)
	}
}

// bytes is the memory of the table.
func (s *set) bytes() int64 {
	return 8 * int64(len(s.a)+len(s.b)+len(s.first))
}

// clear empties the table, giving back what a large group took.
func (s *set) clear() {
	if len(s.a) > 512*leastSet && s.n < len(s.a)/16 {
		s.alloc(leastSet)
		return
	}
	clear(s.a)
	s.n = 0
}

// hash spreads keys over all its bits: the first tell the slot of a key, the last its part.
func hash(k key) uint64 {
	h := (k.a ^ bits.RotateLeft64(k.b*0x9e3779b97f4a7c15, 32)) * 0xff51afd7ed558ccd
	return (h ^ h>>32) * 0x9e3779b97f4a7c15
}

// add puts k into the set, seen on a day, and reports whether it was not there.
func (s *set) add(k key, day int32) bool {
	mask := len(s.a) - 1
	i := int(hash(k) >> s.shift)
	for s.a[i] != 0 {
		if s.a[i] == k.a && (!s.two || s.b[i] == k.b) {
			if s.days {
				s.first[i], s.last[i] = min(s.first[i], day), max(s.last[i], day)
			}
			return false
		}
		i = (i + 1) & mask
	}
	s.put(i, k, day, day)
	if s.n++; 8*s.n > 5*len(s.a) {
		s.grow()
	}
	return true
}

func (s *set) put(i int, k key, first, last int32) {
	s.a[i] = k.a
	if s.two {
		s.b[i] = k.b
	}
	if s.days {
		s.first[i], s.last[i] = first, last
	}
}

func (s *set) grow() {
	old, n := *s, s.n
	s.alloc(2 * len(s.a))
	s.n = n
	mask := len(s.a) - 1
	old.each(func(k key, first, last int32) {
		i := int(hash(k) >> s.shift)
		for s.a[i] != 0 {
			i = (i + 1) & mask
		}
		s.put(i, k, first, last)
	})
}

// each calls f with every key of the set.
func (s *set) each(f func(k key, first, last int32)) {
	for i, a := range s.a {
		if a == 0 {
			continue
		}
		k, first, last := key{a: a}, int32(0), int32(0)
		if s.two {
			k.b = s.b[i]
		}
		if s.days {
			first, last = s.first[i], s.last[i]
		}
		f(k, first, last)
	}
}

// union adds every key of t, and calls fresh with those that were not there.
func (s *set) union(t *set, fresh func(key)) {
	t.each(func(k key, first, last int32) {
		if s.add(k, first) {
			fresh(k)
		}
		if s.days {
			s.add(k, last)
		}
	})
}
