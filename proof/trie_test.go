package proof

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
)

// counted returns n sorted tags: hashes of the numbers 0 to n-1 (protocol 6). They need
// be no points.
func counted(n int) []Point {
	tags := make([]Point, n)
	for i := range tags {
		tags[i] = sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(i)))
	}
	SortTags(tags)
	return tags
}

// TestTrieRoot: the vectors of the protocol, section 6.
func TestTrieRoot(t *testing.T) {
	for n, want := range map[int]string{
		0:    "4cfb513f9f96951cb1d969f8ff2bef8b39c465c8f3770cefad3690a7e6fa9871",
		1:    "7fe6feff5172731ee2129d3e972e52350c40cea6b8c931daf64d9c3d7463bc71",
		2:    "7c25949074f449d371cc0a13c59ce776d521f5845cfd8bb26c614e877d402c9a",
		3:    "21351df240b2d3595f1a2f195864566953874bdbae25abc5b683271a3d6126de",
		1000: "54d6c971964fc93c629e780c98fb5c917224930cb8b99d3c92325357dd7f56f1",
	} {
		if got := TrieRoot(counted(n)); hex.EncodeToString(got[:]) != want {
			t.Errorf("root of %d tags: %x, want %s", n, got, want)
		}
	}
}

// TestTriePath: each tag has its position, and a path changed anywhere has none.
func TestTriePath(t *testing.T) {
	for _, n := range []int{1, 2, 3, 17, 64, 1000} {
		tags := counted(n)
		root := TrieRoot(tags)
		for i := range tags {
			path := TriePath(tags, i)
			got, err := CheckTriePath(root, uint64(n), tags[i], path)
			if err != nil || got != uint64(i) {
				t.Fatalf("tag %d of %d: position %d, %v", i, n, got, err)
			}
			if i%97 == 0 {
				refusedPaths(t, root, uint64(n), tags[i], path)
			}
		}
	}
}

// TestTriePaths: many paths at once are those of one at a time, made plainly.
func TestTriePaths(t *testing.T) {
	tags := counted(300)
	at := []uint64{299, 0, 17, 17, 150, 298}
	for i, path := range TriePaths(tags, at) {
		if want := plainTriePath(tags, int(at[i])); !slices.Equal(path, want) {
			t.Errorf("path of tag %d has %d siblings, want %d", at[i], len(path), len(want))
		}
	}
	if paths := TriePaths(nil, nil); len(paths) != 0 {
		t.Errorf("%d paths in an empty trie", len(paths))
	}
}

// plainTriePath goes down to one tag and hashes what stands beside the way.
func plainTriePath(tags []Point, i int) []Sibling {
	var path []Sibling
	for depth := 0; len(tags) > 1; depth++ {
		cut := ones(tags, depth)
		if i < cut {
			path = append(path, trieNode(tags[cut:], depth+1))
			tags = tags[:cut]
		} else {
			path = append(path, trieNode(tags[:cut], depth+1))
			tags, i = tags[cut:], i-cut
		}
	}
	slices.Reverse(path)
	return path
}

func refusedPaths(t *testing.T, root Hash, n uint64, tag Point, path []Sibling) {
	t.Helper()
	refuse := func(what string, n uint64, tag Point, path []Sibling) {
		t.Helper()
		if _, err := CheckTriePath(root, n, tag, path); !errors.Is(err, ErrTriePath) {
			t.Errorf("%s of %d tags: %v, want it refused", what, n, err)
		}
	}
	refuse("one tag more", n+1, tag, path)
	refuse("one tag fewer", n-1, tag, path)
	other := tag
	other[31] ^= 1
	refuse("another tag", n, other, path)
	refuse("a longer path", n, tag, append([]Sibling{{}}, path...))
	refuse("a path too long", n, tag, make([]Sibling, maxTriePath+1))
	for j := range path {
		changed := append([]Sibling(nil), path...)
		changed[j].Hash[0] ^= 1
		refuse("a changed hash", n, tag, changed)
		changed[j] = path[j]
		changed[j].Count++
		refuse("a larger count", n, tag, changed)
		changed[j].Count = ^uint64(0) // from.Count plus this wraps to less
		refuse("a count that wraps", n, tag, changed)
		refuse("a shorter path", n, tag, append(append([]Sibling(nil), path[:j]...), path[j+1:]...))
	}
}

// TestTrieAbsence: a tag is in the trie, or its absence can be shown, never both.
func TestTrieAbsence(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 3, 50} {
		tags := counted(n)
		root := TrieRoot(tags)
		for range 200 {
			var tag Point
			binary.BigEndian.PutUint64(tag[:], r.Uint64())
			a, err := TrieAbsence(tags, tag)
			if err != nil {
				t.Fatal(err)
			}
			if err := CheckAbsence(root, uint64(n), tag, a); err != nil {
				t.Fatalf("absence from %d tags: %v", n, err)
			}
			for _, present := range tags {
				if CheckAbsence(root, uint64(n), present, a) == nil {
					t.Fatalf("absence of a tag that is there, among %d", n)
				}
			}
		}
		for _, tag := range tags {
			if _, err := TrieAbsence(tags, tag); err == nil {
				t.Errorf("absence made for a tag that is there")
			}
		}
	}
}

func TestCheckTags(t *testing.T) {
	tags := counted(5)
	if err := CheckTags(tags); err != nil {
		t.Error(err)
	}
	tags[3] = tags[2]
	if err := CheckTags(tags); !errors.Is(err, ErrTags) {
		t.Errorf("one tag twice: %v", err)
	}
	tags[2], tags[4] = tags[4], tags[2]
	if err := CheckTags(tags); !errors.Is(err, ErrTags) {
		t.Errorf("not ascending: %v", err)
	}
}

func BenchmarkTrieRoot(b *testing.B) {
	tags := counted(1_200_000)
	for b.Loop() {
		TrieRoot(tags)
	}
}

// BenchmarkTriePaths makes the paths of an audit of 299.
func BenchmarkTriePaths(b *testing.B) {
	tags := counted(1_200_000)
	at := Draw([32]byte{1}, uint64(len(tags)), 299)
	for b.Loop() {
		TriePaths(tags, at)
	}
}
