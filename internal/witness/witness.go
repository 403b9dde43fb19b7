// Package witness knows how two who distrust each other keep a ledger honest from outside:
// a witness that cosigns each state which continues the last it saw (C2SP tlog-witness,
// tlog-cosignature), how a ledger asks one, and what two signed states prove that cannot
// both be true. It must never know what an entry means, nor a figure: a witness sees
// growth only, sizes, times and hashes.
//
// A witness is a folder:
//
//	witness.key   0600; its secret key, made by CreateKey
//	logs/<sha256 of the origin>    the last checkpoint it cosigned, below the line "time T"
//	forks/<sha256 of the origin>   evidence: the first checkpoint that it refused because
//	                               it had cosigned another of that size, and that other one
//	lock
//
// What a cosignature says: "at T, this is the largest state I have seen of this log, and
// every one that I saw before is a beginning of it". A witness whose folder is lost or put
// back to an older copy must not go on under its key: it has forgotten what it said.
package witness

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/tallystick/tallystick/internal/durable"
)

// Options say how a witness reaches the world. The zero Options are those of daily use.
type Options struct {
	FS   durable.FS       // nil: the machine's
	Now  func() time.Time // nil: time.Now
	Rand io.Reader        // source of keys; nil: crypto/rand
}

func (o Options) filled() Options {
	if o.FS == nil {
		o.FS = durable.OS{}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	return o
}

// Names below the folder of a witness.
const (
	keyName   = "witness.key"
	lockName  = "lock"
	logsName  = "logs"
	forksName = "forks"
)

// logKey is a key of a log.
type logKey struct {
	note.Verifier
	text string // name+hash+base64
}

// Witness cosigns the checkpoints of the logs that it was told of. Several goroutines and
// processes may use one folder.
type Witness struct {
	dir      string
	opt      Options
	cosigner *Cosigner
	logs     map[string][]logKey // by origin
}

// Open opens the witness of a folder that CreateKey made. logs are the verifier keys (C2SP
// signed-note, Ed25519) of the logs whose checkpoints it cosigns; a key's name is the
// origin of its log, which may have several.
func Open(dir string, logs []string, opt Options) (*Witness, error) {
	w := &Witness{dir: filepath.Clean(dir), opt: opt.filled(), logs: map[string][]logKey{}}
	for _, vkey := range logs {
		v, err := note.NewVerifier(vkey)
		if err != nil {
			return nil, fmt.Errorf("key of a log %.80q: %w", vkey, err)
		}
		w.logs[v.Name()] = append(w.logs[v.Name()], logKey{v, vkey})
	}
	var err error
	if w.cosigner, err = loadKey(w.opt.FS, w.path(keyName)); err != nil {
		return nil, fmt.Errorf("opening witness %s: %w", dir, err)
	}
	// Without its memory a witness would cosign anything once more.
	if _, err := w.opt.FS.List(w.path(logsName)); err != nil {
		return nil, fmt.Errorf("opening witness %s: its memory is gone, so its key must not be used again: %w", dir, err)
	}
	return w, nil
}

// VerifierKey returns the witness's public key: name+hash+base64, type 0x04.
func (w *Witness) VerifierKey() string { return w.cosigner.VerifierKey() }

// known are the keys of a log; none if the witness was not told of it.
func (w *Witness) known(origin string) note.Verifiers {
	var list []note.Verifier
	for _, k := range w.logs[origin] {
		list = append(list, k.Verifier)
	}
	return note.VerifierList(list...)
}

func (w *Witness) path(name string) string { return filepath.Join(w.dir, filepath.FromSlash(name)) }

// CreateKey makes a folder for a new witness, with a new key, and returns its verifier
// key. The name is by custom a domain and path that its owner holds. It fails with
// fs.ErrExist if the folder has a key already.
func CreateKey(dir, name string, opt Options) (string, error) {
	opt = opt.filled()
	dir = filepath.Clean(dir)
	c, err := newCosigner(name, opt.Rand)
	if err != nil {
		return "", err
	}
	for _, folder := range []string{dir, filepath.Join(dir, logsName), filepath.Join(dir, forksName)} {
		if err := durable.MkdirAll(opt.FS, "", folder, 0o700); err != nil {
			return "", fmt.Errorf("making a witness: %w", err)
		}
	}
	// The key comes last: with it the folder is a witness.
	err = durable.CreateNew(opt.FS, filepath.Join(dir, keyName), []byte(c.secret()+"\n"), 0o600)
	if errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("%s has a key already: %w", dir, err)
	}
	return c.VerifierKey(), err
}
