package durabletest

import (
	"errors"
	"io/fs"
	"testing"

	"github.com/tallystick/tallystick/internal/durable"
)

func write(t *testing.T, fsys *FS, name, content string) durable.Out {
	t.Helper()
	out, err := fsys.Create(name, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	return out
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestUnsyncedIsLost walks a file from written to durable.
func TestUnsyncedIsLost(t *testing.T) {
	fsys := New()
	out := write(t, fsys, "/x", "ab")
	after := func(c Crash) string {
		b, err := durable.ReadFile(fsys.AfterCrash(c), "/x", 10)
		if errors.Is(err, fs.ErrNotExist) {
			return "-"
		}
		must(t, err)
		return string(b)
	}
	for _, c := range []struct {
		crash Crash
		want  string
	}{
		{Crash{}, "-"}, {Crash{Bytes: 2}, "-"}, {Crash{Names: 1}, ""}, {Crash{Names: 1, Bytes: 1}, "a"},
		{Crash{Names: 1, Bytes: 1, Zeros: true}, "a\x00"}, {fsys.Pending(), "ab"},
	} {
		if got := after(c.crash); got != c.want {
			t.Errorf("%+v: %q, want %q", c.crash, got, c.want)
		}
	}
	must(t, out.Sync())
	if got := after(Crash{}); got != "-" {
		t.Errorf("name not synced: %q", got)
	}
	must(t, fsys.SyncFolder("/"))
	if got := after(Crash{}); got != "ab" {
		t.Errorf("synced: %q", got)
	}
	must(t, fsys.Truncate("/x", 1))
	if got := after(Crash{}); got != "ab" {
		t.Errorf("cut not synced: %q", got)
	}
	if got := after(Crash{Bytes: 1}); got != "a" {
		t.Errorf("cut kept: %q", got)
	}
}

func TestCrashesAreAll(t *testing.T) {
	fsys := New()
	write(t, fsys, "/x", "abc")
	seen := map[Crash]bool{}
	for c := range fsys.Crashes {
		seen[c] = true
	}
	if len(seen) != 2*(4+2) {
		t.Errorf("%d states of two names and three bytes", len(seen))
	}
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		fault Fault
		want  string
		n     int
	}{{None, "abcd", 4}, {Fail, "", 0}, {Torn, "ab", 2}, {Done, "abcd", 4}} {
		fsys := New()
		fsys.Judge = func(op Op) Fault {
			if op.Kind == "write" {
				return c.fault
			}
			return None
		}
		out, err := fsys.Create("/x", 0o600)
		must(t, err)
		n, err := out.Write([]byte("abcd"))
		if n != c.n || errors.Is(err, ErrInjected) != (c.fault != None) {
			t.Errorf("fault %d: wrote %d, %v", c.fault, n, err)
		}
		if b, err := durable.ReadFile(fsys, "/x", 10); err != nil || string(b) != c.want {
			t.Errorf("fault %d: holds %q, %v", c.fault, b, err)
		}
	}
}

func TestCloneIsApart(t *testing.T) {
	fsys := New()
	out := write(t, fsys, "/x", "a")
	clone := fsys.Clone()
	if _, err := out.Write([]byte("b")); err != nil {
		t.Fatal(err)
	}
	if b, err := durable.ReadFile(clone, "/x", 10); err != nil || string(b) != "a" {
		t.Errorf("clone holds %q, %v", b, err)
	}
}

// TestDigest: states of one digest are alike, whatever is unsynced; the content of files
// that nobody reads does not tell states apart, their names do.
func TestDigest(t *testing.T) {
	unread := func(base string) bool { return base == "tmp" }
	made := func(change func(*FS)) [32]byte {
		fsys := New()
		must(t, fsys.Mkdir("/d", 0o700))
		must(t, write(t, fsys, "/d/x", "ab").Sync())
		write(t, fsys, "/tmp", "cd")
		change(fsys)
		return fsys.Digest(unread)
	}
	same := made(func(*FS) {})
	for name, c := range map[string]struct {
		alike  bool
		change func(*FS)
	}{
		"nothing":       {true, func(*FS) {}},
		"synced":        {true, func(f *FS) { must(t, f.SyncFolder("/")) }},
		"unread":        {true, func(f *FS) { must(t, f.Truncate("/tmp", 1)) }},
		"cut":           {false, func(f *FS) { must(t, f.Truncate("/d/x", 1)) }},
		"removed":       {false, func(f *FS) { must(t, f.Remove("/tmp")) }},
		"renamed":       {false, func(f *FS) { must(t, f.Rename("/d/x", "/d/y")) }},
		"empty folder":  {false, func(f *FS) { must(t, f.Mkdir("/e", 0o700)) }},
		"second name":   {false, func(f *FS) { must(t, f.Link("/d/x", "/y")) }},
		"file of alike": {false, func(f *FS) { write(t, f, "/y", "ab") }},
	} {
		if alike := made(c.change) == same; alike != c.alike {
			t.Errorf("%s: alike %t", name, alike)
		}
	}
	linked := made(func(f *FS) { must(t, f.Link("/d/x", "/y")) })
	if linked == made(func(f *FS) { write(t, f, "/y", "ab") }) {
		t.Error("two names of one file are as two files")
	}
}
