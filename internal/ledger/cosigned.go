package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"golang.org/x/mod/sumdb/note"

	"github.com/tallystick/tallystick/internal/durable"
)

// cosignedName is the folder of checkpoints with the cosignatures of witnesses:
// cosigned/<size> is checkpoints/<size>, and behind it the lines of witnesses (C2SP
// tlog-cosignature). Checkpoints stay as they were signed: that a file there is created
// once is the commit point.
const cosignedName = "cosigned"

// maxCosigned bounds a cosigned checkpoint, in bytes: what a bundle may carry. A note has
// at most 100 signatures (package note).
const maxCosigned = 64 << 10

func (l *Ledger) cosignedPath(size uint64) string {
	return l.path(fmt.Sprintf("%s/%d", cosignedName, size))
}

// Sizes returns the sizes that have a checkpoint, ascending, as of the handle's head.
func (l *Ledger) Sizes() []uint64 { return slices.Clone(l.state.Load().signed) }

// Cosigned returns the checkpoint of a signed size with the cosignatures that were kept
// with it, or as it was signed where there are none.
func (l *Ledger) Cosigned(size uint64) ([]byte, error) {
	head, err := l.readHead(size, l.state.Load().tree)
	if err != nil {
		return nil, err
	}
	cosigned, err := l.readCosigned(size, head.Note)
	if errors.Is(err, fs.ErrNotExist) {
		return head.Note, nil
	}
	return cosigned, err
}

func (l *Ledger) readCosigned(size uint64, signed []byte) ([]byte, error) {
	cosigned, err := durable.ReadFile(l.fs, l.cosignedPath(size), maxCosigned)
	if err == nil {
		err = checkCosigned(cosigned, signed, l.verifier)
	}
	if err != nil {
		return nil, fmt.Errorf("%s/%d: %w", cosignedName, size, err)
	}
	return cosigned, nil
}

// checkCosigned fails unless cosigned is the checkpoint and lines of other signers. That
// their signatures are good only those can say who have their keys.
func checkCosigned(cosigned, signed []byte, v note.Verifier) error {
	lines, ok := bytes.CutPrefix(cosigned, signed)
	if !ok || len(signed) == 0 {
		return fmt.Errorf("%w: not of this ledger's checkpoint", ErrDamaged)
	}
	n, err := note.Open(cosigned, note.VerifierList(v))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if want := bytes.Count(lines, []byte("\n")); len(n.UnverifiedSigs) != want {
		return fmt.Errorf("%w: %d lines, of which %d are cosignatures", ErrDamaged, want, len(n.UnverifiedSigs))
	}
	return nil
}

// Cosign keeps cosignature lines, each "— name base64\n", with the checkpoint of a signed
// size. The caller has checked them. Lines that are there already are kept once; no line
// that was kept is ever lost, whoever else does the same, and whenever the power fails.
func (l *Ledger) Cosign(size uint64, lines [][]byte) error {
	if l.signer == nil {
		return ErrReadOnly
	}
	head, err := l.readHead(size, l.state.Load().tree)
	if err != nil {
		return err
	}
	return l.locked(func() error { return l.cosign(head, lines) })
}

func (l *Ledger) cosign(head Head, lines [][]byte) error {
	if err := durable.MkdirAll(l.fs, l.dir, l.path(cosignedName), 0o755); err != nil {
		return err
	}
	old, err := l.readCosigned(head.Size, head.Note)
	if errors.Is(err, fs.ErrNotExist) {
		old, err = head.Note, nil
	}
	if err != nil {
		return err
	}
	whole := slices.Clone(old)
	for _, line := range lines {
		if !bytes.Contains(whole, append([]byte("\n"), line...)) {
			whole = append(whole, line...)
		}
	}
	if len(whole) > maxCosigned {
		return fmt.Errorf("%s/%d: %d bytes, more than %d", cosignedName, head.Size, len(whole), maxCosigned)
	}
	if err := checkCosigned(whole, head.Note, l.verifier); err != nil {
		return err
	}
	if bytes.Equal(whole, old) {
		return nil
	}
	return durable.Replace(l.fs, l.cosignedPath(head.Size), whole, 0o644)
}

// cosigned checks that what lies in cosigned/ is of this ledger's checkpoints.
func (c *checker) cosigned() error {
	names, err := c.l.fs.List(c.l.path(cosignedName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, name := range names {
		size, err := parseSize(name)
		if durable.Temporary(name) {
			continue // leftovers tells of it
		}
		if err != nil || !slices.Contains(c.signed, size) {
			c.problem("%s/%s: of no checkpoint of this ledger", cosignedName, name)
			continue
		}
		signed, err := durable.ReadFile(c.l.fs, c.l.checkpointPath(size), maxNote)
		if err != nil {
			return err
		}
		if _, err := c.l.readCosigned(size, signed); err != nil {
			c.problem("%v", err)
		}
	}
	return nil
}
