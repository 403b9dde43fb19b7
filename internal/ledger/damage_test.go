package ledger

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/durable/durabletest"
)

// overwrite gives a file of the file system other content.
func overwrite(t *testing.T, fsys durable.FS, name string, content []byte) {
	t.Helper()
	if err := durable.Replace(fsys, name, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, fsys durable.FS, name string) []byte {
	t.Helper()
	b, err := durable.ReadFile(fsys, name, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestFlippedByte flips each byte of each file that holds what is signed; Check finds
// every one, and a writer refuses the ledger or heals it.
func TestFlippedByte(t *testing.T) {
	fsys := durabletest.New()
	opt := options(fsys)
	l := mustCreate(t, "/led", opt)
	mustCommit(t, l, entries(0, 3)...)
	mustCommit(t, l, entries(3, 5)...)
	for _, name := range []string{"entries.log", "checkpoints/3", "checkpoints/5", "checkpoint", "keys/log.pub", "keys/log.key", "keys/salt.key"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("/led", name)
			good := read(t, fsys, path)
			for i := range good {
				for _, flip := range []byte{0x01, 0x80} {
					bad := append([]byte(nil), good...)
					bad[i] ^= flip
					damaged := fsys.Clone()
					overwrite(t, damaged, path, bad)
					mustFind(t, damaged, fmt.Sprintf("byte %d ^ %#x", i, flip), name != "checkpoint" && name != "keys/salt.key")
				}
			}
		})
	}
}

func mustFind(t *testing.T, damaged *durabletest.FS, what string, refuse bool) {
	t.Helper()
	opt := options(damaged)
	if report, err := Check("/led", opt); err == nil && (len(report.Problems) == 0) {
		t.Errorf("%s: Check finds nothing", what)
	}
	_, err := Open("/led", opt)
	if refuse && err == nil {
		t.Errorf("%s: opens", what)
	}
	if !refuse && err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

// TestCheckListsEverything damages several places at once.
func TestCheckListsEverything(t *testing.T) {
	fsys := durabletest.New()
	opt := options(fsys)
	l := mustCreate(t, "/led", opt)
	for i := range 5 {
		mustCommit(t, l, entry(i))
	}
	log := read(t, fsys, "/led/entries.log")
	size := len(log) / 5
	log[0*size+20] ^= 1
	log[3*size+20] ^= 1
	overwrite(t, fsys, "/led/entries.log", append(log, "tail"...))
	overwrite(t, fsys, "/led/checkpoints/2", []byte("no note\n"))
	overwrite(t, fsys, "/led/checkpoints/stray", nil)
	overwrite(t, fsys, "/led/segments.0.tmp", nil)
	report, err := Check("/led", opt)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(report.Problems, "\n")
	for _, want := range []string{"entry 0 at byte 0: wrong CRC", "entry 3 at", "checkpoints/1: the first 1 entries", "checkpoints/2: ", "checkpoints/3: ", "checkpoints/5: ", "checkpoints/stray: ", "checkpoint: "} {
		if !strings.Contains(text, want) {
			t.Errorf("no problem %q in:\n%s", want, text)
		}
	}
	if notes := strings.Join(report.Notes, "\n"); !strings.Contains(notes, "4 bytes of an unfinished commit") {
		t.Errorf("notes:\n%s", notes)
	}
	if report.Size != 5 || report.Checkpoints != 0 {
		t.Errorf("%+v", report)
	}
}

// TestRollback restores an older copy of the folder; the second copy of the note, kept
// elsewhere, is not restored.
func TestRollback(t *testing.T) {
	for _, c := range []struct {
		name           string
		second, append bool
		want           error
	}{
		{"second copy newer", true, false, ErrRollback},
		{"second copy of another history", true, true, ErrRollback},
		{"no second copy: cannot be seen", false, false, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys := durabletest.New()
			opt := options(fsys)
			opt.Second = "/note"
			l := mustCreate(t, "/led", opt)
			mustCommit(t, l, entries(0, 3)...)
			backup := fsys.Clone()
			mustCommit(t, l, entries(3, 13)...)
			restored := opt
			restored.FS, restored.Second = backup, ""
			if c.append {
				mustCommit(t, mustBeWriter(t, "/led", restored), entries(20, 35)...)
			}
			if c.second {
				overwrite(t, backup, "/note", read(t, fsys, "/note"))
				restored.Second = "/note"
			}
			_, err := Open("/led", restored)
			if !errors.Is(err, c.want) {
				t.Fatalf("Open: %v, want %v", err, c.want)
			}
			report, err := Check("/led", restored)
			if err != nil || (len(report.Problems) == 0) != (c.want == nil) {
				t.Fatalf("Check: %v %q", err, report.Problems)
			}
		})
	}
}

// TestRollbackUnderAHandle takes committed things away while the ledger is open.
func TestRollbackUnderAHandle(t *testing.T) {
	for _, c := range []struct {
		name string
		harm func(t *testing.T, fsys *durabletest.FS)
	}{
		{"last checkpoint gone", func(t *testing.T, fsys *durabletest.FS) {
			if err := fsys.Remove("/led/checkpoints/5"); err != nil {
				t.Fatal(err)
			}
		}},
		{"last checkpoint of another history", func(t *testing.T, fsys *durabletest.FS) {
			overwrite(t, fsys, "/led/checkpoints/5", read(t, fsys, "/led/checkpoints/3"))
		}},
		{"entries cut", func(t *testing.T, fsys *durabletest.FS) {
			overwrite(t, fsys, "/led/checkpoints/6", read(t, fsys, "/led/checkpoints/5"))
			overwrite(t, fsys, "/led/entries.log", read(t, fsys, "/led/entries.log")[:100])
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys := durabletest.New()
			l := mustCreate(t, "/led", options(fsys))
			mustCommit(t, l, entries(0, 3)...)
			mustCommit(t, l, entries(3, 5)...)
			c.harm(t, fsys)
			if _, err := l.Commit(plan(entry(5))); !errors.Is(err, ErrRollback) {
				t.Errorf("Commit: %v", err)
			}
			if _, err := Open("/led", options(fsys)); err == nil {
				t.Error("Open: no error")
			}
		})
	}
}

func TestSecondMissing(t *testing.T) {
	fsys := durabletest.New()
	opt := options(fsys)
	mustCommit(t, mustCreate(t, "/led", opt), entry(0))
	opt.Second = "/note"
	if _, err := Open("/led", opt); err == nil {
		t.Fatal("opens without its second copy")
	}
	overwrite(t, fsys, "/note", nil)
	head := mustCommit(t, mustBeWriter(t, "/led", opt), entry(1))
	if got := read(t, fsys, "/note"); string(got) != string(head.Note) {
		t.Fatalf("second copy %q", got)
	}
}

// TestForeignEntry signs an entry of a type that does not exist.
func TestForeignEntry(t *testing.T) {
	fsys := durabletest.New()
	opt := options(fsys)
	l := mustCreate(t, "/led", opt)
	foreign := []byte("tally-unknown/v1\na b\n")
	next, err := tree{}.with(foreign)
	if err != nil {
		t.Fatal(err)
	}
	head, err := l.sign(next)
	if err != nil {
		t.Fatal(err)
	}
	overwrite(t, fsys, "/led/entries.log", appendRecord(nil, foreign))
	overwrite(t, fsys, "/led/checkpoints/1", head.Note)
	if report, err := Check("/led", opt); err != nil || len(report.Problems) != 1 {
		t.Errorf("Check: %v %q", err, report.Problems)
	}
	if _, err := Open("/led", opt); !errors.Is(err, ErrDamaged) {
		t.Errorf("Open: %v", err)
	}
}
