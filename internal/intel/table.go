package intel

import (
	"hash/maphash"
	"math/bits"
	"strings"
)

// table finds indicators by their text: names, paths, or host and path of a URL. A
// blocked Bloom filter answers most questions for what is not in it with one memory
// access. Hashes are seeded at random, so that no feed can choose collisions; no result
// depends on them.
type table struct {
	list   []*Indicator
	seed   maphash.Seed
	filter []uint64
	slots  []uint32 // open addressing: key + 1, 0 empty
	groups groups
	depth  int // most "/" in a key, for paths
}

func newTable(list []*Indicator, refs []uint32, seed maphash.Seed) *table {
	size := 1 << bits.Len(uint(len(refs)+len(refs)/3))
	words := 1 << bits.Len(uint(len(refs)/bloomKeys))
	t := &table{list: list, seed: seed, slots: make([]uint32, size), filter: make([]uint64, words)}
	keys := make([]uint32, len(refs))
	var first []uint32 // indicator that spells the key
	for n, r := range refs {
		host, path := list[r].key()
		h := t.hash(host, path)
		slot := h & uint64(size-1)
		for t.slots[slot] != 0 && !list[first[t.slots[slot]-1]].sameKey(list[r]) {
			slot = (slot + 1) & uint64(size-1)
		}
		if t.slots[slot] == 0 {
			first = append(first, r)
			t.slots[slot] = uint32(len(first))
			t.filter[t.block(h)] |= bloomBits(h)
			t.depth = max(t.depth, strings.Count(list[r].Value, "/"))
		}
		keys[n] = t.slots[slot] - 1
	}
	t.groups = group(refs, keys, len(first))
	return t
}

// key returns the parts that a value is found by: host and path of a URL, else the
// value and "".
func (i *Indicator) key() (host, path string) {
	if i.Kind != KindURL {
		return i.Value, ""
	}
	n := strings.IndexByte(i.Value, '/')
	return strings.Trim(i.Value[:n], "[]"), i.Value[n:]
}

func (i *Indicator) sameKey(j *Indicator) bool { return i.Value == j.Value }

func (t *table) hash(host, path string) uint64 {
	return mix(maphash.String(t.seed, host), t.pathHash(path))
}

func (t *table) pathHash(path string) uint64 {
	if path == "" {
		return 0
	}
	return maphash.String(t.seed, path)
}

func mix(a, b uint64) uint64 { return a ^ b*0x9e3779b97f4a7c15 }

// bloomKeys is the most keys a filter word is for: at 6 of 64 bits a key, fewer than one
// in 50 names that are not listed pass.
const bloomKeys = 6

// block returns the filter word of h; bloomBits three bits of it. They use other bits
// of h than the slot does.
func (t *table) block(h uint64) uint64 { return h >> 20 & uint64(len(t.filter)-1) }

func bloomBits(h uint64) uint64 { return 1<<(h>>46&63) | 1<<(h>>52&63) | 1<<(h>>58) }

// find returns the indicators whose key is host and path, nil for none.
func (t *table) find(host, path []byte) []uint32 {
	h := maphash.Bytes(t.seed, host)
	if len(path) > 0 {
		h = mix(h, maphash.Bytes(t.seed, path))
	}
	want := bloomBits(h)
	if t.filter[t.block(h)]&want != want {
		return nil
	}
	return t.probe(h, host, path)
}

func (t *table) probe(h uint64, host, path []byte) []uint32 {
	mask := uint64(len(t.slots) - 1)
	for slot := h & mask; t.slots[slot] != 0; slot = (slot + 1) & mask {
		refs := t.groups.of(t.slots[slot] - 1)
		if a, b := t.list[refs[0]].key(); a == string(host) && b == string(path) {
			return refs
		}
	}
	return nil
}
