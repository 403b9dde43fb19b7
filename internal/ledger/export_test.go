package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/tallystick/tallystick/internal/durable/durabletest"
)

func TestTilePath(t *testing.T) {
	for _, c := range []struct {
		level        string
		index, width uint64
		want         string
	}{
		{"0", 1234067, tileWidth, "tile/0/x001/x234/067"}, // C2SP tlog-tiles
		{"entries", 0, tileWidth, "tile/entries/000"},
		{"entries", 273, 112, "tile/entries/273.p/112"},
		{"1", 1000, 1, "tile/1/x001/000.p/1"},
		{"2", 999, 255, "tile/2/999.p/255"},
	} {
		if got := tilePath(c.level, c.index, c.width); got != c.want {
			t.Errorf("%v: %s", c, got)
		}
	}
}

// exported returns the files of an export.
func exported(t *testing.T, l *Ledger) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := l.Export(func(name string, content []byte) error {
		if files[name] != nil || files["checkpoint"] != nil {
			t.Errorf("%s: written twice, or after the checkpoint", name)
		}
		files[name] = bytes.Clone(content)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// counts counts the files of each level, full and partial, and the width of the partial.
func counts(files map[string][]byte) string {
	full, part := map[string]int{}, map[string]string{}
	var levels []string
	for name := range files {
		rest, ok := strings.CutPrefix(name, "tile/")
		if !ok {
			continue
		}
		level, rest, _ := strings.Cut(rest, "/")
		if !slices.Contains(levels, level) {
			levels = append(levels, level)
		}
		if _, width, ok := strings.Cut(rest, ".p/"); ok {
			part[level] = " .p/" + width
		} else {
			full[level]++
		}
	}
	slices.Sort(levels)
	var list []string
	for _, level := range levels {
		list = append(list, fmt.Sprintf("%s: %d%s", level, full[level], part[level]))
	}
	return strings.Join(list, ", ")
}

// TestExport70000 is the example of C2SP tlog-tiles.
func TestExport70000(t *testing.T) {
	const size = 70_000
	l := mustCreate(t, "/led", options(durabletest.New()))
	mustCommit(t, l, entries(0, size)...)
	files := exported(t, l)
	if got, want := counts(files), "0: 273 .p/112, 1: 1 .p/17, 2: 0 .p/1, entries: 273 .p/112"; got != want {
		t.Fatalf("files %s, want %s", got, want)
	}
	checkTiles(t, files, l)
}

// checkTiles reads an export by itself: every entry from its bundle, every hash from the
// entries by the definition, and the checkpoint.
func checkTiles(t *testing.T, files map[string][]byte, l *Ledger) {
	t.Helper()
	c, err := OpenCheckpoint(files["checkpoint"], l.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	var leaves []tlog.Hash
	for n := uint64(0); uint64(len(leaves)) < c.Size; n++ {
		bundle := files[tilePath("entries", n, min(tileWidth, c.Size-n*tileWidth))]
		for len(bundle) > 0 {
			end := 2 + int(binary.BigEndian.Uint16(bundle))
			if want := entry(len(leaves)); !bytes.Equal(bundle[2:end], want) {
				t.Fatalf("entry %d: %q", len(leaves), bundle[2:end])
			}
			leaves = append(leaves, tlog.RecordHash(bundle[2:end]))
			bundle = bundle[end:]
		}
	}
	seen := 1
	for level, hashes := 0, leaves; len(hashes) > 0; level++ {
		for n := 0; n*tileWidth < len(hashes); n++ {
			part := hashes[n*tileWidth : min(len(hashes), (n+1)*tileWidth)]
			var want []byte
			for _, h := range part {
				want = append(want, h[:]...)
			}
			name := tilePath(fmt.Sprint(level), uint64(n), uint64(len(part)))
			if !bytes.Equal(files[name], want) {
				t.Fatalf("%s is wrong", name)
			}
			seen++
		}
		seen += map[bool]int{true: (len(hashes) + tileWidth - 1) / tileWidth}[level == 0]
		var above []tlog.Hash
		for full := range slices.Chunk(hashes, tileWidth) {
			if len(full) == tileWidth {
				above = append(above, rootOf(full))
			}
		}
		hashes = above
	}
	if seen != len(files) {
		t.Errorf("%d files, want %d", len(files), seen)
	}
	if got := rootOf(leaves); got != c.Root {
		t.Errorf("root %v, signed %v", got, c.Root)
	}
}

// rootOf is the root of leaf hashes by the words of RFC 6962, 2.1.
func rootOf(leaves []tlog.Hash) tlog.Hash {
	if len(leaves) == 1 {
		return leaves[0]
	}
	k := 1
	for 2*k < len(leaves) {
		k *= 2
	}
	left, right := rootOf(leaves[:k]), rootOf(leaves[k:])
	return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:]))
}

func TestExportEdges(t *testing.T) {
	l := mustCreate(t, "/led", options(durabletest.New()))
	if err := l.Export(func(string, []byte) error { return nil }); err == nil {
		t.Error("an empty ledger is exported")
	}
	size := 0
	for _, to := range []int{1, 2, 255, 256, 257, 511, 512} {
		mustCommit(t, l, entries(size, to)...)
		size = to
		checkTiles(t, exported(t, l), l)
	}
	full := errors.New("disk full")
	for _, at := range []int{0, 1, 2, 3, 4, 5} {
		err := l.Export(func(string, []byte) error {
			if at--; at < 0 {
				return full
			}
			return nil
		})
		if !errors.Is(err, full) {
			t.Errorf("failing to write: %v", err)
		}
	}
}

// TestExportLongEntry: an entry of the greatest length stands whole in its bundle, whose
// lengths are u16; a longer one does not get into the ledger (attack table 4b: "entries
// over 65,535 bytes truncate in tiles").
func TestExportLongEntry(t *testing.T) {
	l := mustCreate(t, "/led", options(durabletest.New()))
	head := "tally-exclude/v1\nvalue "
	tail := "\nreason test\n"
	long := []byte(head + strings.Repeat("x", 65535-len(head)-len(tail)) + tail)
	if _, err := l.Commit(plan([]byte(strings.Replace(string(long), "x", "xx", 1)))); err == nil {
		t.Error("65,536 bytes are taken")
	}
	mustCommit(t, l, long)
	if got := exported(t, l)["tile/entries/000.p/1"]; !bytes.Equal(got, append([]byte{0xff, 0xff}, long...)) {
		t.Errorf("bundle of %d bytes", len(got))
	}
}

func TestContinues(t *testing.T) {
	fsys := durabletest.New()
	l := mustCreate(t, "/led", options(fsys))
	old := mustCommit(t, l, entry(0))
	backup := fsys.Clone()
	newer := mustCommit(t, l, entry(1))
	if err := l.Continues(old.Note); err != nil {
		t.Error(err)
	}
	restored := mustBeWriter(t, "/led", options(backup))
	if err := restored.Continues(newer.Note); !errors.Is(err, ErrRollback) {
		t.Errorf("rolled back: %v", err)
	}
	mustCommit(t, restored, entry(2))
	if err := restored.Continues(newer.Note); !errors.Is(err, ErrRollback) {
		t.Errorf("forked: %v", err)
	}
	if err := l.Continues([]byte("no note\n")); err == nil {
		t.Error("continues no note")
	}
}
