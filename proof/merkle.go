// Package proof knows the byte protocol by which figures are committed to and checked
// (doc/proof/spec.md): salted row leaves, Merkle trees over them and the manifest of a
// segment. It must never know files, the network, a clock, or how a figure was counted.
package proof

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"
)

// Hash is a SHA-256 hash in a Merkle tree.
type Hash = [sha256.Size]byte

// LeafHash returns the leaf hash of data (RFC 6962, 2.1).
func LeafHash(data []byte) Hash {
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(data)
	return Hash(h.Sum(nil))
}

// NodeHash returns the hash of the node above two others (RFC 6962, 2.1).
func NodeHash(left, right *Hash) Hash {
	const length = 1 + 2*sha256.Size
	var b [2 * sha256.BlockSize]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[1+sha256.Size:], right[:])
	b[length] = 0x80 // FIPS 180-4, 5.1.1
	binary.BigEndian.PutUint16(b[len(b)-2:], 8*length)
	return sumPadded(b[:])
}

// RowTree computes the root of a growing list of leaves (RFC 6962, 2.1) in memory that
// does not grow with it. The zero RowTree is empty.
type RowTree struct {
	n uint64
	// full[k] is the root of the complete subtree of 2^k leaves that bit k of n
	// stands for; entries of other bits are stale.
	full [64]Hash
}

// Append adds a leaf hash.
func (t *RowTree) Append(leaf Hash) {
	k := 0
	for ; t.n>>k&1 == 1; k++ {
		leaf = NodeHash(&t.full[k], &leaf)
	}
	t.full[k] = leaf
	t.n++
}

// Len returns the number of leaves.
func (t *RowTree) Len() uint64 { return t.n }

// Root returns the root over the leaves so far; that of no leaves is the SHA-256 of
// nothing. A segment has at least one.
func (t *RowTree) Root() Hash {
	if t.n == 0 {
		return sha256.Sum256(nil)
	}
	k := bits.TrailingZeros64(t.n)
	root := t.full[k]
	for k++; t.n>>k != 0; k++ {
		if t.n>>k&1 == 1 {
			root = NodeHash(&t.full[k], &root)
		}
	}
	return root
}

// maxRowPath is the longest path in a tree of rows (protocol 3.0).
const maxRowPath = 64

// ErrRowPath means that a path does not lead from the leaf to the root.
var ErrRowPath = errors.New("row path does not lead to the root")

// RowPath returns the inclusion path of leaf i: the siblings from the leaf up (RFC
// 6962, 2.1.1). It hashes all leaves and keeps a copy of them.
func RowPath(leaves []Hash, i uint64) ([]Hash, error) {
	paths, err := RowPaths(leaves, []uint64{i})
	if err != nil {
		return nil, err
	}
	return paths[0], nil
}

// RowPaths returns the path of each of several leaves, and hashes all leaves once.
func RowPaths(leaves []Hash, rows []uint64) ([][]Hash, error) {
	at := slices.Clone(rows)
	for _, i := range at {
		if i >= uint64(len(leaves)) {
			return nil, fmt.Errorf("path of row %d of %d", i, len(leaves))
		}
	}
	paths := make([][]Hash, len(at))
	level := slices.Clone(leaves)
	for len(level) > 1 {
		for j := range at {
			if sibling := at[j] ^ 1; sibling < uint64(len(level)) {
				paths[j] = append(paths[j], level[sibling])
			}
			at[j] /= 2
		}
		level = pairUp(level)
	}
	return paths, nil
}

// pairUp replaces a level by the one above it; a last node without sibling moves up.
func pairUp(level []Hash) []Hash {
	n := len(level) / 2
	for j := range n {
		level[j] = NodeHash(&level[2*j], &level[2*j+1])
	}
	if len(level)%2 == 1 {
		level[n] = level[len(level)-1]
		n++
	}
	return level[:n]
}

// CheckRowPath checks that leaf stands at place i, counted from 0, in the tree of n
// leaves with the root (RFC 9162, 2.1.3.2). It fails with ErrRowPath.
func CheckRowPath(root Hash, n, i uint64, leaf Hash, path []Hash) error {
	if i >= n || len(path) > maxRowPath {
		return ErrRowPath
	}
	last := n - 1
	for j := range path {
		if last == 0 {
			return ErrRowPath
		}
		for i == last && i&1 == 0 { // no sibling on this level
			i, last = i>>1, last>>1
		}
		if i&1 == 1 {
			leaf = NodeHash(&path[j], &leaf)
		} else {
			leaf = NodeHash(&leaf, &path[j])
		}
		i, last = i>>1, last>>1
	}
	if last != 0 || leaf != root {
		return ErrRowPath
	}
	return nil
}
