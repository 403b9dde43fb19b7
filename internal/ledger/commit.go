package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"

	"github.com/tallystick/tallystick/internal/durable"
)

// Commit appends entries and signs the new head. plan is called under the writers'
// lock with the last head, committed by whomever; it may read the ledger, and returns
// the entries to append in order, or none to commit nothing. If another writer was
// faster all the same, plan is called again with the newer head. plan must not call
// Commit, Reload or Open of the same ledger.
//
// Every entry must be a text object of a known type, of at most 65,535 bytes. Nothing
// is committed if Commit fails, except when the error is ErrCommitted (everything is,
// and the head is returned) or ErrUnsettled (it is not known).
func (l *Ledger) Commit(plan func(Head) ([][]byte, error)) (Head, error) {
	if l.signer == nil {
		return Head{}, ErrReadOnly
	}
	l.writing.Lock()
	defer l.writing.Unlock()
	for {
		head, done, err := l.attempt(plan)
		if done || err != nil {
			return head, err
		}
	}
}

// attempt is one try of Commit. It is not done if another writer was faster.
func (l *Ledger) attempt(plan func(Head) ([][]byte, error)) (head Head, done bool, err error) {
	unlock, err := l.fs.Lock(l.path(lockName))
	if err != nil {
		return Head{}, false, fmt.Errorf("locking: %w", err)
	}
	head, done, err = l.append(plan)
	if e := unlock(); e != nil {
		e = fmt.Errorf("unlocking: %w", e)
		if done && err == nil {
			e = fmt.Errorf("%w %w", ErrCommitted, e)
		}
		err = errors.Join(err, e)
	}
	return head, done, err
}

// append plans and commits under the lock.
func (l *Ledger) append(plan func(Head) ([][]byte, error)) (Head, bool, error) {
	st, err := l.heal()
	if err != nil {
		return Head{}, false, err
	}
	entries, err := plan(st.head)
	if err != nil || len(entries) == 0 {
		return st.head, err == nil, err
	}
	t, records, err := prepare(st.tree, entries)
	if err != nil {
		return Head{}, false, err
	}
	head, err := l.sign(t)
	if err != nil {
		return Head{}, false, err
	}
	if alone, err := l.write(st.tree.end(), records); err != nil || !alone {
		return Head{}, false, err
	}
	if won, err := l.publish(head); err != nil || !won {
		return Head{}, false, err
	}
	l.state.Store(&state{tree: t, signed: append(st.signed[:len(st.signed):len(st.signed)], head.Size), head: head})
	if err := l.writeCopies(head, copies{}); err != nil {
		return head, true, fmt.Errorf("%w its copy was not written: %w", ErrCommitted, err)
	}
	return head, true, nil
}

// prepare extends t with the entries and returns their records.
func prepare(t tree, entries [][]byte) (_ tree, records []byte, err error) {
	for i, entry := range entries {
		if err = checkEntry(entry); err == nil {
			t, err = t.with(entry)
		}
		if err != nil {
			return t, nil, fmt.Errorf("entry %d of %d: %w", i+1, len(entries), err)
		}
		records = appendRecord(records, entry)
	}
	return t, records, nil
}

// write appends records to entries.log, where the committed ones end at byte end. It
// reports whether nobody else was writing: somebody is where locks do not hold, as on
// some network shares.
func (l *Ledger) write(end int64, records []byte) (alone bool, err error) {
	size, err := l.logSize()
	if err != nil || size != end {
		return false, err
	}
	if err := durable.Append(l.fs, l.path(logName), records); err != nil {
		return false, fmt.Errorf("appending: %w", err)
	}
	size, err = l.logSize()
	return size == end+int64(len(records)), err
}

// publish makes the checkpoint of the head, and reports whether this writer made it.
func (l *Ledger) publish(head Head) (won bool, err error) {
	name := l.checkpointPath(head.Size)
	// THE COMMIT POINT. The entries and all content that they name are durable. The
	// name must not exist: of all writers at this size one succeeds.
	failure := durable.CreateNew(l.fs, name, head.Note, 0o644)
	if failure == nil {
		return true, nil
	}
	// A call may fail and yet have done its work, so look.
	found, err := durable.ReadFile(l.fs, name, maxNote)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && len(found) == 0:
		return false, fmt.Errorf("publishing checkpoint %d: %w", head.Size, failure)
	case err != nil:
		return false, fmt.Errorf("%w: checkpoint %d: %w", ErrUnsettled, head.Size, errors.Join(failure, err))
	case !bytes.Equal(found, head.Note):
		return false, nil
	}
	if err := l.fs.SyncFolder(l.path(checkpointsName)); err != nil {
		return false, fmt.Errorf("%w: checkpoint %d: %w", ErrUnsettled, head.Size, errors.Join(failure, err))
	}
	return true, nil
}
