package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"github.com/tallystick/tallystick/internal/durable"
)

// maxNote bounds a checkpoint with its signatures; an ML-DSA cosignature has 3.3 kB.
const maxNote = 256 << 10

// Open opens a ledger for reading and writing. It re-derives the root at every signed
// size, and heals what a crash left: bytes above the last signed size, and the copies
// of the checkpoint. It fails with ErrNoLedger, ErrRollback or ErrDamaged.
func Open(dir string, opt Options) (*Ledger, error) {
	l := newLedger(dir, opt)
	err := l.loadKeys()
	if err == nil {
		err = l.loadSigner()
	}
	if err == nil {
		err = l.locked(l.settle)
	}
	if err != nil {
		return nil, fmt.Errorf("opening ledger %s: %w", dir, err)
	}
	return l, nil
}

// settle heals the ledger at opening. Whoever made entries.log may have died before
// syncing its name.
func (l *Ledger) settle() error {
	if err := l.fs.SyncFolder(l.dir); err != nil {
		return err
	}
	_, err := l.heal()
	return err
}

// OpenReadOnly opens a ledger without taking the lock or writing anything. Of the
// checkpoints it checks the last only.
func OpenReadOnly(dir string, opt Options) (*Ledger, error) {
	l := newLedger(dir, opt)
	err := l.loadKeys()
	if err == nil {
		_, err = l.Reload()
	}
	if err != nil {
		return nil, fmt.Errorf("opening ledger %s: %w", dir, err)
	}
	return l, nil
}

// loadKeys finds out whether there is a ledger, and reads its public key.
func (l *Ledger) loadKeys() error {
	f, err := l.fs.Open(l.path(logName))
	if errors.Is(err, fs.ErrNotExist) {
		switch err := l.vacant(); {
		case errors.Is(err, ErrLedger):
			return fmt.Errorf("%w: %s is missing", ErrRollback, logName)
		case err == nil || errors.Is(err, fs.ErrNotExist):
			return ErrNoLedger
		default:
			return err
		}
	}
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), l.loadVerifier())
}

// Reload looks for what others have committed since, without taking the lock, and
// returns the head.
func (l *Ledger) Reload() (Head, error) {
	l.writing.Lock()
	defer l.writing.Unlock()
	st, _, err := l.load(false)
	if err != nil {
		return Head{}, err
	}
	l.state.Store(st)
	return st.head, nil
}

// heal loads the ledger and heals it. The caller holds the lock.
func (l *Ledger) heal() (*state, error) {
	st, old, err := l.load(true)
	if err != nil {
		return nil, err
	}
	if st.head.Size != l.Head().Size { // its maker may have died before syncing the name
		if err := l.fs.SyncFolder(l.path(checkpointsName)); err != nil {
			return nil, err
		}
	}
	if err := l.cutTail(st.tree.end()); err != nil {
		return nil, err
	}
	if err := l.writeCopies(st.head, old); err != nil {
		return nil, err
	}
	l.state.Store(st)
	return st, nil
}

// load reads what was committed since the state of the handle, and checks that it
// continues that state and every copy of a checkpoint. The copies are read first, so
// that a commit made meanwhile does not look like a rollback.
func (l *Ledger) load(locked bool) (*state, copies, error) {
	old, err := l.readCopies()
	if err != nil {
		return nil, old, err
	}
	signed, err := l.listSigned()
	if err != nil {
		return nil, old, err
	}
	if signed, err = l.dropClaims(signed, locked); err != nil {
		return nil, old, err
	}
	st, err := l.extend(l.state.Load(), signed)
	if err != nil {
		return nil, old, err
	}
	return st, old, l.checkCopies(old, st.tree)
}

// extend reads the entries below the last of the signed sizes and checks the
// checkpoints that prev does not know.
func (l *Ledger) extend(prev *state, signed []uint64) (*state, error) {
	var last uint64
	if len(signed) > 0 {
		last = signed[len(signed)-1]
	}
	if last < prev.head.Size {
		return nil, fmt.Errorf("%w: checkpoint %d is gone", ErrRollback, prev.head.Size)
	}
	t, err := l.readLog(prev.tree, last)
	if err != nil {
		return nil, err
	}
	st := &state{tree: t, signed: signed, head: prev.head}
	if last == 0 {
		st.head.Root, err = t.root(0)
		return st, err
	}
	if prev.head.Size > 0 {
		if err := l.unchanged(prev.head); err != nil {
			return nil, err
		}
	}
	for _, n := range l.unchecked(prev, signed) {
		if st.head, err = l.readHead(n, t); err != nil {
			return nil, err
		}
	}
	return st, nil
}

// unchecked returns which sizes have a checkpoint to check: all that are new, or for
// a reader the last of them.
func (l *Ledger) unchecked(prev *state, signed []uint64) []uint64 {
	i, _ := slices.BinarySearch(signed, prev.head.Size+1)
	if l.signer == nil && i < len(signed) {
		i = len(signed) - 1
	}
	return signed[i:]
}

// unchanged fails if the checkpoint of the handle's head is not the one on file.
func (l *Ledger) unchanged(head Head) error {
	signed, err := durable.ReadFile(l.fs, l.checkpointPath(head.Size), maxNote)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !bytes.Equal(signed, head.Note) {
		return fmt.Errorf("%w: checkpoint %d is not the one seen before", ErrRollback, head.Size)
	}
	return err
}

// readLog extends t with the entries of entries.log up to the size.
func (l *Ledger) readLog(t tree, size uint64) (_ tree, err error) {
	if t.size() >= size {
		return t, nil
	}
	f, err := l.fs.Open(l.path(logName))
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r := newRecordReader(f, t.end())
	for t.size() < size {
		entry, err := r.next()
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return t, fmt.Errorf("%w: %s ends after %d of %d signed entries", ErrRollback, logName, t.size(), size)
		}
		if err == nil {
			if e := checkType(entry); e != nil {
				err = fmt.Errorf("%w: %w", ErrDamaged, e)
			}
		}
		if err == nil {
			t, err = t.with(entry)
		}
		if err != nil {
			return t, fmt.Errorf("%s: entry %d: %w", logName, t.size(), err)
		}
	}
	return t, nil
}

// cutTail cuts off what an unfinished commit left behind the last signed entry.
func (l *Ledger) cutTail(end int64) error {
	size, err := l.logSize()
	if err != nil || size <= end {
		return err
	}
	return durable.Truncate(l.fs, l.path(logName), end)
}

func (l *Ledger) logSize() (int64, error) {
	f, err := l.fs.Open(l.path(logName))
	if err != nil {
		return 0, err
	}
	return f.Size(), f.Close()
}
