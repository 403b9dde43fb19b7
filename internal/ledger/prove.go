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

// CheckInclusion checks a proof of ProveInclusion against a root that the caller
// trusts.
func CheckInclusion(proof tlog.RecordProof, size uint64, root tlog.Hash, i uint64, entry []byte) error {
	if size > maxEntries || i >= size {
		return fmt.Errorf("proof of entry %d in %d entries: out of range", i, size)
	}
	return tlog.CheckRecord(proof, int64(size), root, int64(i), tlog.RecordHash(entry))
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

// CheckConsistency checks a proof of ProveConsistency between two roots.
func CheckConsistency(proof tlog.TreeProof, old uint64, oldRoot tlog.Hash, size uint64, root tlog.Hash) error {
	if size > maxEntries || old < 1 || old > size {
		return fmt.Errorf("proof from %d to %d entries: out of range", old, size)
	}
	return tlog.CheckTree(proof, int64(size), root, int64(old), oldRoot)
}
