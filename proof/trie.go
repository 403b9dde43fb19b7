package proof

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sort"
)

// The tags of a figure stand in a binary trie over their bits, whose nodes carry counts
// (protocol 3.2): a place for each tag, one tag a place, and the sum is the figure.

const (
	leafTag = "tally-leaf/v1\x00"
	nodeTag = "tally-node/v1\x00"
	rootTag = "tally-root/v1\x00"
)

// maxTriePath is the longest path: a tag has 256 bits.
const maxTriePath = 256

// Sibling is one node beside a path.
type Sibling struct {
	Count uint64
	Hash  Hash
}

var (
	// ErrTags means that tags are not strictly ascending.
	ErrTags = errors.New("tags are not strictly ascending")
	// ErrTriePath means that a path does not lead from a tag to the root.
	ErrTriePath = errors.New("path does not lead from the tag to the root")
)

// SortTags orders tags as the trie does, which is by their bytes.
func SortTags(tags []Point) {
	slices.SortFunc(tags, func(a, b Point) int { return bytes.Compare(a[:], b[:]) })
}

// CheckTags fails with ErrTags unless tags are strictly ascending: then each occurs once.
func CheckTags(tags []Point) error {
	for i := 1; i < len(tags); i++ {
		if bytes.Compare(tags[i-1][:], tags[i][:]) >= 0 {
			return fmt.Errorf("tag %d: %w", i, ErrTags)
		}
	}
	return nil
}

// TrieRoot returns the commitment to strictly ascending tags.
func TrieRoot(tags []Point) Hash {
	top := trieNode(tags, 0)
	return rootHash(top.Count, top.Hash)
}

func rootHash(n uint64, top Hash) Hash {
	b := binary.BigEndian.AppendUint64([]byte(rootTag), n)
	return sha256.Sum256(append(b, top[:]...))
}

func trieNode(tags []Point, depth int) Sibling {
	switch len(tags) {
	case 0:
		return Sibling{}
	case 1:
		return leafNode(tags[0])
	}
	cut := ones(tags, depth)
	return innerNode(depth, trieNode(tags[:cut], depth+1), trieNode(tags[cut:], depth+1))
}

func leafNode(t Point) Sibling {
	var b [len(leafTag) + len(t)]byte
	copy(b[:], leafTag)
	copy(b[len(leafTag):], t[:])
	return Sibling{1, sha256.Sum256(b[:])}
}

func innerNode(depth int, left, right Sibling) Sibling {
	b := make([]byte, 0, len(nodeTag)+2+2*(8+sha256.Size))
	b = append(append(b, nodeTag...), byte(depth), 0)
	for _, child := range []*Sibling{&left, &right} {
		b = append(binary.BigEndian.AppendUint64(b, child.Count), child.Hash[:]...)
	}
	return Sibling{left.Count + right.Count, sha256.Sum256(b)}
}

// ones returns where the tags begin whose bit at the depth is set; all tags share the bits
// before it.
func ones(tags []Point, depth int) int {
	return sort.Search(len(tags), func(i int) bool { return bit(&tags[i], depth) == 1 })
}

func bit(t *Point, depth int) byte { return t[depth/8] >> (7 - depth%8) & 1 }

// TriePath returns the siblings of tag number i from the leaf up. It hashes every tag.
func TriePath(tags []Point, i int) []Sibling { return TriePaths(tags, []uint64{uint64(i)})[0] }

// TriePaths returns the path of each position, in their order, and hashes every tag once.
// Positions are below the number of tags.
func TriePaths(tags []Point, positions []uint64) [][]Sibling {
	w := pathWalk{make([][]Sibling, len(positions)), positions}
	all := make([]int, len(positions))
	for i := range all {
		all[i] = i
	}
	slices.SortFunc(all, func(a, b int) int { return cmp.Compare(positions[a], positions[b]) })
	w.node(tags, 0, 0, all)
	return w.paths
}

// pathWalk collects the siblings of several positions on one walk of the trie.
type pathWalk struct {
	paths     [][]Sibling
	positions []uint64
}

// node is trieNode of the tags, the first of which stands at position from; asked are the
// indexes of the positions among them, by position.
func (w *pathWalk) node(tags []Point, from uint64, depth int, asked []int) Sibling {
	if len(tags) <= 1 || len(asked) == 0 {
		return trieNode(tags, depth)
	}
	cut := ones(tags, depth)
	middle := from + uint64(cut)
	split := sort.Search(len(asked), func(i int) bool { return w.positions[asked[i]] >= middle })
	left := w.node(tags[:cut], from, depth+1, asked[:split])
	right := w.node(tags[cut:], middle, depth+1, asked[split:])
	for i, a := range asked {
		if i < split {
			w.paths[a] = append(w.paths[a], right)
		} else {
			w.paths[a] = append(w.paths[a], left)
		}
	}
	return innerNode(depth, left, right)
}

// CheckTriePath returns the position of a tag in the trie of n tags with the root. It fails
// with ErrTriePath; no two tags have one position, and no tag has two.
func CheckTriePath(root Hash, n uint64, tag Point, path []Sibling) (position uint64, err error) {
	if len(path) > 0 && path[0].Count == 0 {
		return 0, ErrTriePath // a set of one is its leaf: nothing stands beside it
	}
	return climb(root, n, &tag, leafNode(tag), path)
}

// climb goes from a node, which the bits of tag lead to, up to the root. It returns how
// many tags stand left of it.
func climb(root Hash, n uint64, tag *Point, from Sibling, path []Sibling) (left uint64, err error) {
	if len(path) > maxTriePath {
		return 0, ErrTriePath
	}
	for j, sibling := range path {
		if (sibling.Count == 0) != (sibling.Hash == Hash{}) || sibling.Count > n || from.Count > n-sibling.Count {
			return 0, ErrTriePath
		}
		depth := len(path) - 1 - j
		if bit(tag, depth) == 1 {
			left += sibling.Count
			from = innerNode(depth, sibling, from)
		} else {
			from = innerNode(depth, from, sibling)
		}
	}
	if from.Count != n || rootHash(n, from.Hash) != root {
		return 0, ErrTriePath
	}
	return left, nil
}

// Absence shows that a tag is not in a trie: its bits lead to an empty place, or to the
// leaf of another tag.
type Absence struct {
	Other *Point // nil: an empty place
	Path  []Sibling
}

// TrieAbsence returns the absence of a tag that is not among tags.
func TrieAbsence(tags []Point, tag Point) (Absence, error) {
	var path []Sibling
	for depth := 0; len(tags) > 1; depth++ {
		cut := ones(tags, depth)
		if bit(&tag, depth) == 0 {
			path = append(path, trieNode(tags[cut:], depth+1))
			tags = tags[:cut]
		} else {
			path = append(path, trieNode(tags[:cut], depth+1))
			tags = tags[cut:]
		}
	}
	slices.Reverse(path)
	if len(tags) == 0 {
		return Absence{Path: path}, nil
	}
	if tags[0] == tag {
		return Absence{}, errors.New("the tag is among the tags")
	}
	return Absence{Other: &tags[0], Path: path}, nil
}

// CheckAbsence checks that tag is not in the trie of n tags with the root. It fails with
// ErrTriePath.
func CheckAbsence(root Hash, n uint64, tag Point, a Absence) error {
	var node Sibling
	if a.Other != nil {
		if *a.Other == tag || len(a.Path) > 0 && a.Path[0].Count == 0 {
			return ErrTriePath
		}
		for depth := range a.Path {
			if depth >= maxTriePath || bit(a.Other, depth) != bit(&tag, depth) {
				return ErrTriePath
			}
		}
		node = leafNode(*a.Other)
	} else if len(a.Path) > 0 && a.Path[0].Count < 2 {
		return ErrTriePath // beside a set of one there is no empty place: it would be the leaf itself
	}
	_, err := climb(root, n, &tag, node, a.Path)
	return err
}
