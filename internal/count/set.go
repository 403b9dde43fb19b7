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

// set holds distinct keys, and the first and last day of each where the query has use of
// them. It is divided into shards by the hash of the keys, each of which grows by itself.
type set struct {
	shards    [shards]table
	n         int
	size      int64 // bytes
	two, days bool
}

// shards is a power of two: so many that one fits the processor's cache when the set does
// not.
const shards = 1 << shardBits

const shardBits = 8

// table is one shard: open addressing, linear probing. Its b, first and last are nil where
// the set has no use of them.
type table struct {
	a, b        []uint64
	first, last []int32
	n           int
}

// leastTable is the slots of a table with a key.
const leastTable = 1 << 4

func newSet(two, days bool) *set { return &set{two: two, days: days} }

// bytes is the memory of the tables.
func (s *set) bytes() int64 { return s.size }

// clear empties the set and keeps its tables.
func (s *set) clear() {
	for i := range s.shards {
		clear(s.shards[i].a)
		s.shards[i].n = 0
	}
	s.n = 0
}

// hash spreads a key over 64 bits: the first tell its shard, those behind them its slot,
// the last its part.
func hash(k key) uint64 {
	h := (k.a ^ bits.RotateLeft64(k.b*0x9e3779b97f4a7c15, 32)) * 0xff51afd7ed558ccd
	h = (h ^ h>>32) * 0x9e3779b97f4a7c15
	return h ^ h>>29
}

func shardOf(h uint64) int { return int(h >> (64 - shardBits)) }

// add puts k into the set, seen on a day, and reports whether it was not there.
func (s *set) add(k key, day int32) bool {
	h := hash(k)
	t := &s.shards[shardOf(h)]
	if 8*t.n >= 5*len(t.a) {
		s.grow(t)
	}
	i, found := t.find(k, h)
	if found {
		if s.days {
			t.first[i], t.last[i] = min(t.first[i], day), max(t.last[i], day)
		}
		return false
	}
	t.put(i, k, day, day)
	t.n++
	s.n++
	return true
}

// find returns the slot of k, or the empty one where it belongs.
func (t *table) find(k key, h uint64) (slot int, found bool) {
	mask := len(t.a) - 1
	i := int(h>>(64-shardBits-32)) & mask
	for t.a[i] != 0 {
		if t.a[i] == k.a && (t.b == nil || t.b[i] == k.b) {
			return i, true
		}
		i = (i + 1) & mask
	}
	return i, false
}

func (t *table) put(i int, k key, first, last int32) {
	t.a[i] = k.a
	if t.b != nil {
		t.b[i] = k.b
	}
	if t.first != nil {
		t.first[i], t.last[i] = first, last
	}
}

// grow doubles a table.
func (s *set) grow(t *table) {
	old := *t
	size := max(leastTable, 2*len(old.a))
	t.a = make([]uint64, size)
	if s.two {
		t.b = make([]uint64, size)
	}
	if s.days {
		t.first, t.last = make([]int32, size), make([]int32, size)
	}
	s.size += t.bytes() - old.bytes()
	old.each(func(k key, first, last int32) {
		i, _ := t.find(k, hash(k))
		t.put(i, k, first, last)
	})
}

func (t *table) bytes() int64 { return 8 * int64(len(t.a)+len(t.b)+len(t.first)) }

func (t *table) each(f func(k key, first, last int32)) {
	for i, a := range t.a {
		if a == 0 {
			continue
		}
		k, first, last := key{a: a}, int32(0), int32(0)
		if t.b != nil {
			k.b = t.b[i]
		}
		if t.first != nil {
			first, last = t.first[i], t.last[i]
		}
		f(k, first, last)
	}
}

// each calls f with every key of the set.
func (s *set) each(f func(k key, first, last int32)) {
	for i := range s.shards {
		s.shards[i].each(f)
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
