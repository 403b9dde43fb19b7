//go:build !windows

package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// patient is a log on standard input that interrupts the program, and comes when that
// has said so.
type patient struct {
	io.Reader
	once    sync.Once
	stopped <-chan struct{}
}

func (p *patient) Read(b []byte) (int, error) {
	p.once.Do(func() {
		if self, err := os.FindProcess(os.Getpid()); err == nil && self.Signal(os.Interrupt) == nil {
			<-p.stopped
		}
	})
	return p.Reader.Read(b)
}

// said closes stopped once the program says that it is stopping.
type said struct {
	mu      sync.Mutex
	text    bytes.Buffer
	stopped chan struct{}
}

func (s *said) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if strings.Contains(string(b), "stopping at the next safe place") {
		close(s.stopped)
	}
	return s.text.Write(b)
}

// TestInterrupt: ^C ends an ingest with exit code 1, saying what holds; the same command
// again completes it.
func TestInterrupt(t *testing.T) {
	const log = `240.0.0.1 - - [19/Mar/2014:00:00:01 +0000] "GET /c99.php HTTP/1.1" 200 1 "-" "x"` + "\n"
	dir := t.TempDir()
	feed := filepath.Join(dir, "list.txt")
	if err := os.WriteFile(feed, []byte("c2.example\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"ingest", "--ledger", filepath.Join(dir, "led"), "--intel", feed, "--sensor", "www", "-"}
	errs := &said{stopped: make(chan struct{})}
	code := run(args, &patient{Reader: strings.NewReader(log), stopped: errs.stopped}, io.Discard, errs)
	text := errs.text.String()
	if code != 1 || !strings.Contains(text, "interrupt") || !strings.Contains(text, "what is committed stays") || !strings.Contains(text, "read 0, observed 0") {
		t.Errorf("exit %d\n%s", code, text)
	}
	var again bytes.Buffer
	if code := run(args, strings.NewReader(log), io.Discard, &again); code != 0 || !strings.Contains(again.String(), "read 1, observed 1") {
		t.Errorf("exit %d\n%s", code, again.String())
	}
}
