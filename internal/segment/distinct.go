package segment

import (
	"hash/maphash"
	"math/bits"
)

// distinct numbers different values in the order of their first coming, as a dictionary
// does. Its table is open-addressed: a look-up costs a hash and mostly one comparison.
// Hashes are seeded by chance, so that nobody can choose values that collide; the numbers
// do not depend on them.
type distinct[V comparable] struct {
	hash   func(V) uint64
	values []V
	slots  []int32 // number of a value plus 1, 0 where free; their number is a power of two
}

const firstSlots = 1 << 6

// number returns the number of v, which it learns where it is new.
func (d *distinct[V]) number(v V) int32 {
	if 2*len(d.values) >= len(d.slots) {
		d.grow()
	}
	mask := uint64(len(d.slots) - 1)
	for at := d.hash(v) & mask; ; at = (at + 1) & mask {
		n := d.slots[at]
		if n == 0 {
			d.values = append(d.values, v)
			d.slots[at] = int32(len(d.values))
			return int32(len(d.values)) - 1
		}
		if d.values[n-1] == v {
			return n - 1
		}
	}
}

func (d *distinct[V]) grow() {
	d.slots = make([]int32, max(2*len(d.slots), firstSlots))
	mask := uint64(len(d.slots) - 1)
	for i, v := range d.values {
		at := d.hash(v) & mask
		for d.slots[at] != 0 {
			at = (at + 1) & mask
		}
		d.slots[at] = int32(i) + 1
	}
}

// reset forgets all values.
func (d *distinct[V]) reset() {
	clear(d.values)
	clear(d.slots)
	d.values = d.values[:0]
}

func newTexts() distinct[string] {
	seed := maphash.MakeSeed()
	return distinct[string]{hash: func(s string) uint64 { return maphash.String(seed, s) }}
}

// newNumbers hashes by a folded product, as wyhash does: maphash would take longer than
// all else together.
func newNumbers() distinct[uint64] {
	seed := maphash.MakeSeed()
	a, b := maphash.String(seed, "a"), maphash.String(seed, "b")|1
	return distinct[uint64]{hash: func(n uint64) uint64 {
		hi, lo := bits.Mul64(n^a, b)
		return hi ^ lo
	}}
}
