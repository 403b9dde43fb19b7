package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/publish"
)

func ledgerFlag(c *cobra.Command, dir *string) {
	c.Flags().StringVar(dir, "ledger", "ledger", "folder of the ledger")
}

func originFlag(c *cobra.Command, origin *string) {
	c.Flags().StringVar(origin, "origin", "", "name of a new ledger, kept in its key for good, such as csirt.example/tally (default: one that nobody else has)")
}

// openOrCreate opens the ledger in a folder, or makes one with new keys. Its origin is the
// one asked for, else a name that nobody else has, so that two ledgers are never taken for
// each other.
func openOrCreate(dir, origin string) (*ledger.Ledger, error) {
	l, err := ledger.Open(dir, ledger.Options{})
	if errors.Is(err, ledger.ErrNoLedger) {
		l, err = create(dir, origin)
	}
	if err == nil && origin != "" && l.Origin() != origin {
		return nil, usage(fmt.Errorf("--origin %s: this ledger is %s, for good", origin, l.Origin()))
	}
	return l, err
}

func create(dir, origin string) (*ledger.Ledger, error) {
	if origin == "" {
		var name [8]byte
		if _, err := rand.Read(name[:]); err != nil {
			return nil, err
		}
		origin = "tallystick.example/" + hex.EncodeToString(name[:])
	}
	if err := ledger.CheckOrigin(origin); err != nil {
		return nil, usage(err)
	}
	l, err := ledger.Create(dir, origin, ledger.Options{})
	if errors.Is(err, ledger.ErrLedger) { // somebody else made it meanwhile
		return ledger.Open(dir, ledger.Options{})
	}
	return l, err
}

// reading is a ledger opened for counting.
type reading struct {
	ledger *ledger.Ledger
	view   *evidence.View
	scan   *count.Scan
}

func openReading(dir string) (*reading, error) {
	l, err := ledger.OpenReadOnly(dir, ledger.Options{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return newReading(l, dir)
}

// newReading counts over the live segments of the ledger in a folder, by the sorted runs
// in its cache where they are.
func newReading(l *ledger.Ledger, dir string) (*reading, error) {
	v, err := evidence.Read(l)
	if err != nil {
		return nil, err
	}
	src := publish.Source(l, v)
	src.Runs = count.Folder(filepath.Join(dir, "cache", "runs"))
	return &reading{ledger: l, view: v, scan: count.New(src, count.Options{})}, nil
}

func (r *reading) close() error { return r.scan.Close() }
