// Package interop asks programs of others whether they read what tallystick writes. It is a
// module of its own, so that what they depend on stays out of tallystick's. It knows the
// published formats and the program; it must never know its packages.
package interop

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	origin = "ledger.example/interop"
	// One worker of fsck v1.0.4 waits for ever where a bundle is corrupt.
	workers  = 4
	patience = time.Minute
)

// build builds the program.
func build(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "tallystick")
	c := exec.Command("go", "build", "-o", name, "./cmd/tallystick")
	c.Dir = ".."
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return name
}

// writeLedger writes a ledger of n entries as doc/formats/ledger.md describes it, and
// returns its folder and key.
func writeLedger(t *testing.T, n int) (dir string, v note.Verifier) {
	t.Helper()
	dir = t.TempDir()
	skey, vkey, err := note.GenerateKey(rand.NewChaCha8([32]byte{1}), origin)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	if v, err = note.NewVerifier(vkey); err != nil {
		t.Fatal(err)
	}
	var log []byte
	var hashes memory
	for i := range n {
		entry := fmt.Appendf(nil, "tally-exclude/v1\nvalue v%d\nreason test\n", i)
		log = binary.BigEndian.AppendUint32(log, uint32(len(entry)))
		log = binary.BigEndian.AppendUint32(log, crc32.ChecksumIEEE(entry))
		log = append(log, entry...)
		more, err := tlog.StoredHashes(int64(i), entry, hashes)
		if err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, more...)
	}
	root, err := tlog.TreeHash(int64(n), hashes)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%s\n%d\n%s\n", origin, n, base64.StdEncoding.EncodeToString(root[:]))
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "keys", "log.pub"), []byte(vkey+"\n"))
	write(t, filepath.Join(dir, "entries.log"), log)
	write(t, filepath.Join(dir, "checkpoints", fmt.Sprint(n)), signed)
	return dir, v
}

func write(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// memory is a tlog.HashReader.
type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	list := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		list[i] = m[index]
	}
	return list, nil
}

// leaves hashes the entries of a bundle.
func leaves(bundle []byte) ([][]byte, error) {
	var b api.EntryBundle
	if err := b.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	list := make([][]byte, len(b.Entries))
	for i, e := range b.Entries {
		list[i] = rfc6962.DefaultHasher.HashLeaf(e)
	}
	return list, nil
}

// check has tessera's fsck check an export.
func check(t *testing.T, tiles string, v note.Verifier) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		done <- fsck.New(origin, v, &client.FileFetcher{Root: tiles}, leaves, fsck.Opts{N: workers}).Check(ctx)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		t.Fatal("fsck does not end")
		return nil
	}
}

// TestFsck: an export passes tessera's fsck, and one with a flipped byte does not.
func TestFsck(t *testing.T) {
	program := build(t)
	for _, n := range []int{1, 2, 255, 256, 257, 65_536, 70_000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			dir, v := writeLedger(t, n)
			tiles := filepath.Join(t.TempDir(), "tiles")
			if out, err := exec.Command(program, "export", "--ledger", dir, "--out", tiles).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if err := check(t, tiles, v); err != nil {
				t.Errorf("fsck: %v", err)
			}
			if n == 70_000 {
				corrupt(t, tiles, v)
			}
		})
	}
}

// corrupt flips a byte of one file after another.
func corrupt(t *testing.T, tiles string, v note.Verifier) {
	t.Helper()
	for _, name := range []string{"checkpoint", "tile/0/000", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1", "tile/entries/100", "tile/entries/273.p/112"} {
		path := filepath.Join(tiles, filepath.FromSlash(name))
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		bad := bytes.Clone(good)
		bad[len(bad)/2] ^= 1
		write(t, path, bad)
		if err := check(t, tiles, v); err == nil || strings.Contains(err.Error(), "no such file") {
			t.Errorf("%s: %v", name, err)
		}
		write(t, path, good)
	}
	if err := check(t, tiles, v); err != nil {
		t.Errorf("in the end: %v", err)
	}
}
