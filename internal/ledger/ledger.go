// Package ledger keeps an append-only, signed list of entries and the files beside it:
// creating, opening and healing it, committing to it, proving from it, and Check, which
// re-derives everything. It must never know what an entry means: of an entry it reads
// the first line only, to refuse types that do not exist.
//
// On disk (doc/formats/ledger.md; proof protocol 3.1):
//
//	entries.log          records: u32 length | u32 CRC-32 (IEEE) | bytes, big-endian
//	checkpoints/<size>   C2SP tlog-checkpoint, a signed note; one a commit, kept for ever
//	checkpoint           copy of the last of them, healed at opening
//	cosigned/<size>      checkpoints/<size> with the cosignatures of witnesses behind it
//	keys/                0600: log.key (note signer), log.pub (note verifier), salt.key
//	lock                 advisory lock of the writers
//	anything/else        content: files put beside the entries that name them
//
// Creating checkpoints/<size> under a name that must not exist is the commit point: two
// writers cannot both make one size. Before it nothing happened, after it everything
// did. Bytes in entries.log above the last signed size belong to nobody and are cut off
// by the next writer.
//
// Writers hold the lock while they append: the commit point alone would not keep two of
// them from writing over each other's records. Readers take no lock.
//
// A ledger cannot see that it was restored whole from an older copy of its folder. A
// second copy of the last note on another device (Options.Second) can, and so can a
// witness.
package ledger

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"sync/atomic"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/tallystick/tallystick/internal/durable"
)

// The classes of failure that a caller decides by.
var (
	// ErrNoLedger: there is no ledger in the folder.
	ErrNoLedger = errors.New("no ledger here")
	// ErrLedger: Create was asked for where a ledger is already.
	ErrLedger = errors.New("there is a ledger here already")
	// ErrRollback: what is on disk is not a continuation of what was signed before.
	// Nothing may be signed here until a person has found out why.
	ErrRollback = errors.New("ledger was rolled back or forked")
	// ErrDamaged: the disk does not hold what was written, or something foreign.
	ErrDamaged = errors.New("ledger is damaged")
	// ErrUnsettled: Commit cannot say whether its entries are in; the next Commit,
	// Reload or Open can.
	ErrUnsettled = errors.New("the commit may or may not have happened")
	// ErrCommitted: the entries are committed and durable; a later step failed, such
	// as writing a copy of the checkpoint.
	ErrCommitted = errors.New("committed, but")
	// ErrReadOnly: the ledger was opened for reading.
	ErrReadOnly = errors.New("ledger is open for reading only")
)

// Options say how to reach a ledger. The zero Options are those of daily use.
type Options struct {
	FS   durable.FS // nil: the machine's
	Rand io.Reader  // source of keys; nil: crypto/rand
	// Second is the path of a further copy of the last signed note, best on another
	// device or machine: with it, a ledger restored from an old copy of its folder is
	// refused. "" keeps none. Create starts it; for an existing ledger, make an empty
	// file there. A missing one is an error, since a device may not be mounted.
	Second string
}

func (o Options) filled() Options {
	if o.FS == nil {
		o.FS = durable.OS{}
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	return o
}

// Ledger is an open ledger. Its methods may be called by several goroutines; other
// handles and processes may write to the same folder meanwhile. It holds no file open,
// so there is nothing to close.
type Ledger struct {
	dir      string
	opt      Options
	fs       durable.FS
	verifier note.Verifier
	vkey     string
	signer   note.Signer // nil when open for reading

	writing sync.Mutex // held by Commit and Reload; state is stored under it
	state   atomic.Pointer[state]

	mu      sync.Mutex
	folders map[string]bool // content folders known to be durable; under mu
	err     error           // the first failure of Entries; under mu
}

// state is what a handle knows of the ledger. It is never changed, only replaced.
type state struct {
	tree   tree
	signed []uint64 // sizes with a checkpoint on file, ascending
	head   Head
}

// Head is a signed state of the ledger.
type Head struct {
	Size uint64    // number of entries
	Root tlog.Hash // RFC 6962 root
	Note []byte    // the signed checkpoint, nil for the empty ledger
}

// Origin returns the name of the ledger, which is also that of its key.
func (l *Ledger) Origin() string { return l.verifier.Name() }

// VerifierKey returns the public key in the form of signed notes: name+hash+base64.
func (l *Ledger) VerifierKey() string { return l.vkey }

// Head returns the last signed state as of Open, Reload or the last Commit of this
// handle. The caller must not change the Note.
func (l *Ledger) Head() Head { return l.state.Load().head }

// HeadAt returns the signed state on file with the smallest size that is at least size.
func (l *Ledger) HeadAt(size uint64) (Head, error) {
	st := l.state.Load()
	if size == 0 && st.head.Size == 0 {
		return st.head, nil
	}
	for _, n := range st.signed {
		if n >= size {
			return l.readHead(n, st.tree)
		}
	}
	return Head{}, fmt.Errorf("no checkpoint of size %d or more: the ledger has %d entries", size, st.head.Size)
}

func (l *Ledger) path(name string) string { return filepath.Join(l.dir, filepath.FromSlash(name)) }
