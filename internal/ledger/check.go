package ledger

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/proof"
)

// Report is what Check found.
type Report struct {
	Origin      string
	Size        uint64   // largest size that has a checkpoint
	Entries     uint64   // records of entries.log below Size that are what they should be
	Checkpoints int      // checkpoints with a good signature and the right root
	Problems    []string // what must not be, each with its place; none if the ledger is whole
	Notes       []string // what may be: leftovers of a crash, which the next writer heals
}

// maxFindings bounds the problems that are listed one by one.
const maxFindings = 1000

func (r *Report) problem(format string, args ...any) {
	switch {
	case len(r.Problems) < maxFindings:
		r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
	case len(r.Problems) == maxFindings:
		r.Problems = append(r.Problems, "… and more")
	}
}

func (r *Report) note(format string, args ...any) {
	if len(r.Notes) < maxFindings {
		r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
	}
}

// checker re-derives a ledger from its bytes: its own reading of entries.log and of the
// tree (proof.RowTree) stands beside that of Open (tlog).
type checker struct {
	l      *Ledger
	signed []uint64
	roots  map[uint64]proof.Hash // of the sizes signed or copied, as derived
	Report
}

// Check reads everything and reports every problem that it finds: each record, the root
// at each signed size, each signature, the copies and the keys. It takes no lock and
// writes nothing. It fails with ErrNoLedger, or where the disk cannot be read.
func Check(dir string, opt Options) (Report, error) {
	c := &checker{l: newLedger(dir, opt), roots: map[uint64]proof.Hash{}}
	if err := c.run(); err != nil {
		return c.Report, fmt.Errorf("checking ledger %s: %w", dir, err)
	}
	return c.Report, nil
}

func (c *checker) run() error {
	if err := c.l.loadKeys(); err != nil {
		return err
	}
	c.Origin = c.l.Origin()
	if err := c.l.loadSigner(); errors.Is(err, fs.ErrNotExist) {
		c.note("%s: no signing key here; this copy can be read and checked, not written", signerName)
	} else if err != nil {
		c.problem("%s: %v", signerName, err)
	}
	if _, err := c.l.SaltKey(); errors.Is(err, fs.ErrNotExist) {
		c.note("%s: no salt key here; rows cannot be compared with what was committed", saltName)
	} else if err != nil {
		c.problem("%s: %v", saltName, err)
	}
	old, err := c.l.readCopies() // first, as in load
	if err != nil {
		c.problem("%v", err)
	}
	for _, step := range []func() error{c.listCheckpoints, c.wantCopies(old), c.log, c.checkpoints, c.cosigned, c.copies(old), c.leftovers} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// listCheckpoints finds the signed sizes, and files that are none.
func (c *checker) listCheckpoints() error {
	names, err := c.l.fs.List(c.l.path(checkpointsName))
	if err != nil {
		return err
	}
	for _, name := range names {
		size, err := parseSize(name)
		switch {
		case durable.Temporary(name):
			c.note("%s/%s: unfinished", checkpointsName, name)
		case err != nil || size == 0:
			c.problem("%s/%s: not named by a size", checkpointsName, name)
		default:
			c.signed = append(c.signed, size)
			c.roots[size] = proof.Hash{}
		}
	}
	slices.Sort(c.signed)
	return c.dropClaims()
}

func (c *checker) dropClaims() error {
	kept, err := c.l.dropClaims(c.signed, false)
	for _, size := range c.signed[len(kept):] {
		c.note("%s/%d: taken, but never written", checkpointsName, size)
	}
	c.signed = kept
	if len(kept) > 0 {
		c.Size = kept[len(kept)-1]
	}
	return err
}

// wantCopies has the roots of the copies derived too.
func (c *checker) wantCopies(old copies) func() error {
	return func() error {
		for _, b := range [][]byte{old.first, old.second} {
			if cp, err := openCheckpoint(b, c.l.verifier); err == nil {
				c.roots[cp.Size] = proof.Hash{}
			}
		}
		return nil
	}
}

// log reads entries.log up to the last signed size, filling in the roots.
func (c *checker) log() (err error) {
	f, err := c.l.fs.Open(c.l.path(logName))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r := bufio.NewReaderSize(io.NewSectionReader(f, 0, f.Size()), 1<<16)
	var tree proof.RowTree
	var at int64
	for i := range c.Size {
		n, err := c.record(r, i, at, &tree)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		at += n
		if _, ok := c.roots[i+1]; ok {
			c.roots[i+1] = tree.Root()
		}
	}
	if rest := f.Size() - at; rest > 0 && tree.Len() == c.Size {
		c.note("%s: %d bytes of an unfinished commit after entry %d", logName, rest, c.Size)
	}
	return nil
}

// record reads record i and returns its length in bytes, 0 where no further record can
// be found.
func (c *checker) record(r io.Reader, i uint64, at int64, tree *proof.RowTree) (int64, error) {
	where := fmt.Sprintf("%s: entry %d at byte %d", logName, i, at)
	var header [8]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return 0, c.short(where, err)
	}
	length := binary.BigEndian.Uint32(header[:4])
	if length < 1 || length > tallystick.MaxObject {
		c.problem("%s: length %d; the rest of the file cannot be read", where, length)
		return 0, nil
	}
	entry := make([]byte, length)
	if _, err := io.ReadFull(r, entry); err != nil {
		return 0, c.short(where, err)
	}
	sound := crc32.ChecksumIEEE(entry) == binary.BigEndian.Uint32(header[4:])
	if !sound {
		c.problem("%s: wrong CRC", where)
	}
	if err := checkEntry(entry); err != nil {
		c.problem("%s: %v", where, err)
		sound = false
	}
	if sound {
		c.Entries++
	}
	tree.Append(proof.LeafHash(entry))
	return int64(len(header)) + int64(length), nil
}

// short records that the file ends too early; other errors are the disk's.
func (c *checker) short(where string, err error) error {
	if err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	c.problem("%s: the file ends, but %d entries are signed", where, c.Size)
	return nil
}

// checkpoints checks every checkpoint on file against the derived roots.
func (c *checker) checkpoints() error {
	for _, size := range c.signed {
		signed, err := durable.ReadFile(c.l.fs, c.l.checkpointPath(size), maxNote)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("%s/%d", checkpointsName, size)
		if c.checkpoint(name, signed, size) {
			c.Checkpoints++
		}
	}
	return nil
}

// checkpoint checks one signed checkpoint; size 0 is any.
func (c *checker) checkpoint(name string, signed []byte, size uint64) bool {
	cp, err := openCheckpoint(signed, c.l.verifier)
	switch {
	case err != nil:
		c.problem("%s: %v", name, err)
	case size != 0 && cp.Size != size:
		c.problem("%s: is of size %d", name, cp.Size)
	case cp.Size > c.Size:
		c.problem("%s: signed at size %d, but the last checkpoint on file is %d", name, cp.Size, c.Size)
	case tlog.Hash(c.roots[cp.Size]) != cp.Root:
		c.problem("%s: the first %d entries do not give its root", name, cp.Size)
	default:
		return true
	}
	return false
}

// copies checks the copies of the last checkpoint.
func (c *checker) copies(old copies) func() error {
	return func() error {
		c.oneCopy(checkpointName, old.first)
		if c.l.opt.Second != "" {
			c.oneCopy(c.l.opt.Second, old.second)
		}
		return nil
	}
}

func (c *checker) oneCopy(name string, signed []byte) {
	if len(signed) == 0 {
		if c.Size > 0 {
			c.note("%s: not written yet", name)
		}
		return
	}
	if !c.checkpoint(name, signed, 0) {
		return
	}
	if cp, err := openCheckpoint(signed, c.l.verifier); err == nil && cp.Size < c.Size {
		c.note("%s: of size %d, behind the last checkpoint %d", name, cp.Size, c.Size)
	}
}

// leftovers notes unfinished files in all folders but checkpoints/.
func (c *checker) leftovers() error { return c.leftoversIn("") }

func (c *checker) leftoversIn(folder string) error {
	names, err := c.l.fs.List(c.l.path(folder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, name := range names {
		switch {
		case durable.Temporary(name):
			c.note("%s%s: unfinished, may be deleted while nobody writes", folder, name)
		case name[len(name)-1] == '/' && folder+name != checkpointsName+"/":
			if err := c.leftoversIn(folder + name); err != nil {
				return err
			}
		}
	}
	return nil
}
