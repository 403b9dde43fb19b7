package proof

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/cloudflare/circl/group"
)

func (s *Statement) checkTags(file []byte) error {
	return s.CheckTags(bytes.NewReader(file), int64(len(file)))
}

// TestGrowingTrieByTrie: tags that come one by one have the root of all of them, near ones
// and far ones.
func TestGrowingTrieByTrie(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for n := range 400 {
		tags := make([]Point, n%40)
		for i := range tags {
			for j := range tags[i] {
				tags[i][j] = byte(rng.Uint64())
			}
			if i > 0 && rng.IntN(3) == 0 { // one bit beside another, at any depth
				tags[i] = tags[rng.IntN(i)]
				tags[i][rng.IntN(32)] ^= 1 << rng.IntN(8)
			}
		}
		SortTags(tags)
		var trie growingTrie
		var err error
		for i := range tags {
			if err = trie.add(tags[i]); err != nil {
				break
			}
		}
		if want := CheckTags(tags); (err == nil) != (want == nil) || err != nil && err.Error() != want.Error() {
			t.Fatalf("%v, want %v", err, want)
		}
		if err == nil && trie.root() != TrieRoot(tags) {
			t.Fatalf("another root of %x", tags)
		}
	}
}

// TestGrowingTrieOrder: what does not ascend is refused, wherever it stands.
func TestGrowingTrieOrder(t *testing.T) {
	for _, c := range [][]Point{{{1}, {1}}, {{2}, {1}}, {{31: 2}, {31: 1}}, {{1}, {3}, {2}}} {
		var trie growingTrie
		var err error
		for _, tag := range c {
			if err == nil {
				err = trie.add(tag)
			}
		}
		if !errors.Is(err, ErrTags) {
			t.Errorf("%x: %v", c, err)
		}
	}
}

// repeated is a list of points without end, and not ascending: reading it costs what a good
// one does, up to its first block.
type repeated struct{ tag Point }

func (r repeated) Read(p []byte) (int, error) {
	n := len(p) / 32 * 32
	for i := 0; i < n; i += 32 {
		copy(p[i:], r.tag[:])
	}
	return n, nil
}

// TestTagsNameTheFirst: the first of the tags that is none is named, in whatever block.
func TestTagsNameTheFirst(t *testing.T) {
	s := NewSecret([32]byte{1})
	one := s.Tag([]byte{1})
	file := bytes.Repeat(one[:], 100)
	for _, i := range []int{99, 57, 3} {
		copy(file[32*i:], make([]byte, 32))
		if got := firstBad(file); got != i {
			t.Errorf("%d, want %d", got, i)
		}
	}
	if _, _, err := readTags(io.MultiReader(bytes.NewReader(file[:31])), 32); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("cut off: %v", err)
	}
	if _, _, err := readTags(repeated{one}, 3*listBlock); !errors.Is(err, ErrTags) {
		t.Errorf("repeated: %v", err)
	}
}

// TestTagsMemory: the list of a figure is checked in memory that does not grow with it.
func TestTagsMemory(t *testing.T) {
	const n = 4 * listBlock / 32
	tags := make([]Point, 0, n)
	step := group.Ristretto255.Generator()
	for e := step.Copy(); len(tags) < n; e.Add(e, step) {
		tags = append(tags, pointOf(e))
	}
	SortTags(tags)
	digest := TagsDigest(tags)
	st := Statement{N: n, Root: TrieRoot(tags), Tags: &digest}
	file := make([]byte, 0, 32*n)
	for i := range tags {
		file = append(file, tags[i][:]...)
	}
	tags = nil
	r := &weighed{Reader: bytes.NewReader(file)}
	before := alive()
	if err := st.CheckTags(r, 32*n); err != nil {
		t.Fatal(err)
	}
	if peak := r.most - min(before, r.most); peak > listBlock*3/2 {
		t.Errorf("%d bytes beside a list of %d", peak, 32*n)
	}
	runtime.KeepAlive(file)
}

// weighed is a reader that looks at the heap whenever it is read.
type weighed struct {
	io.Reader
	most uint64 // bytes that were alive
}

func (w *weighed) Read(p []byte) (int, error) {
	w.most = max(w.most, alive())
	return w.Reader.Read(p)
}

func alive() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
