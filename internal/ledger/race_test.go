package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/durable/durabletest"
)

// TestWritersRace lets goroutines with handles of their own, and two with one handle,
// commit at once: every entry is there once, those of one commit side by side.
func TestWritersRace(t *testing.T) {
	for name, opt := range map[string]Options{"memory": options(durabletest.New()), "disk": {Rand: seeded()}} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "led")
			shared := mustCreate(t, dir, opt)
			const writers, commits = 4, 8
			var group sync.WaitGroup
			for w := range writers {
				l := shared
				if w >= 2 {
					var err error
					if l, err = Open(dir, opt); err != nil {
						t.Fatal(err)
					}
				}
				group.Go(func() { commitPairs(t, l, w, commits) })
			}
			group.Wait()
			checkPairs(t, all(t, mustBeWhole(t, dir, opt)), writers*commits)
		})
	}
}

func pair(writer, n int) [][]byte {
	half := func(h string) []byte {
		return fmt.Appendf(nil, "tally-exclude/v1\nvalue %d-%d-%s\nreason test\n", writer, n, h)
	}
	return [][]byte{half("a"), half("b")}
}

func commitPairs(t *testing.T, l *Ledger, writer, commits int) {
	for n := range commits {
		if _, err := l.Commit(plan(pair(writer, n)...)); err != nil {
			t.Error(err)
		}
	}
}

func checkPairs(t *testing.T, list [][]byte, want int) {
	t.Helper()
	seen := map[string]bool{}
	for p := range slices.Chunk(list, 2) {
		if len(p) != 2 || !bytes.Equal(p[1], bytes.Replace(p[0], []byte("-a\n"), []byte("-b\n"), 1)) || seen[string(p[0])] {
			t.Fatalf("torn or doubled: %q", p)
		}
		seen[string(p[0])] = true
	}
	if len(seen) != want {
		t.Fatalf("%d commits, want %d", len(seen), want)
	}
}

// TestLostRace lets another writer commit in the middle of a commit, where locks
// exclude nobody: while planning, and just before the commit point.
func TestLostRace(t *testing.T) {
	for _, when := range []string{"planning", "commit point"} {
		t.Run(when, func(t *testing.T) {
			fsys := durabletest.New()
			fsys.NoLocks = true
			opt := options(fsys)
			a := mustCreate(t, "/led", opt)
			mustCommit(t, a, entry(0))
			b := mustBeWriter(t, "/led", opt)
			done := false
			rival := func() {
				if !done {
					done = true
					mustCommit(t, b, entry(1))
				}
			}
			if when == "commit point" {
				fsys.Judge = func(op durabletest.Op) durabletest.Fault {
					if op.Kind == "link" && strings.HasSuffix(op.Name, "checkpoints/2") {
						rival()
					}
					return durabletest.None
				}
			}
			var heads []uint64
			head, err := a.Commit(func(head Head) ([][]byte, error) {
				heads = append(heads, head.Size)
				if when == "planning" {
					rival()
				}
				return [][]byte{entry(2)}, nil
			})
			if err != nil || head.Size != 3 || !slices.Equal(heads, []uint64{1, 2}) {
				t.Fatalf("head %d, planned at %d: %v", head.Size, heads, err)
			}
			if got := all(t, mustBeWhole(t, "/led", opt)); !slices.EqualFunc(got, entries(0, 3), bytes.Equal) {
				t.Fatalf("entries %q", got)
			}
		})
	}
}

func mustBeWriter(t *testing.T, dir string, opt Options) *Ledger {
	t.Helper()
	l, err := Open(dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestUnsettled loses every answer from the commit point on.
func TestUnsettled(t *testing.T) {
	fsys := durabletest.New()
	opt := options(fsys)
	l := mustCreate(t, "/led", opt)
	lost := false
	fsys.Judge = func(op durabletest.Op) durabletest.Fault {
		lost = lost || op.Kind == "link" && strings.HasSuffix(op.Name, "checkpoints/1")
		if lost {
			return durabletest.Done
		}
		return durabletest.None
	}
	if _, err := l.Commit(plan(entry(0))); !errors.Is(err, ErrUnsettled) {
		t.Fatalf("want ErrUnsettled: %v", err)
	}
	fsys.Judge = nil
	var planned uint64
	if _, err := l.Commit(func(head Head) ([][]byte, error) { planned = head.Size; return nil, nil }); err != nil || planned != 1 {
		t.Fatalf("planned at %d: %v", planned, err)
	}
}

// TestCommittedBut fails the copies after the commit point.
func TestCommittedBut(t *testing.T) {
	fsys := durabletest.New()
	opt := options(fsys)
	l := mustCreate(t, "/led", opt)
	fsys.Judge = func(op durabletest.Op) durabletest.Fault {
		if op.Kind == "rename" {
			return durabletest.Fail
		}
		return durabletest.None
	}
	head, err := l.Commit(plan(entry(0)))
	if !errors.Is(err, ErrCommitted) || head.Size != 1 {
		t.Fatalf("head %d: %v", head.Size, err)
	}
	fsys.Judge = nil
	report, err := Check("/led", opt)
	if err != nil || len(report.Problems) > 0 || len(report.Notes) != 1 {
		t.Fatalf("%+v %v", report, err)
	}
	mustBeWriter(t, "/led", opt)
	if report, err = Check("/led", opt); err != nil || len(report.Problems) > 0 || len(report.Notes) != 0 {
		t.Fatalf("after healing: %+v %v", report, err)
	}
}

func TestPut(t *testing.T) {
	fsys := durabletest.New()
	l := mustCreate(t, "/led", options(fsys))
	for range 2 {
		if err := l.Put("segments/2014/03/a", []byte("rows")); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Put("segments/2014/03/a", []byte("rowz")); !errors.Is(err, durable.ErrContent) {
		t.Errorf("other content: %v", err)
	}
	if err := l.Put("segments/2014/02/b", nil); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"", "a", "keys/x", "KEYS/x", "checkpoints/9", "Entries.log/x", "lock/x", "../x/y", "/x/y", "a/../b", "a//b", "a/.b", ".a/b", "a/"} {
		if err := l.Put(bad, []byte("x")); err == nil {
			t.Errorf("Put(%q): no error", bad)
		}
		if _, err := l.Get(bad); err == nil {
			t.Errorf("Get(%q): no error", bad)
		}
	}
	got, err := l.List("segments")
	if want := []string{"segments/2014/02/b", "segments/2014/03/a"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("List = %q, %v; want %q", got, err, want)
	}
	if none, err := l.List("nothing"); err != nil || none != nil {
		t.Errorf("List of nothing = %q, %v", none, err)
	}
	f, err := l.OpenFile("segments/2014/03/a")
	if err != nil || f.Size() != 4 {
		t.Fatalf("OpenFile: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}
