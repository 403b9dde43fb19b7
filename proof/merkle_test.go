package proof

import (
	"encoding/hex"
	"fmt"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// TestReferenceTree is the reference tree of Certificate Transparency (github.com/
// transparency-dev/merkle, testonly/constants.go).
func TestReferenceTree(t *testing.T) {
	var tree RowTree
	for _, leaf := range []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"} {
		data, err := hex.DecodeString(leaf)
		if err != nil {
			t.Fatal(err)
		}
		tree.Append(LeafHash(data))
	}
	root := tree.Root()
	if got, want := hex.EncodeToString(root[:]), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"; got != want {
		t.Fatalf("root %s, want %s", got, want)
	}
}

// TestRowRootVectors: the rows are "row 0", "row 1" … of the segment of the vectors;
// computed by the second implementation.
func TestRowRootVectors(t *testing.T) {
	salts := NewSalts(SegmentKey(vectorSegment()))
	want := map[uint64]string{
		1:    "7f0e347bd131bab7e5b748be61f6cb91db84aa656de3854875930e10af6d28ed",
		2:    "4acf07345472fcd664e123bf6a3a3778c6ffd335a34d205f4d7839db0fbf65e8",
		3:    "4ad7252ea3d20c0e838f24b4d72d497b39c86aaae7338324f6595ba534cd39b7",
		1000: "a4daba43ad9317f47372f218233da78233f9e0bb57c68670c641d72b8ed71853",
	}
	var tree RowTree
	for row := range uint64(1000) {
		tree.Append(RowLeaf(salts.Row(row), fmt.Appendf(nil, "row %d", row)))
		root := tree.Root()
		if w := want[tree.Len()]; w != "" && hex.EncodeToString(root[:]) != w {
			t.Errorf("root of %d rows: %x, want %s", tree.Len(), root, w)
		}
	}
}

// storedHashes is the other implementation, that of the Go checksum database.
type storedHashes []tlog.Hash

func (s storedHashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, i := range indexes {
		hashes = append(hashes, s[i])
	}
	return hashes, nil
}

// TestAgainstTlog compares roots and paths at every size and place of a small world,
// and checks that no path serves another place, leaf, size or root.
func TestAgainstTlog(t *testing.T) {
	const most = 130
	var (
		tree   RowTree
		leaves []Hash
		stored storedHashes
	)
	for n := uint64(1); n <= most; n++ {
		data := fmt.Appendf(nil, "leaf %d", n)
		hashes, err := tlog.StoredHashes(int64(n-1), data, stored)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, hashes...)
		leaves = append(leaves, LeafHash(data))
		tree.Append(leaves[n-1])
		root, err := tlog.TreeHash(int64(n), stored)
		if err != nil || Hash(root) != tree.Root() {
			t.Fatalf("root of %d: %x, want %x (%v)", n, tree.Root(), root, err)
		}
		for i := range n {
			want, err := tlog.ProveRecord(int64(n), int64(i), stored)
			if err != nil {
				t.Fatal(err)
			}
			checkPath(t, leaves, i, tree.Root(), want)
		}
	}
}

func checkPath(t *testing.T, leaves []Hash, i uint64, root Hash, want tlog.RecordProof) {
	t.Helper()
	n := uint64(len(leaves))
	path, err := RowPath(leaves, i)
	if err != nil || !slices.EqualFunc(path, want, func(a Hash, b tlog.Hash) bool { return a == Hash(b) }) {
		t.Fatalf("path of %d in %d: %x, want %x (%v)", i, n, path, want, err)
	}
	if err := CheckRowPath(root, n, i, leaves[i], path); err != nil {
		t.Fatalf("path of %d in %d: %v", i, n, err)
	}
	bad := Hash{1}
	for name, err := range map[string]error{
		"other leaf":  CheckRowPath(root, n, i, bad, path),
		"other root":  CheckRowPath(bad, n, i, leaves[i], path),
		"other place": CheckRowPath(root, n, i^1, leaves[i], path),
		"too long":    CheckRowPath(root, n, i, leaves[i], append(slices.Clone(path), bad)),
		"beyond":      CheckRowPath(root, n, n, leaves[i], path),
	} {
		if err == nil {
			t.Errorf("path of %d in %d also serves: %s", i, n, name)
		}
	}
	if len(path) > 0 && CheckRowPath(root, n, i, leaves[i], path[1:]) == nil {
		t.Errorf("path of %d in %d also serves without its first hash", i, n)
	}
}

func TestRowPathRange(t *testing.T) {
	if _, err := RowPath(nil, 0); err == nil {
		t.Error("path in no rows: no error")
	}
	if err := CheckRowPath(Hash{}, 1<<63, 0, Hash{}, make([]Hash, maxRowPath+1)); err == nil {
		t.Error("path of 65 hashes: no error")
	}
}

func TestEmptyRoot(t *testing.T) {
	var tree RowTree
	root, err := tlog.TreeHash(0, storedHashes(nil))
	if err != nil || tree.Root() != Hash(root) {
		t.Errorf("root of nothing %x, want %x (%v)", tree.Root(), root, err)
	}
}
