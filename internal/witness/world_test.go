package witness

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	fnote "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/durable/durabletest"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/policy"
)

const (
	origin      = "ledger.example/test"
	witnessName = "accused.example/witness"
	folder      = "/witness"
)

// clock is a time that goes on by a second whenever it is asked.
type clock struct{ at int64 }

func (c *clock) now() time.Time {
	c.at++
	return time.Unix(c.at, 0)
}

func witnessOptions(fsys durable.FS) Options {
	c := &clock{at: 1_700_000_000}
	return Options{FS: fsys, Now: c.now, Rand: rand.NewChaCha8([32]byte{2})}
}

func newLedger(t testing.TB, fsys durable.FS) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Create("/led", origin, ledger.Options{FS: fsys, Rand: rand.NewChaCha8([32]byte{1})})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func entry(word string, i int) []byte {
	return fmt.Appendf(nil, "tally-exclude/v1\nvalue %s%d\nreason test\n", word, i)
}

// grow commits entries until the ledger has the size, and returns its head.
func grow(t testing.TB, l *ledger.Ledger, word string, size uint64) Head {
	t.Helper()
	_, err := l.Commit(func(h ledger.Head) (list [][]byte, err error) {
		for i := h.Size; i < size; i++ {
			list = append(list, entry(word, int(i)))
		}
		return list, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return headOf(l)
}

func headOf(l *ledger.Ledger) Head {
	h := l.Head()
	return Head{h.Size, h.Note, func(old uint64) (tlog.TreeProof, error) { return l.ProveConsistency(old, h.Size) }}
}

func newWitness(t testing.TB, fsys durable.FS, logs ...string) *Witness {
	t.Helper()
	opt := witnessOptions(fsys)
	if _, err := CreateKey(folder, witnessName, opt); err != nil {
		t.Fatal(err)
	}
	return open(t, fsys, logs...)
}

func open(t testing.TB, fsys durable.FS, logs ...string) *Witness {
	t.Helper()
	w, err := Open(folder, logs, witnessOptions(fsys))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// request writes the request to cosign a head, from size old.
func request(t testing.TB, h Head, old uint64) []byte {
	t.Helper()
	r, err := h.Request(old)
	if err != nil {
		t.Fatal(err)
	}
	return r.Format()
}

// cosigned fails unless the lines are one good cosignature of the note by the witness, for
// package formats, and returns its time.
func cosigned(t testing.TB, w *Witness, signed, lines []byte) time.Time {
	t.Helper()
	v, err := fnote.NewVerifierForCosignatureV1(w.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(append(bytes.Clone(signed), lines...), note.VerifierList(v))
	if err != nil || len(n.Sigs) != 1 || bytes.Count(lines, []byte("\n")) != 1 {
		t.Fatalf("lines %q: %v", lines, err)
	}
	at, err := fnote.CoSigV1Timestamp(n.Sigs[0])
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// mustRefuse fails unless the error is a refusal of the status.
func mustRefuse(t testing.TB, err error, status int) *Refusal {
	t.Helper()
	var no *Refusal
	if !errors.As(err, &no) || no.Status != status {
		t.Fatalf("want refusal %d: %v", status, err)
	}
	return no
}

// signAs signs the text of a checkpoint with the key of a log.
func signAs(t testing.TB, skey, text string) []byte {
	t.Helper()
	s, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := note.Sign(&note.Note{Text: text}, s)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func newLogKey(t testing.TB, name string, seed byte) (skey, vkey string) {
	t.Helper()
	skey, vkey, err := note.GenerateKey(rand.NewChaCha8([32]byte{seed}), name)
	if err != nil {
		t.Fatal(err)
	}
	return skey, vkey
}

func checkpoint(name string, size uint64, root tlog.Hash) string {
	return ledger.FormatCheckpoint(ledger.Checkpoint{Origin: name, Size: size, Root: root})
}

// forked returns two ledgers with one key, which agree up to size 3 and not after it.
func forked(t testing.TB) (a, b *ledger.Ledger) {
	t.Helper()
	fsys := durabletest.New()
	a = newLedger(t, fsys)
	grow(t, a, "v", 3)
	b, err := ledger.Open("/led", ledger.Options{FS: fsys.Clone()})
	if err != nil {
		t.Fatal(err)
	}
	return a, b
}

func read(t testing.TB, fsys durable.FS, name string) string {
	t.Helper()
	b, err := durable.ReadFile(fsys, name, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// remembered returns the only file of a folder of the witness.
func remembered(t testing.TB, fsys durable.FS, name string) string {
	t.Helper()
	names, err := fsys.List(folder + "/" + name)
	if err != nil || len(names) != 1 {
		t.Fatalf("%s: %q %v", name, names, err)
	}
	return read(t, fsys, folder+"/"+name+"/"+names[0])
}

func lastLine(b []byte) string {
	lines := strings.SplitAfter(string(b), "\n")
	return lines[len(lines)-2]
}

// peer is a witness as others see it.
func peer(t testing.TB, vkey, url string) Peer {
	t.Helper()
	p, err := policy.NewWitness("", vkey, url)
	if err != nil {
		t.Fatal(err)
	}
	return Peer{p}
}
