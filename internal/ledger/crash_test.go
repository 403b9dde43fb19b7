package ledger

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/durable/durabletest"
)

// story is a small life of a ledger: what a client wants done, in order. Each commit
// drops what is known already, so a step may be repeated after an error.
type story struct {
	fs      *durabletest.FS
	opt     Options
	l       *Ledger
	settled int // entries that a commit has acknowledged
}

const (
	secondCopy = "/second/note"
	storyTotal = 4
	storyFile  = "segments/2014/03/a"
)

func newStory(noLinks bool) *story {
	fsys := durabletest.New()
	fsys.NoLinks = noLinks
	if err := durable.MkdirAll(fsys, "", "/second", 0o755); err != nil {
		panic(err)
	}
	opt := options(fsys)
	opt.Second = secondCopy
	return &story{fs: fsys, opt: opt}
}

func (s *story) steps() []func() error {
	return []func() error{
		s.open,
		func() error { return s.commit(1) },
		func() error { return s.l.Put(storyFile, []byte("rows")) },
		func() error { return s.commit(3) },
		func() error { return s.commit(4) },
	}
}

// open opens the ledger, made if missing.
func (s *story) open() (err error) {
	if s.l, err = Open("/led", s.opt); errors.Is(err, ErrNoLedger) {
		s.opt.Rand = seeded()
		s.l, err = Create("/led", origin, s.opt)
	}
	return err
}

// commit brings the ledger to the size.
func (s *story) commit(size int) error {
	_, err := s.l.Commit(func(head Head) ([][]byte, error) {
		return entries(int(head.Size), size), nil
	})
	if err == nil || errors.Is(err, ErrCommitted) {
		s.settled = size
	}
	return err
}

// judge fails unless the ledger on fsys is whole, holds every acknowledged entry, and
// ends where a commit ended.
func (s *story) judge(t *testing.T, fsys *durabletest.FS) {
	t.Helper()
	opt := s.opt
	opt.FS, opt.Rand = fsys, seeded()
	report, err := Check("/led", opt)
	if errors.Is(err, ErrNoLedger) && s.settled == 0 {
		return
	}
	if err != nil || len(report.Problems) > 0 {
		t.Fatalf("Check before healing: %v %q", err, report.Problems)
	}
	l, err := Open("/led", opt)
	if err != nil {
		t.Fatal(err)
	}
	got := all(t, mustBeWhole(t, "/led", opt))
	if want := entries(0, len(got)); !slices.EqualFunc(got, want, bytes.Equal) {
		t.Fatalf("entries %q", got)
	}
	if len(got) < s.settled || !slices.Contains([]int{0, 1, 3, 4}, len(got)) {
		t.Fatalf("%d entries, %d acknowledged", len(got), s.settled)
	}
	if l.Head().Size > 1 {
		if b, err := l.Get(storyFile); err != nil || string(b) != "rows" {
			t.Fatalf("committed content: %q %v", b, err)
		}
	}
}

// forEachKind runs a test with and without hard links.
func forEachKind(t *testing.T, f func(t *testing.T, noLinks bool)) {
	t.Run("links", func(t *testing.T) { t.Parallel(); f(t, false) })
	t.Run("no links", func(t *testing.T) { t.Parallel(); f(t, true) })
}

// storyActs returns the acts of the story when nothing fails.
func storyActs(t *testing.T, noLinks bool) (acts []durabletest.Op) {
	s := newStory(noLinks)
	s.fs.Judge = func(op durabletest.Op) durabletest.Fault {
		acts = append(acts, op)
		return durabletest.None
	}
	for _, step := range s.steps() {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	s.judge(t, s.fs.Clone())
	return acts
}

// changes reports whether the act can change the disk.
func changes(op durabletest.Op) bool {
	return !slices.Contains([]string{"open", "read", "close", "list", "lock", "unlock"}, op.Kind)
}

// TestCrash kills the story behind each of its acts, and judges every state that the
// disk can then be in: each torn write at every byte.
func TestCrash(t *testing.T) {
	forEachKind(t, func(t *testing.T, noLinks bool) {
		states := 0
		for _, last := range storyActs(t, noLinks) {
			if !changes(last) {
				continue // the disk is as at the act before
			}
			s := newStory(noLinks)
			s.fs.Judge = func(op durabletest.Op) durabletest.Fault {
				if op.Index > last.Index {
					return durabletest.Fail
				}
				return durabletest.None
			}
			for _, step := range s.steps() {
				if step() != nil {
					break
				}
			}
			for crash := range s.fs.Crashes {
				states++
				s.judge(t, s.fs.AfterCrash(crash))
			}
		}
		t.Logf("%d states of the disk", states)
	})
}

// TestEveryActFails fails each act of the story once: undone, done, or half done. The
// client repeats what failed. From then on the ledger is judged after every step, as it
// is and as it would be after a crash; in the end every entry is there once.
func TestEveryActFails(t *testing.T) {
	forEachKind(t, func(t *testing.T, noLinks bool) {
		for _, act := range storyActs(t, noLinks) {
			faults := []durabletest.Fault{durabletest.Fail}
			if changes(act) {
				faults = append(faults, durabletest.Done)
			}
			if act.Kind == "write" {
				faults = append(faults, durabletest.Torn)
			}
			for _, fault := range faults {
				s := newStory(noLinks)
				s.runStubbornly(t, act.Index, fault)
				if s.settled != storyTotal {
					t.Fatalf("%v, fault %d: %d entries acknowledged", act, fault, s.settled)
				}
			}
		}
	})
}

// runStubbornly runs the story with a fault at one act.
func (s *story) runStubbornly(t *testing.T, at int, fault durabletest.Fault) {
	t.Helper()
	fired := false
	s.fs.Judge = func(op durabletest.Op) durabletest.Fault {
		if op.Index != at {
			return durabletest.None
		}
		fired = true
		return fault
	}
	for i, step := range s.steps() {
		failures := 0
		for err := step(); err != nil; err = step() {
			if failures++; failures > 1 {
				t.Fatalf("act %d, fault %d: step %d fails again: %v", at, fault, i, err)
			}
			s.judgeNow(t)
		}
		if fired {
			s.judgeNow(t)
		}
	}
}

func (s *story) judgeNow(t *testing.T) {
	t.Helper()
	s.judge(t, s.fs.Clone())
	s.judge(t, s.fs.AfterCrash(durabletest.Crash{}))
	s.judge(t, s.fs.AfterCrash(s.fs.Pending()))
}
