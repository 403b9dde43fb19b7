package durable_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/durable/durabletest"
)

// systems runs a test on every file system there is.
func systems(t *testing.T, f func(t *testing.T, fsys durable.FS, dir string)) {
	t.Run("os", func(t *testing.T) { f(t, durable.OS{}, t.TempDir()) })
	t.Run("memory", func(t *testing.T) { f(t, durabletest.New(), "/") })
	t.Run("no links", func(t *testing.T) {
		fsys := durabletest.New()
		fsys.NoLinks = true
		f(t, fsys, "/")
	})
}

func want(t *testing.T, fsys durable.FS, name, content string) {
	t.Helper()
	if got, err := durable.ReadFile(fsys, name, 1<<20); err != nil || string(got) != content {
		t.Errorf("%s holds %q (%v), want %q", filepath.Base(name), got, err, content)
	}
}

func TestFiles(t *testing.T) {
	systems(t, func(t *testing.T, fsys durable.FS, dir string) {
		x := filepath.Join(dir, "a", "b", "x")
		for _, step := range []struct {
			name string
			do   func() error
			err  error
			then string
		}{
			{"no folder", func() error { return durable.CreateNew(fsys, x, []byte("1"), 0o600) }, fs.ErrNotExist, ""},
			{"folder", func() error { return durable.MkdirAll(fsys, dir, filepath.Dir(x), 0o700) }, nil, ""},
			{"folder again", func() error { return durable.MkdirAll(fsys, "", filepath.Dir(x), 0o700) }, nil, ""},
			{"append to nothing", func() error { return durable.Append(fsys, x, []byte("1")) }, fs.ErrNotExist, ""},
			{"new", func() error { return durable.CreateNew(fsys, x, []byte("one"), 0o600) }, nil, "one"},
			{"new again", func() error { return durable.CreateNew(fsys, x, []byte("two"), 0o600) }, fs.ErrExist, "one"},
			{"same", func() error { return durable.CreateSame(fsys, x, []byte("one"), 0o600) }, nil, "one"},
			{"other of that length", func() error { return durable.CreateSame(fsys, x, []byte("two"), 0o600) }, durable.ErrContent, "one"},
			{"other", func() error { return durable.CreateSame(fsys, x, []byte("three"), 0o600) }, durable.ErrContent, "one"},
			{"append", func() error { return durable.Append(fsys, x, []byte(" more")) }, nil, "one more"},
			{"truncate", func() error { return durable.Truncate(fsys, x, 2) }, nil, "on"},
			{"replace", func() error { return durable.Replace(fsys, x, []byte("new"), 0o600) }, nil, "new"},
		} {
			if err := step.do(); !errors.Is(err, step.err) {
				t.Fatalf("%s: %v, want %v", step.name, err, step.err)
			}
			if step.then != "" {
				want(t, fsys, x, step.then)
			}
		}
		if names, err := fsys.List(filepath.Dir(x)); err != nil || !slices.Equal(names, []string{"x"}) {
			t.Errorf("left in the folder: %q %v", names, err)
		}
		if names, err := fsys.List(filepath.Join(dir, "a")); err != nil || !slices.Equal(names, []string{"b/"}) {
			t.Errorf("folder: %q %v", names, err)
		}
		if _, err := durable.ReadFile(fsys, x, 2); err == nil {
			t.Error("read more than the most")
		}
	})
}

func TestCreateSameLong(t *testing.T) {
	long := bytes.Repeat([]byte("0123456789"), 20_000)
	other := bytes.Clone(long)
	other[len(other)-1]++
	systems(t, func(t *testing.T, fsys durable.FS, dir string) {
		x := filepath.Join(dir, "x")
		for range 2 {
			if err := durable.CreateSame(fsys, x, long, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := durable.CreateSame(fsys, x, other, 0o600); !errors.Is(err, durable.ErrContent) {
			t.Errorf("other content: %v", err)
		}
	})
}

// TestCreateNewRace has one winner among many, whose content stands.
func TestCreateNewRace(t *testing.T) {
	systems(t, func(t *testing.T, fsys durable.FS, dir string) {
		x := filepath.Join(dir, "x")
		errs := make([]error, 8)
		var group sync.WaitGroup
		for i := range errs {
			group.Go(func() { errs[i] = durable.CreateNew(fsys, x, fmt.Append(nil, i), 0o600) })
		}
		group.Wait()
		winner := slices.Index(errs, nil)
		want(t, fsys, x, fmt.Sprint(winner))
		for i, err := range errs {
			if i != winner && !errors.Is(err, fs.ErrExist) {
				t.Errorf("writer %d: %v, winner %d", i, err, winner)
			}
		}
	})
}

func TestLock(t *testing.T) {
	systems(t, func(t *testing.T, fsys durable.FS, dir string) {
		inside := 0
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				for range 25 {
					unlock, err := fsys.Lock(filepath.Join(dir, "lock"))
					if err != nil {
						t.Error(err)
						return
					}
					inside++
					if inside != 1 {
						t.Errorf("%d inside", inside)
					}
					inside--
					if err := unlock(); err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
	})
}

// TestCrash stops each operation behind each of its acts, and looks at every state that
// the disk can then be in. An operation that succeeded must have happened.
func TestCrash(t *testing.T) {
	for name, op := range map[string]struct {
		do     func(fsys durable.FS) error
		states []string // what x may hold if the operation did not return; "-" absent
		done   string
	}{
		"create":         {func(f durable.FS) error { return durable.CreateNew(f, "/d/x", []byte("new"), 0) }, []string{"-", "new"}, "new"},
		"create again":   {func(f durable.FS) error { return durable.CreateSame(f, "/d/old", []byte("old"), 0) }, []string{"-"}, "-"},
		"replace":        {func(f durable.FS) error { return durable.Replace(f, "/d/old", []byte("new"), 0) }, []string{"-"}, "-"},
		"append":         {func(f durable.FS) error { return durable.Append(f, "/d/old", []byte("er")) }, []string{"-"}, "-"},
		"truncate":       {func(f durable.FS) error { return durable.Truncate(f, "/d/old", 1) }, []string{"-"}, "-"},
		"new folder":     {func(f durable.FS) error { return durable.MkdirAll(f, "/d", "/d/e/f", 0) }, []string{"-"}, "-"},
		"create in both": {func(f durable.FS) error { return durable.CreateSame(f, "/d/x", []byte("new"), 0) }, []string{"-", "new"}, "new"},
	} {
		for _, noLinks := range []bool{false, true} {
			t.Run(fmt.Sprint(name, " links ", !noLinks), func(t *testing.T) {
				acts := 0
				for last := -1; last < acts; last++ {
					fsys := prepared(t, noLinks)
					begin := fsys.Ops()
					fsys.Judge = func(op durabletest.Op) durabletest.Fault {
						if last >= 0 && op.Index-begin >= last {
							return durabletest.Fail
						}
						return durabletest.None
					}
					err := op.do(fsys)
					if acts == 0 {
						acts = fsys.Ops() - begin
					}
					for crash := range fsys.Crashes {
						after := fsys.AfterCrash(crash)
						got := content(t, after, "/d/x")
						allowed := op.states
						if err == nil {
							allowed = []string{op.done}
						} else if noLinks {
							allowed = append([]string{""}, allowed...) // a claim
						}
						if !slices.Contains(allowed, got) {
							t.Fatalf("stopped before act %d (%v), %+v: x holds %q", last, err, crash, got)
						}
						checkOld(t, name, content(t, after, "/d/old"), err == nil)
						if _, e := after.List("/d/e/f"); name == "new folder" && err == nil && e != nil {
							t.Fatalf("folder lost: %v", e)
						}
					}
				}
			})
		}
	}
}

func prepared(t *testing.T, noLinks bool) *durabletest.FS {
	t.Helper()
	fsys := durabletest.New()
	fsys.NoLinks = noLinks
	if err := durable.MkdirAll(fsys, "", "/d", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := durable.CreateNew(fsys, "/d/old", []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	return fsys
}

func content(t *testing.T, fsys durable.FS, name string) string {
	t.Helper()
	b, err := durable.ReadFile(fsys, name, 100)
	if errors.Is(err, fs.ErrNotExist) {
		return "-"
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// checkOld says what the file that was there before may hold after an operation.
func checkOld(t *testing.T, op, got string, done bool) {
	t.Helper()
	states := map[string][]string{
		"replace":  {"old", "new"},
		"append":   {"old", "olde", "older", "old\x00\x00", "olde\x00"},
		"truncate": {"old", "o"},
	}[op]
	finished := map[string]string{"replace": "new", "append": "older", "truncate": "o"}[op]
	if states == nil {
		states, finished = []string{"old"}, "old"
	}
	if done {
		states = []string{finished}
	}
	if !slices.Contains(states, got) {
		t.Fatalf("%s (done %v): old holds %q", op, done, got)
	}
}

// TestFaults fails each act of CreateNew and Replace, undone and done; the file is
// there whole or not at all, and repeating succeeds.
func TestFaults(t *testing.T) {
	for _, noLinks := range []bool{false, true} {
		for _, fault := range []durabletest.Fault{durabletest.Fail, durabletest.Done, durabletest.Torn} {
			for at := 0; ; at++ {
				fsys := prepared(t, noLinks)
				begin, fired := fsys.Ops(), false
				fsys.Judge = func(op durabletest.Op) durabletest.Fault {
					if op.Index-begin == at {
						fired = true
						return fault
					}
					return durabletest.None
				}
				err := durable.CreateSame(fsys, "/d/x", []byte("new"), 0o600)
				if !fired {
					break
				}
				if got := content(t, fsys, "/d/x"); got != "new" && (err == nil || got != "-" && (got != "" || !noLinks)) {
					t.Fatalf("act %d, fault %d: x holds %q (%v)", at, fault, got, err)
				}
				if err := durable.CreateSame(fsys, "/d/x", []byte("new"), 0o600); err != nil {
					t.Fatalf("act %d, fault %d: again: %v", at, fault, err)
				}
				if got := content(t, fsys.AfterCrash(durabletest.Crash{}), "/d/x"); got != "new" {
					t.Fatalf("act %d, fault %d: after a crash x holds %q", at, fault, got)
				}
			}
		}
	}
}

func TestTemporary(t *testing.T) {
	for base, want := range map[string]bool{".x.0.tmp": true, "x.tmp": false, ".x": false, "x": false} {
		if durable.Temporary(base) != want {
			t.Errorf("Temporary(%q) = %v", base, !want)
		}
	}
}
