package proof

import (
	"crypto/sha256"
	"slices"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
)

// TestWhole: the sum is over names and digests, each with its length or of one length.
func TestWhole(t *testing.T) {
	one, other := ts.DigestOf([]byte("one")), ts.DigestOf([]byte("other"))
	w := NewWhole()
	w.Add("a", one)
	w.Add("bc", other)
	plain := slices.Concat([]byte("tally-bundle/v1\x00\x00\x01a"), one[:], []byte("\x00\x02bc"), other[:])
	if want := "tally-bundle/v1\nlog.example/1\n" + ts.Digest(sha256.Sum256(plain)).String() + "\n"; w.Text("log.example/1") != want {
		t.Errorf("%q, want %q", w.Text("log.example/1"), want)
	}
	if none := NewWhole().Text("x"); !strings.HasSuffix(none, ts.DigestOf([]byte("tally-bundle/v1\x00")).String()+"\n") {
		t.Errorf("of no file: %q", none)
	}
	for name, in := range map[string]bool{"bundle": false, "places/ab": false, "checkpoint": true, "checkpoints/1": true, "drand/1": true} {
		if InWhole(name) != in {
			t.Errorf("%s: %v", name, !in)
		}
	}
}
