package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/tallystick/tallystick/internal/durable"
)

func (l *Ledger) checkpointPath(size uint64) string {
	return l.path(checkpointsName + "/" + strconv.FormatUint(size, 10))
}

// listSigned returns the sizes that have a file in checkpoints/, ascending.
func (l *Ledger) listSigned() ([]uint64, error) {
	names, err := l.fs.List(l.path(checkpointsName))
	if err != nil {
		return nil, err
	}
	var signed []uint64
	for _, name := range names {
		if n, err := parseSize(name); err == nil && n > 0 {
			signed = append(signed, n)
		}
	}
	slices.Sort(signed)
	return signed, nil
}

// dropClaims drops the last size while its file is empty: the claim of a writer that
// died, on a file system without links (durable.CreateNew). With the lock held, it is
// removed too.
func (l *Ledger) dropClaims(signed []uint64, locked bool) ([]uint64, error) {
	for len(signed) > 0 {
		name := l.checkpointPath(signed[len(signed)-1])
		f, err := l.fs.Open(name)
		if err != nil {
			return nil, err
		}
		if err := f.Close(); err != nil || f.Size() > 0 {
			return signed, err
		}
		signed = signed[:len(signed)-1]
		if !locked {
			continue
		}
		if err := l.fs.Remove(name); err != nil {
			return nil, err
		}
	}
	return signed, nil
}

// readHead reads the checkpoint on file of a size: its signature must be good and its
// root that of the tree.
func (l *Ledger) readHead(size uint64, t tree) (Head, error) {
	signed, err := durable.ReadFile(l.fs, l.checkpointPath(size), maxNote)
	if err != nil {
		return Head{}, err
	}
	c, err := openCheckpoint(signed, l.verifier)
	if err != nil {
		return Head{}, fmt.Errorf("%w: checkpoints/%d: %w", ErrDamaged, size, err)
	}
	if c.Size != size {
		return Head{}, fmt.Errorf("%w: checkpoints/%d is of size %d", ErrDamaged, size, c.Size)
	}
	if err := agree(c, t); err != nil {
		return Head{}, fmt.Errorf("checkpoints/%d: %w", size, err)
	}
	return Head{c.Size, c.Root, signed}, nil
}

// agree fails with ErrRollback unless the tree continues the checkpoint.
func agree(c Checkpoint, t tree) error {
	if c.Size > t.size() {
		return fmt.Errorf("%w: signed at size %d, but only %d entries are committed", ErrRollback, c.Size, t.size())
	}
	root, err := t.root(c.Size)
	if err == nil && root != c.Root {
		err = fmt.Errorf("%w: the entries do not give the root signed at size %d", ErrRollback, c.Size)
	}
	return err
}

// sign signs the head of a tree.
func (l *Ledger) sign(t tree) (Head, error) {
	root, err := t.root(t.size())
	if err != nil {
		return Head{}, err
	}
	text := FormatCheckpoint(Checkpoint{l.Origin(), t.size(), root})
	signed, err := note.Sign(&note.Note{Text: text}, l.signer)
	return Head{t.size(), root, signed}, err
}

// Sign signs a text that is no checkpoint: one begins with the origin. The result is a signed
// note (C2SP).
func (l *Ledger) Sign(text string) ([]byte, error) {
	if l.signer == nil {
		return nil, ErrReadOnly
	}
	if first, _, _ := strings.Cut(text, "\n"); first == l.Origin() {
		return nil, errors.New("only a ledger's own commits sign its checkpoints")
	}
	return note.Sign(&note.Note{Text: text}, l.signer)
}

// copies are the copies of the last checkpoint; nil where there is none.
type copies struct{ first, second []byte }

func (l *Ledger) readCopies() (c copies, err error) {
	c.first, err = durable.ReadFile(l.fs, l.path(checkpointName), maxNote)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return c, err
	}
	if l.opt.Second == "" {
		return c, nil
	}
	c.second, err = durable.ReadFile(l.fs, l.opt.Second, maxNote)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("the second copy of the checkpoint is missing (to begin one, make an empty file there): %w", err)
	}
	return c, err
}

// checkCopies fails if a copy shows that the tree was rolled back or forked. A first
// copy that cannot be read shows nothing and is healed.
func (l *Ledger) checkCopies(old copies, t tree) error {
	if c, err := openCheckpoint(old.first, l.verifier); err == nil {
		if err := agree(c, t); err != nil {
			return fmt.Errorf("%s: %w", checkpointName, err)
		}
	}
	if len(old.second) == 0 {
		return nil
	}
	c, err := openCheckpoint(old.second, l.verifier)
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrDamaged, l.opt.Second, err)
	}
	if err := agree(c, t); err != nil {
		return fmt.Errorf("%s: %w", l.opt.Second, err)
	}
	return nil
}

// writeCopies makes the copies those of the head.
func (l *Ledger) writeCopies(head Head, old copies) error {
	if head.Size == 0 {
		return nil
	}
	if !bytes.Equal(old.first, head.Note) {
		if err := durable.Replace(l.fs, l.path(checkpointName), head.Note, 0o644); err != nil {
			return err
		}
	}
	if l.opt.Second != "" && !bytes.Equal(old.second, head.Note) {
		return durable.Replace(l.fs, l.opt.Second, head.Note, 0o644)
	}
	return nil
}
