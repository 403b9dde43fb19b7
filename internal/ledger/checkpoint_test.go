package ledger

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/tallystick/tallystick/internal/durable/durabletest"
)

const exampleRoot = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

func TestCheckpointText(t *testing.T) {
	text := "example.com/behind-the-sofa\n20852163\n" + exampleRoot + "\n" // C2SP tlog-checkpoint
	c, err := ParseCheckpoint(text)
	if err != nil || c.Origin != "example.com/behind-the-sofa" || c.Size != 20852163 || c.Root.String() != exampleRoot {
		t.Fatalf("%+v %v", c, err)
	}
	if got := FormatCheckpoint(c); got != text {
		t.Fatalf("written again: %q", got)
	}
	for _, bad := range []string{
		"", "\n", text[1 : len(text)-1], text + "extension\n", text + "\n",
		strings.Replace(text, "example.com/behind-the-sofa", "", 1),
		strings.Replace(text, "2085", "02085", 1),
		strings.Replace(text, "2085", "+2085", 1),
		strings.Replace(text, "20852163", "9007199254740992", 1),
		strings.Replace(text, "20852163", "", 1),
		strings.Replace(text, "I=", "J=", 1), // same bytes, other trailing bits
		strings.Replace(text, "I=", "=", 1),
		strings.Replace(text, "I=", "I=\r", 1),
	} {
		if c, err := ParseCheckpoint(bad); err == nil {
			t.Errorf("%q: read as %+v", bad, c)
		}
	}
}

func TestOpenCheckpoint(t *testing.T) {
	l := mustCreate(t, "/led", options(durabletest.New()))
	head := mustCommit(t, l, entry(0))
	if c, err := OpenCheckpoint(head.Note, l.VerifierKey()); err != nil || c.Size != 1 || c.Root != head.Root {
		t.Fatalf("%+v %v", c, err)
	}
	other := mustCreate(t, "/other", Options{FS: durabletest.New()})
	if _, err := OpenCheckpoint(head.Note, other.VerifierKey()); err == nil {
		t.Error("opens with another key of the same name")
	}
	if _, err := OpenCheckpoint(head.Note, "no key"); err == nil {
		t.Error("opens with no key")
	}
	text := FormatCheckpoint(Checkpoint{"other.example", 1, head.Root})
	foreign, err := note.Sign(&note.Note{Text: text}, l.signer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCheckpoint(foreign, l.VerifierKey()); err == nil {
		t.Error("opens for another origin")
	}
}

func FuzzParseCheckpoint(f *testing.F) {
	f.Add("example.com/log\n1\n" + exampleRoot + "\n")
	f.Add("a\n0\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := ParseCheckpoint(text); err == nil && FormatCheckpoint(c) != text {
			t.Errorf("%q read, written as %q", text, FormatCheckpoint(c))
		}
	})
}

// FuzzOpen opens and checks a ledger whose log is arbitrary bytes: neither panics, and
// where Check finds nothing the committed entry is the one that was signed.
func FuzzOpen(f *testing.F) {
	f.Add(appendRecord(nil, entry(0)))
	f.Add(appendRecord(appendRecord(nil, entry(0)), entry(1)))
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 0})
	f.Add([]byte{255, 255, 255, 255, 0, 0, 0, 0})
	whole := durabletest.New()
	l, err := Create("/led", origin, options(whole))
	if err != nil {
		f.Fatal(err)
	}
	mustCommit(f, l, entry(0))
	f.Fuzz(func(t *testing.T, log []byte) {
		fsys := whole.Clone()
		overwrite(t, fsys, "/led/entries.log", log)
		report, err := Check("/led", options(fsys))
		if err != nil {
			t.Fatal(err)
		}
		l, err := Open("/led", options(fsys))
		if (len(report.Problems) == 0) != (err == nil) {
			t.Fatalf("Check %q, Open %v", report.Problems, err)
		}
		if err != nil {
			return
		}
		if got := all(t, l); len(got) != 1 || !bytes.Equal(got[0], entry(0)) {
			t.Fatalf("entries %q", got)
		}
	})
}

func TestTreeRange(t *testing.T) {
	if _, err := (tree{}).root(1); err == nil {
		t.Error("root beyond the tree: no error")
	}
	if _, err := (tree{}).ReadHashes([]int64{0}); err == nil {
		t.Error("hash beyond the tree: no error")
	}
	l := &Ledger{}
	l.state.Store(&state{tree: tree{}})
	if _, err := l.ProveInclusion(0, 1); err == nil {
		t.Error("inclusion beyond the tree: no error")
	}
	if _, err := l.ProveConsistency(0, 0); err == nil {
		t.Error("consistency from nothing: no error")
	}
}
