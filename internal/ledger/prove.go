package ledger

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// ProveInclusion returns the proof that entry i is in the tree of the first size
// entries (RFC 6962, 2.1.1): hashes from the leaf up.
func (l *Ledger) ProveInclusion(i, size uint64) (tlog.RecordProof, error) {
	t := l.state.Load().tree
	if size > t.size() || i >= size {
		return nil, fmt.Errorf("proof of entry %d in %d entries: the ledger has %d", i, size, t.size())
	}
	return tlog.ProveRecord(int64(size), int64(i), t)
}

// ProveConsistency returns the proof that the tree of the first size entries continues
// that of the first old entries (RFC 6962, 2.1.2). old must be at least 1.
func (l *Ledger) ProveConsistency(old, size uint64) (tlog.TreeProof, error) {
	t := l.state.Load().tree
	if size > t.size() || old < 1 || old > size {
		return nil, fmt.Errorf("proof from %d to %d entries: the ledger has %d", old, size, t.size())
	}
	return tlog.ProveTree(int64(size), int64(old), t)
}
