package main

import (
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/tallystick/tallystick/internal/ledger"
)

// TestOpenOrCreateTogether: of several who start at once where no ledger is, all get the
// one that there then is.
func TestOpenOrCreateTogether(t *testing.T) {
	for range 10 {
		dir := filepath.Join(t.TempDir(), "ledger")
		keys := make([]string, 6)
		var group sync.WaitGroup
		for i := range keys {
			group.Go(func() {
				l, err := openOrCreate(dir, "")
				if err != nil {
					t.Error(err)
					return
				}
				keys[i] = l.VerifierKey()
			})
		}
		group.Wait()
		l, err := ledger.OpenReadOnly(dir, ledger.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if i := slices.IndexFunc(keys, func(k string) bool { return k != l.VerifierKey() }); i >= 0 {
			t.Fatalf("ledger %q, but the one at hand is %q", keys[i], l.VerifierKey())
		}
	}
}
