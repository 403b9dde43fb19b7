package proof

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math"
	"testing"

	"github.com/tallystick/tallystick"
)

// vectorSegment is the salt key and segment of the vectors, which were computed by a
// second implementation (Python's hmac and hashlib) from the text of the protocol.
func vectorSegment() (saltKey [32]byte, segment [16]byte) {
	for i := range saltKey {
		saltKey[i] = byte(i)
	}
	copy(segment[:], saltKey[:])
	return saltKey, segment
}

func TestSaltVectors(t *testing.T) {
	key := SegmentKey(vectorSegment())
	if got, want := hex.EncodeToString(key[:]), "983c0edd520852ed1cac374852646065336b19c343d1a25cf27fb36a69716f93"; got != want {
		t.Fatalf("segment key %s, want %s", got, want)
	}
	salts := NewSalts(key)
	for _, v := range []struct {
		row  uint64
		want string
	}{
		{0, "b9d33fdf65cf1b76f2f62eefefdcaac7"},
		{1, "5daa2435a2fbb5a4cf81d53f92f0ae85"},
		{1 << 32, "4c65c6b47f19c70bc76d1f29e6a1ddff"},
		{1<<53 - 1, "590f5bdcb2f9e019100b84693e53ac34"},
		{0, "b9d33fdf65cf1b76f2f62eefefdcaac7"},
	} {
		salt := salts.Row(v.row)
		if got := hex.EncodeToString(salt[:]); got != v.want {
			t.Errorf("salt of row %d: %s, want %s", v.row, got, v.want)
		}
		if once := RowSalt(key, v.row); once != salt {
			t.Errorf("RowSalt of row %d: %x, Salts %x", v.row, once, salt)
		}
	}
}

func TestRowLeafVectors(t *testing.T) {
	first := RowSalt(SegmentKey(vectorSegment()), 0)
	for _, v := range []struct {
		salt Salt
		line string
		want string
	}{
		{first, `{"day":"2014-03-19"}`, "7100a374c0b3d638821a05f2142853c15aa48eb95a171983dc26c1164d727674"},
		{Salt{}, "", "99b651a1a28e8738ac19e340a6d7d1ae186b0cd7d1a2d95a249e2ddcbf6f1ade"},
		{Salt{}, string(bytes.Repeat([]byte{'x'}, 4096)), "5db194bd95dd3880bdadb6649d21e09529894f46ad663077c992bb01d3b87585"},
	} {
		leaf := RowLeaf(v.salt, []byte(v.line))
		if got := hex.EncodeToString(leaf[:]); got != v.want {
			t.Errorf("leaf of %.30q: %s, want %s", v.line, got, v.want)
		}
	}
}

// TestRowLeafLengths compares the leaf with its definition around every border of the
// buffers, and beyond the longest line.
func TestRowLeafLengths(t *testing.T) {
	salt := Salt{1, 2, 3}
	for _, n := range []int{0, 1, 63, 64, shortLine - 1, shortLine, shortLine + 1, tallystick.MaxLine - 1, tallystick.MaxLine, tallystick.MaxLine + 1, 1 << 16} {
		line := bytes.Repeat([]byte{'a'}, n)
		want := LeafHash(fmt.Appendf(nil, "tally-row/v1\x00%s%s", salt[:], line))
		if got := RowLeaf(salt, line); got != want {
			t.Errorf("line of %d bytes: leaf %x, want %x", n, got, want)
		}
	}
}

// TestLeafOfRows: the leaves that Salts makes of rows are those of their salts and lines.
func TestLeafOfRows(t *testing.T) {
	key := SegmentKey(vectorSegment())
	salts := NewSalts(key)
	for i, n := range []int{0, 5000, 3, 900} { // a shorter row behind a longer one
		row := tallystick.Row{Sighting: tallystick.Sighting{Class: tallystick.Control, Grade: tallystick.Established,
			Path: string(bytes.Repeat([]byte{'a'}, n)), First: 1395187200, Last: 1395187200, Records: 1}}
		want := RowLeaf(RowSalt(key, uint64(i)), row.AppendLine(nil))
		if got := salts.Leaf(uint64(i), &row); got != want {
			t.Errorf("row %d: leaf %x, want %x", i, got, want)
		}
	}
}

func TestNoAllocation(t *testing.T) {
	salts := NewSalts([32]byte{1})
	var tree RowTree
	line := bytes.Repeat([]byte{'a'}, tallystick.MaxLine)
	for _, n := range []int{0, 400, shortLine, len(line)} {
		row := uint64(0)
		if allocs := testing.AllocsPerRun(100, func() {
			tree.Append(RowLeaf(salts.Row(row), line[:n]))
			row++
		}); allocs != 0 {
			t.Errorf("line of %d bytes: %v allocations a row", n, allocs)
		}
	}
}

func TestRowSaltsDiffer(t *testing.T) {
	salts := NewSalts([32]byte{1})
	other := NewSalts([32]byte{2})
	seen := map[Salt]bool{}
	for _, row := range []uint64{0, 1, 255, 256, 1 << 31, math.MaxUint64} {
		seen[salts.Row(row)] = true
		seen[other.Row(row)] = true
	}
	if len(seen) != 12 {
		t.Errorf("%d salts of 12 rows", len(seen))
	}
}

// BenchmarkSeal seals rows of 400 bytes: salt, leaf, tree. One op is one row.
func BenchmarkSeal(b *testing.B) {
	line := bytes.Repeat([]byte{'a'}, 400)
	salts := NewSalts([32]byte{1})
	var tree RowTree
	b.ReportAllocs()
	b.SetBytes(int64(len(line)))
	for row := uint64(0); b.Loop(); row++ {
		tree.Append(RowLeaf(salts.Row(row), line))
	}
}

// BenchmarkSealMillion seals a segment of a million rows. One op is one segment.
func BenchmarkSealMillion(b *testing.B) {
	const rows = 1_000_000
	line := bytes.Repeat([]byte{'a'}, 400)
	b.ReportAllocs()
	b.SetBytes(int64(len(line)) * rows)
	for b.Loop() {
		salts := NewSalts(SegmentKey([32]byte{1}, [16]byte{2}))
		var tree RowTree
		for row := range uint64(rows) {
			tree.Append(RowLeaf(salts.Row(row), line))
		}
		tree.Root()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
}

func BenchmarkSalt(b *testing.B) {
	salts := NewSalts([32]byte{1})
	b.ReportAllocs()
	for row := uint64(0); b.Loop(); row++ {
		salts.Row(row)
	}
}
