package count

import "slices"

// batch holds keys on their way into a set and puts together those of one shard, which
// then lies in the processor's cache, where keys as they come would each wait for memory.
// It is for keys of one word.
type batch struct {
	keys    []uint64
	ordered []uint64
}

// batchKeys is how many keys a batch takes, at 16 bytes each with their copy.
const batchKeys = 1 << 18

// put adds a key, and reports whether the batch is full.
func (b *batch) put(a uint64) bool {
	if len(b.keys) == cap(b.keys) {
		b.keys = slices.Grow(b.keys, max(1<<12, len(b.keys)))
	}
	b.keys = append(b.keys, a)
	return len(b.keys) >= batchKeys
}

// empty calls add with every key.
func (b *batch) empty(add func(key)) {
	b.order()
	for _, a := range b.ordered {
		add(key{a: a})
	}
	b.keys = b.keys[:0]
}

// order sorts the keys by shard, by counting.
func (b *batch) order() {
	var next [shards]int
	for _, a := range b.keys {
		next[shardOf(hash(key{a: a}))]++
	}
	sum := 0
	for i, n := range next {
		next[i] = sum
		sum += n
	}
	b.ordered = slices.Grow(b.ordered[:0], len(b.keys))[:len(b.keys)]
	for _, a := range b.keys {
		i := shardOf(hash(key{a: a}))
		b.ordered[next[i]] = a
		next[i]++
	}
}
