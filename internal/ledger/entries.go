package ledger

import (
	"errors"
	"fmt"
	"iter"
	"slices"
)

// Entry reads entry i, counted from 0.
func (l *Ledger) Entry(i uint64) (_ []byte, err error) {
	t := l.state.Load().tree
	if i >= t.size() {
		return nil, fmt.Errorf("entry %d: the ledger has %d", i, t.size())
	}
	f, err := l.fs.Open(l.path(logName))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	entry, err := newRecordReader(f, t.start(i)).next()
	if err != nil {
		return nil, fmt.Errorf("entry %d: %w", i, err)
	}
	return entry, nil
}

// Entries yields the committed entries in order, each with its index. Each slice is the
// caller's. If the disk fails the sequence ends early, and Err tells: ask it afterwards.
func (l *Ledger) Entries() iter.Seq2[uint64, []byte] { return l.EntriesFrom(0) }

// EntriesFrom is Entries beginning with entry i.
func (l *Ledger) EntriesFrom(i uint64) iter.Seq2[uint64, []byte] {
	return func(yield func(uint64, []byte) bool) {
		if err := l.each(i, yield); err != nil {
			l.mu.Lock()
			defer l.mu.Unlock()
			if l.err == nil {
				l.err = err
			}
		}
	}
}

// Err returns the first error that ended an iteration over Entries early, if any.
func (l *Ledger) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

func (l *Ledger) each(i uint64, yield func(uint64, []byte) bool) (err error) {
	t := l.state.Load().tree
	if i >= t.size() {
		return nil
	}
	f, err := l.fs.Open(l.path(logName))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r := newRecordReader(f, t.start(i))
	for ; i < t.size(); i++ {
		entry, err := r.next()
		if err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
		if !yield(i, slices.Clone(entry)) {
			return nil
		}
	}
	return nil
}
