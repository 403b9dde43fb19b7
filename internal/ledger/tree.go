package ledger

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// tree is the Merkle tree over the first entries of a log, with the place of each in
// entries.log. It takes about 72 bytes an entry. Extending a tree leaves it valid, but
// of several extensions of one tree only the last may be used.
type tree struct {
	ends   []int64     // ends[i]: offset in entries.log behind entry i
	hashes []tlog.Hash // in the order of tlog.StoredHashIndex
}

func (t tree) size() uint64 { return uint64(len(t.ends)) }

// end returns the offset in entries.log behind the last entry.
func (t tree) end() int64 { return t.start(t.size()) }

// start returns the offset in entries.log of the record of entry i.
func (t tree) start(i uint64) int64 {
	if i == 0 {
		return 0
	}
	return t.ends[i-1]
}

// with returns the tree with one more entry.
func (t tree) with(entry []byte) (tree, error) {
	if t.size() == maxEntries {
		return t, fmt.Errorf("the ledger is full: %d entries", maxEntries)
	}
	stored, err := tlog.StoredHashes(int64(t.size()), entry, t)
	if err != nil {
		return t, err
	}
	t.hashes = append(t.hashes, stored...)
	t.ends = append(t.ends, t.end()+recordHeader+int64(len(entry)))
	return t, nil
}

// root returns the root over the first n entries.
func (t tree) root(n uint64) (tlog.Hash, error) {
	if n > t.size() {
		return tlog.Hash{}, fmt.Errorf("root of %d entries: the ledger has %d", n, t.size())
	}
	return tlog.TreeHash(int64(n), t)
}

// ReadHashes implements tlog.HashReader.
func (t tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index < 0 || index >= int64(len(t.hashes)) {
			return nil, fmt.Errorf("stored hash %d of %d", index, len(t.hashes))
		}
		hashes[i] = t.hashes[index]
	}
	return hashes, nil
}
