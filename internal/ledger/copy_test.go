package ledger

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/tallystick/tallystick/internal/durable/durabletest"
)

// TestCopyWithoutKeys: a ledger handed on without its private keys is whole; Check notes
// what cannot be done with it. It is read, and not written.
func TestCopyWithoutKeys(t *testing.T) {
	fsys := durabletest.New()
	opt := options(fsys)
	l := mustCreate(t, "/led", opt)
	mustCommit(t, l, entries(0, 3)...)
	for _, c := range []struct{ name, note string }{
		{signerName, "can be read and checked, not written"}, {saltName, "rows cannot be compared"},
	} {
		if err := fsys.Remove("/led/" + c.name); err != nil {
			t.Fatal(err)
		}
		report, err := Check("/led", opt)
		noted := slices.ContainsFunc(report.Notes, func(note string) bool {
			return strings.HasPrefix(note, c.name+": ") && strings.Contains(note, c.note)
		})
		if err != nil || len(report.Problems) > 0 || report.Checkpoints != 1 || !noted {
			t.Errorf("without %s: %v %+v", c.name, err, report)
		}
	}
	if _, err := OpenReadOnly("/led", opt); err != nil {
		t.Error(err)
	}
	if _, err := Open("/led", opt); err == nil {
		t.Error("opened for writing without a key")
	}
}

// TestPutAside: what is set aside is replaced at will, by writers only, and never where
// the ledger keeps its own.
func TestPutAside(t *testing.T) {
	fsys := durabletest.New()
	opt := options(fsys)
	l := mustCreate(t, "/led", opt)
	for _, content := range []string{"one", "another"} {
		if err := l.PutAside("aside/3/columns.txt", []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got, err := l.Get("aside/3/columns.txt"); err != nil || string(got) != content {
			t.Errorf("%q, %v; want %q", got, err, content)
		}
	}
	if err := l.PutAside("keys/log.key", nil); err == nil {
		t.Error("the key was replaced")
	}
	reader, err := OpenReadOnly("/led", opt)
	if err != nil {
		t.Fatal(err)
	}
	if err := reader.PutAside("aside/3/columns.txt", nil); !errors.Is(err, ErrReadOnly) {
		t.Error(err)
	}
}
