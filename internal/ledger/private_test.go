package ledger

import (
	"errors"
	"io/fs"
	"testing"

	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/durable/durabletest"
)

// TestPrivate: what is the owner's is kept once, below keys/, and nowhere else.
func TestPrivate(t *testing.T) {
	l, err := Create("/led", "ledger.example/test", Options{FS: durabletest.New()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Private("reports/a"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("before it is written: %v", err)
	}
	for range 2 {
		if err := l.PutPrivate("reports/a", []byte("one")); err != nil {
			t.Error(err)
		}
	}
	if err := l.PutPrivate("reports/a", []byte("two")); !errors.Is(err, durable.ErrContent) {
		t.Errorf("other content: %v", err)
	}
	if b, err := l.Private("reports/a"); err != nil || string(b) != "one" {
		t.Errorf("%q, %v", b, err)
	}
	for _, name := range []string{"log.key", "../a/b", "a/../../b", ".a/b", "/a/b"} {
		if err := l.PutPrivate(name, nil); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	if _, err := l.Get("keys/reports/a"); err == nil {
		t.Error("it can be read as content")
	}
}
