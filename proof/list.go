package proof

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"sync"

	ts "github.com/tallystick/tallystick"
)

// listBlock is how many bytes of tags are held at a time.
const listBlock = 32 << 15

// CheckTags checks the published tags of a figure in list mode: as many as it says, each a
// point, none twice, and under its root. It reads size bytes in blocks and keeps none of
// them: memory does not grow with the list.
func (s *Statement) CheckTags(file io.Reader, size int64) error {
	if s.Tags == nil {
		return errors.New("the figure publishes no tags")
	}
	if uint64(size) != 32*s.N {
		return fmt.Errorf("tags.bin of %d bytes: N = %d tags are %d", size, s.N, 32*s.N)
	}
	digest, root, err := readTags(file, size)
	switch {
	case digest != *s.Tags && (err == nil || errors.Is(err, ErrPoint) || errors.Is(err, ErrTags)):
		return errors.New("tags.bin is not the file of the statement")
	case err != nil:
		return err
	case root != s.Root:
		return errors.New("tags.bin is not under the root of the statement")
	}
	return nil
}

// readTags checks that a list is of points, strictly ascending, and returns its digest and
// the root over it. What is none is an error with its digest all the same: a file that is
// another need not be looked at.
func readTags(file io.Reader, size int64) (digest ts.Digest, root Hash, failed error) {
	whole, trie, block := sha256.New(), growingTrie{}, make([]byte, min(size, listBlock))
	for at := int64(0); at < size; at += int64(len(block)) {
		block = block[:min(size-at, listBlock)]
		if _, err := io.ReadFull(file, block); err != nil {
			return digest, root, err
		}
		whole.Write(block)
		if failed == nil {
			failed = trie.addPoints(block)
		}
	}
	return ts.Digest(whole.Sum(nil)), trie.root(), failed
}

// addPoints adds tags that are points. While the processors check that, they are hashed.
func (t *growingTrie) addPoints(block []byte) error {
	var hashing sync.WaitGroup
	var order error
	from := t.n
	hashing.Go(func() { order = t.addAll(block) })
	bad := firstBad(block)
	hashing.Wait()
	if bad >= 0 {
		return fmt.Errorf("tag %d: %w", from+uint64(bad), ErrPoint)
	}
	return order
}

// firstBad returns the number of the first 32 bytes that are no point, -1 where all are. It
// works on all processors: some 4 microseconds each on one.
func firstBad(points []byte) int {
	first := -1
	var found sync.Mutex
	inShares(len(points)/32, func(from, to int) {
		for i := from; i < to; i++ {
			if _, err := Point(points[32*i : 32*i+32]).element(); err != nil {
				found.Lock()
				if first < 0 || i < first {
					first = i
				}
				found.Unlock()
				return
			}
		}
	})
	return first
}

// parsePoints reads points of 32 bytes each. It names the first that is none.
func parsePoints(file []byte) ([]Point, error) {
	if i := firstBad(file); i >= 0 {
		return nil, fmt.Errorf("point %d: %w", i, ErrPoint)
	}
	return knownPoints(file), nil
}

// knownPoints reads points that were checked.
func knownPoints(file []byte) []Point {
	points := make([]Point, len(file)/32)
	for i := range points {
		points[i] = Point(file[32*i : 32*i+32])
	}
	return points
}

// growingTrie computes TrieRoot of tags as they come, in memory that does not grow.
type growingTrie struct {
	n     uint64
	last  Point
	node  Sibling    // of the last tags: those that no node of left holds
	depth int        // at which node stands, where it has more than one
	left  []leftNode // nodes left of the way from the root to the last tag, downwards
}

// leftNode is the left child of the node at a depth.
type leftNode struct {
	depth int
	node  Sibling
}

func (t *growingTrie) addAll(tags []byte) error {
	for ; len(tags) > 0; tags = tags[32:] {
		if err := t.add(Point(tags[:32])); err != nil {
			return err
		}
	}
	return nil
}

// add fails with ErrTags where a tag is not behind the last.
func (t *growingTrie) add(tag Point) error {
	if t.n > 0 {
		d := 0
		for d < 256 && bit(&t.last, d) == bit(&tag, d) {
			d++
		}
		if d == 256 || bit(&tag, d) == 0 {
			return fmt.Errorf("tag %d: %w", t.n, ErrTags)
		}
		t.fold(d + 1)
		t.left = append(t.left, leftNode{d, t.node})
	}
	t.n, t.last, t.node = t.n+1, tag, leafNode(tag)
	return nil
}

// fold makes node that of all tags that share the last one's bits before the depth.
func (t *growingTrie) fold(depth int) {
	for len(t.left) > 0 && t.left[len(t.left)-1].depth >= depth {
		l := t.left[len(t.left)-1]
		t.left = t.left[:len(t.left)-1]
		t.raise(l.depth + 1)
		t.node, t.depth = innerNode(l.depth, l.node, t.node), l.depth
	}
	t.raise(depth)
}

// raise puts node at the depth, above which nothing stands beside it; a single tag is its
// leaf wherever it stands.
func (t *growingTrie) raise(depth int) {
	for ; t.node.Count > 1 && t.depth > depth; t.depth-- {
		if bit(&t.last, t.depth-1) == 1 {
			t.node = innerNode(t.depth-1, Sibling{}, t.node)
		} else {
			t.node = innerNode(t.depth-1, t.node, Sibling{})
		}
	}
}

func (t *growingTrie) root() Hash {
	t.fold(0)
	return rootHash(t.n, t.node.Hash)
}
