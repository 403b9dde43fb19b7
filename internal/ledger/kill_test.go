//go:build slow

package ledger

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// killDir is the environment variable that makes the test binary the victim.
const killDir = "TALLYSTICK_KILL_DIR"

// TestKill kills writers of a ledger on the real disk at random moments: after each
// kill the ledger is whole and holds all that was acknowledged.
func TestKill(t *testing.T) {
	if dir := os.Getenv(killDir); dir != "" {
		writeUntilKilled(t, dir)
		return
	}
	dir := filepath.Join(t.TempDir(), "led")
	mustCreate(t, dir, Options{})
	random := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		acknowledged := killAfter(t, dir, random.IntN(30), random.IntN(20_000))
		if size := mustBeWhole(t, dir, Options{}).Head().Size; size < acknowledged {
			t.Fatalf("%d entries, %d were acknowledged", size, acknowledged)
		}
	}
	mustBeWriter(t, dir, Options{})
	for i, e := range all(t, mustBeWhole(t, dir, Options{})) {
		if string(e) != string(entry(i)) {
			t.Fatalf("entry %d: %q", i, e)
		}
	}
}

func writeUntilKilled(t *testing.T, dir string) {
	l := mustBeWriter(t, dir, Options{})
	for {
		head, err := l.Commit(func(head Head) ([][]byte, error) {
			i := int(head.Size)
			return entries(i, i+1+i%3), l.Put(fmt.Sprintf("content/%d/%d", i%7, i), entry(i))
		})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println(head.Size)
	}
}

// killAfter runs a writer, kills it some way into a commit after a number of them, and
// returns the last size that it acknowledged.
func killAfter(t *testing.T, dir string, commits, spins int) (acknowledged uint64) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKill$")
	cmd.Env = append(os.Environ(), killDir+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; n <= commits && lines.Scan(); n++ {
		acknowledged, err = strconv.ParseUint(lines.Text(), 10, 64)
		if err != nil {
			t.Fatalf("writer says %q", lines.Text())
		}
	}
	for range spins { // a moment that no clock chooses
		_, _ = os.Lstat(dir)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
		if n, err := strconv.ParseUint(lines.Text(), 10, 64); err == nil {
			acknowledged = n
		}
	}
	if _, err := io.Copy(io.Discard, out); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it says: killed
	return acknowledged
}
