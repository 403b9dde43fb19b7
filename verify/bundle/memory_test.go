package bundle

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/cloudflare/circl/group"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify"
)

// weighed is a bundle that looks at the heap whenever it is read.
type weighed struct {
	io.ReaderAt
	most uint64 // bytes that were alive
}

func (w *weighed) ReadAt(p []byte, at int64) (int, error) {
	w.most = max(w.most, alive())
	return w.ReaderAt.ReadAt(p, at)
}

func alive() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// listed changes the first statement to one of n other members, and returns their tags.
func (e *editable) listed(t *testing.T, n int) {
	t.Helper()
	tags := make([]proof.Point, 0, n)
	step := group.Ristretto255.Generator()
	for p := step.Copy(); len(tags) < n; p.Add(p, step) {
		b, err := p.MarshalBinaryCompress()
		if err != nil {
			t.Fatal(err)
		}
		tags = append(tags, proof.Point(b))
	}
	proof.SortTags(tags)
	var file []byte
	for i := range tags {
		file = append(file, tags[i][:]...)
	}
	i := slices.IndexFunc(e.entries, func(x entry) bool { return strings.HasPrefix(string(x.text), proof.StatementType) })
	s, err := proof.ParseStatement(e.entries[i].text)
	if err != nil {
		t.Fatal(err)
	}
	digest := proof.TagsDigest(tags)
	s.N, s.Root, s.Tags = uint64(n), proof.TrieRoot(tags), &digest
	if e.entries[i].text, err = s.Build(); err != nil {
		t.Fatal(err)
	}
	e.files["figures/"+s.ID+"/tags.bin"] = file
}

// TestListMemory: a bundle of a long list is checked in a part of its size.
func TestListMemory(t *testing.T) {
	c := corpora(t)[0]
	c.bundle.listed(t, 1<<17)
	c.bundle.mend(t)
	b, trust := c.bundle.sealed(t), c.bundle.trust(t)
	clear(c.bundle.files)
	w := &weighed{ReaderAt: bytes.NewReader(b)}
	before := alive()
	r := Check(w, int64(len(b)), trust)
	if !slices.ContainsFunc(r.Lines, func(l Line) bool {
		return l.Status == verify.True && strings.Contains(l.What, fmt.Sprintf("N = %d, none twice", 1<<17))
	}) {
		t.Errorf("the list does not hold: %v", r.Lines)
	}
	if peak := w.most - min(w.most, before); peak > uint64(len(b))/2 {
		t.Errorf("%d bytes for a bundle of %d", peak, len(b))
	}
	runtime.KeepAlive(b)
}

// TestLedgerMemory: entries of thousands of short lines take little more than their bytes.
func TestLedgerMemory(t *testing.T) {
	batch := []byte("tally-batch/v1\n" + strings.Repeat("a b\n", ts.MaxObject/4-10))
	sensor := []byte("tally-sensor/v1\nname n\ncountry CZ\n" + strings.Repeat("a b\n", ts.MaxObject/4-20))
	exclude := []byte("tally-exclude/v1\nvalue n\n" + strings.Repeat("a b\n", ts.MaxObject/4-20))
	e := corpora(t)[0].bundle
	for range 20 {
		for _, text := range [][]byte{batch, sensor, exclude} {
			e.entries = append(e.entries, entry{text: text})
		}
	}
	b := e.sealed(t)
	a, err := openArchive(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	before := alive()
	l, err := readLedger(a)
	if err != nil {
		t.Fatal(err)
	}
	if after := alive(); after-min(after, before) > uint64(len(b))*5/4 {
		t.Errorf("%d bytes for a ledger of %d", after-before, len(b))
	}
	runtime.KeepAlive(l)
	runtime.KeepAlive(b)
}
