package ledger

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/durable/durabletest"
)

const origin = "ledger.example/test"

// seeded returns a source of keys that is the same in every run.
func seeded() io.Reader { return rand.NewChaCha8([32]byte{1}) }

func options(fsys durable.FS) Options { return Options{FS: fsys, Rand: seeded()} }

func entry(i int) []byte {
	return fmt.Appendf(nil, "tally-exclude/v1\nvalue v%d\nreason test\n", i)
}

func entries(from, to int) (list [][]byte) {
	for i := from; i < to; i++ {
		list = append(list, entry(i))
	}
	return list
}

func plan(list ...[]byte) func(Head) ([][]byte, error) {
	return func(Head) ([][]byte, error) { return list, nil }
}

func mustCreate(t testing.TB, dir string, opt Options) *Ledger {
	t.Helper()
	l, err := Create(dir, origin, opt)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func mustCommit(t testing.TB, l *Ledger, list ...[]byte) Head {
	t.Helper()
	head, err := l.Commit(plan(list...))
	if err != nil {
		t.Fatal(err)
	}
	return head
}

// all reads every entry, by both roads.
func all(t testing.TB, l *Ledger) (list [][]byte) {
	t.Helper()
	for i, e := range l.Entries() {
		if i != uint64(len(list)) {
			t.Fatalf("entry %d after %d entries", i, len(list))
		}
		list = append(list, e)
	}
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	if uint64(len(list)) != l.Head().Size {
		t.Fatalf("%d entries, head %d", len(list), l.Head().Size)
	}
	return list
}

// mustBeWhole is the judge of the tests: Check finds nothing, and the ledger opens.
func mustBeWhole(t testing.TB, dir string, opt Options) *Ledger {
	t.Helper()
	report, err := Check(dir, opt)
	if err != nil || len(report.Problems) > 0 {
		t.Fatalf("Check: %v %q", err, report.Problems)
	}
	l, err := OpenReadOnly(dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	if report.Entries != l.Head().Size || report.Size != l.Head().Size {
		t.Fatalf("Check: %+v, head %d", report, l.Head().Size)
	}
	return l
}

// naiveRoot is RFC 6962, 2.1, as it is written there.
func naiveRoot(list [][]byte) tlog.Hash {
	switch n := len(list); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, list[0]...))
	default:
		k := 1
		for 2*k < n {
			k *= 2
		}
		left, right := naiveRoot(list[:k]), naiveRoot(list[k:])
		return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:]))
	}
}

// TestEverySize grows a ledger entry by entry and checks at every size its root, every
// entry, every inclusion proof and every consistency proof.
func TestEverySize(t *testing.T) {
	fsys := durabletest.New()
	l := mustCreate(t, "/led", options(fsys))
	var list [][]byte
	heads := []Head{l.Head()}
	for size := 0; size <= 300; size++ {
		if size > 0 {
			list = append(list, entry(size-1))
			heads = append(heads, mustCommit(t, l, list[size-1]))
		}
		head := heads[size]
		if head.Size != uint64(size) || head.Root != naiveRoot(list) {
			t.Fatalf("size %d: head %d %v, want root %v", size, head.Size, head.Root, naiveRoot(list))
		}
		checkProofs(t, l, list, heads)
		if size%37 == 0 || size == 300 {
			if got := all(t, mustBeWhole(t, "/led", options(fsys))); !slices.EqualFunc(got, list, bytes.Equal) {
				t.Fatalf("size %d: entries differ after reopening", size)
			}
		}
	}
}

func checkProofs(t *testing.T, l *Ledger, list [][]byte, heads []Head) {
	t.Helper()
	size := uint64(len(list))
	head := heads[size]
	for i := range size {
		p, err := l.ProveInclusion(i, size)
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckRecord(p, int64(size), head.Root, int64(i), tlog.RecordHash(list[i])); err != nil {
			t.Fatalf("entry %d in %d: %v", i, size, err)
		}
		if err := tlog.CheckRecord(p, int64(size), head.Root, int64(i), tlog.RecordHash([]byte("another"))); err == nil {
			t.Fatalf("entry %d in %d: another entry has the same proof", i, size)
		}
		c, err := l.ProveConsistency(i+1, size)
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckTree(c, int64(size), head.Root, int64(i+1), heads[i+1].Root); err != nil {
			t.Fatalf("from %d to %d: %v", i+1, size, err)
		}
	}
	if got, err := l.Entry(max(size, 1) - 1); size > 0 && (err != nil || !bytes.Equal(got, list[size-1])) {
		t.Fatalf("entry %d: %q %v", size-1, got, err)
	}
	if _, err := l.Entry(size); err == nil {
		t.Fatalf("entry %d exists", size)
	}
}

func TestHeadAt(t *testing.T) {
	l := mustCreate(t, "/led", options(durabletest.New()))
	if head, err := l.HeadAt(0); err != nil || head.Size != 0 {
		t.Fatalf("empty: %d %v", head.Size, err)
	}
	mustCommit(t, l, entries(0, 3)...)
	mustCommit(t, l, entries(3, 5)...)
	for at, want := range []uint64{3, 3, 3, 3, 5, 5} {
		head, err := l.HeadAt(uint64(at))
		if err != nil || head.Size != want || head.Root != naiveRoot(entries(0, int(want))) {
			t.Errorf("HeadAt(%d) = %d, %v; want %d", at, head.Size, err, want)
		}
		c, err := OpenCheckpoint(head.Note, l.VerifierKey())
		if err != nil || c != (Checkpoint{origin, want, head.Root}) {
			t.Errorf("HeadAt(%d): %+v %v", at, c, err)
		}
	}
	if _, err := l.HeadAt(6); err == nil {
		t.Error("HeadAt(6): no error")
	}
}

func TestCreateAndOpenRefuse(t *testing.T) {
	fsys := durabletest.New()
	opt := options(fsys)
	for _, bad := range []string{"", "a b", "a+b", "a\nb", "\u00e9"} {
		if _, err := Create("/bad", bad, opt); err == nil {
			t.Errorf("origin %q: no error", bad)
		}
	}
	if _, err := Open("/led", opt); !errors.Is(err, ErrNoLedger) {
		t.Errorf("Open of nothing: %v", err)
	}
	if _, err := Check("/led", opt); !errors.Is(err, ErrNoLedger) {
		t.Errorf("Check of nothing: %v", err)
	}
	l := mustCreate(t, "/led", opt)
	if _, err := Create("/led", origin, opt); !errors.Is(err, ErrLedger) {
		t.Errorf("second Create: %v", err)
	}
	mustCommit(t, l, entry(0))
	if err := fsys.Remove("/led/entries.log"); err != nil {
		t.Fatal(err)
	}
	if _, err := Open("/led", opt); !errors.Is(err, ErrRollback) {
		t.Errorf("Open without entries.log: %v", err)
	}
	if _, err := Create("/led", origin, opt); !errors.Is(err, ErrLedger) {
		t.Errorf("Create over what is left of a ledger: %v", err)
	}
}

func TestCommitRefuses(t *testing.T) {
	fsys := durabletest.New()
	l := mustCreate(t, "/led", options(fsys))
	huge := append([]byte("tally-exclude/v1\nvalue "), bytes.Repeat([]byte{'x'}, 65535)...)
	for _, bad := range []string{"", "x", "tally-unknown/v1\na b\n", "tally-exclude/v1\n", "tally-exclude/v1\na b", "tally-exclude/v1\na \x01\n", string(huge) + "\n"} {
		if _, err := l.Commit(plan(entry(0), []byte(bad))); err == nil {
			t.Errorf("entry %.40q: no error", bad)
		}
	}
	broken := errors.New("broken plan")
	if _, err := l.Commit(func(Head) ([][]byte, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("plan's error: %v", err)
	}
	if head, err := l.Commit(plan()); err != nil || head.Size != 0 {
		t.Errorf("empty plan: %d %v", head.Size, err)
	}
	reader := mustBeWhole(t, "/led", options(fsys))
	if _, err := reader.Commit(plan(entry(0))); !errors.Is(err, ErrReadOnly) {
		t.Errorf("Commit of a reader: %v", err)
	}
	if got := all(t, reader); len(got) != 0 {
		t.Errorf("%d entries", len(got))
	}
}

func TestSaltKey(t *testing.T) {
	fsys := durabletest.New()
	l := mustCreate(t, "/led", options(fsys))
	a, err := l.SaltKey()
	if err != nil || a == [32]byte{} {
		t.Fatalf("%x %v", a, err)
	}
	if b, err := mustBeWhole(t, "/led", options(fsys)).SaltKey(); err != nil || a != b {
		t.Fatalf("%x after reopening, was %x: %v", b, a, err)
	}
}

// TestReadersWriteNothing counts the acts that change anything.
func TestReadersWriteNothing(t *testing.T) {
	fsys := durabletest.New()
	mustCommit(t, mustCreate(t, "/led", options(fsys)), entries(0, 5)...)
	if err := durable.Append(fsys, "/led/entries.log", []byte("torn")); err != nil {
		t.Fatal(err)
	}
	fsys.Judge = func(op durabletest.Op) durabletest.Fault {
		switch op.Kind {
		case "open", "read", "close", "list":
			return durabletest.None
		}
		t.Errorf("a reader did %s %s", op.Kind, op.Name)
		return durabletest.None
	}
	l := mustBeWhole(t, "/led", options(fsys))
	all(t, l)
	if _, err := l.Reload(); err != nil {
		t.Fatal(err)
	}
}

func TestReload(t *testing.T) {
	fsys := durabletest.New()
	writer := mustCreate(t, "/led", options(fsys))
	reader := mustBeWhole(t, "/led", options(fsys))
	mustCommit(t, writer, entries(0, 5)...)
	head, err := reader.Reload()
	if err != nil || head.Size != 5 || len(all(t, reader)) != 5 {
		t.Fatalf("%d %v", head.Size, err)
	}
}
