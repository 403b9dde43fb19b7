package count

import "slices"

// batch holds keys of many small groups, to be thinned a group at a time: one group's keys
// fit a table in the processor's nearest cache, where those of all groups by turns would
// wait for memory. It is for keys of one word.
type batch struct {
	keys    []uint64
	ordered []uint64
	starts  []uint32 // by group: where its keys begin in ordered
	groups  []uint32 // those with keys
	small   *set
}

// batchKeys is how many keys a batch takes: 16 bytes each, with the copy.
const batchKeys = 4 << 20

func newBatch() *batch { return &batch{small: newSet(false, false)} }

// put adds a key, and reports whether the batch is full.
func (b *batch) put(a uint64) bool {
	b.keys = append(b.keys, a)
	return len(b.keys) >= batchKeys
}

// thin empties the batch, calling add with each distinct key once.
func (b *batch) thin(add func(key)) {
	b.order()
	for i, g := range b.groups {
		end := uint32(len(b.ordered))
		if i+1 < len(b.groups) {
			end = b.starts[b.groups[i+1]]
		}
		for _, a := range b.ordered[b.starts[g]:end] {
			if b.small.add(key{a: a}, 0) {
				add(key{a: a})
			}
		}
		b.small.clear()
	}
	b.keys = b.keys[:0]
}

// order puts the keys of each group together: a counting sort, which moves whole runs
// because segments are sorted by pair.
func (b *batch) order() {
	most := uint32(0)
	for _, a := range b.keys {
		most = max(most, group(a))
	}
	b.starts = slices.Grow(b.starts[:0], int(most)+1)[:most+1]
	clear(b.starts)
	for _, a := range b.keys {
		b.starts[group(a)]++
	}
	b.groups = b.groups[:0]
	sum := uint32(0)
	for g, n := range b.starts {
		if n > 0 {
			b.groups = append(b.groups, uint32(g))
		}
		b.starts[g] = sum
		sum += n
	}
	b.ordered = slices.Grow(b.ordered[:0], len(b.keys))[:len(b.keys)]
	next := slices.Clone(b.starts)
	for _, a := range b.keys {
		g := group(a)
		b.ordered[next[g]] = a
		next[g]++
	}
}

// group returns the group of a key's first word.
func group(a uint64) uint32 { return uint32(a>>groupShift) - 1 }
