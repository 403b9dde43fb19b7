package witness

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/ledger"
)

// memory is what a witness knows of a log; the zero memory, nothing.
type memory struct {
	ledger.Checkpoint
	time int64 // of the last cosignature, Unix seconds
	note []byte
}

// of returns the path of what is kept of a log in a folder.
func (w *Witness) of(folder, origin string) string {
	sum := sha256.Sum256([]byte(origin))
	return w.path(folder + "/" + hex.EncodeToString(sum[:]))
}

// recall reads what the witness cosigned last of a log. Its own memory is checked like a
// stranger's: a wrong one would let it cosign what it must not.
func (w *Witness) recall(origin string) (*memory, error) {
	b, err := durable.ReadFile(w.opt.FS, w.of(logsName, origin), MaxRequest)
	if errors.Is(err, fs.ErrNotExist) {
		return &memory{}, nil
	}
	if err != nil {
		return nil, err
	}
	m, err := parseMemory(b, w.known(origin))
	if err == nil && m.Origin != origin {
		err = fmt.Errorf("it is of %.80q", m.Origin)
	}
	if err != nil {
		return nil, fmt.Errorf("what this witness remembers of %s is damaged: %w", origin, err)
	}
	return m, nil
}

func parseMemory(b []byte, keys note.Verifiers) (*memory, error) {
	line, signed, _ := bytes.Cut(b, []byte("\n"))
	digits, ok := strings.CutPrefix(string(line), "time ")
	t, err := parseSize(digits)
	if !ok || err != nil {
		return nil, fmt.Errorf("line %.40q: want \"time\" and a number", line)
	}
	n, err := note.Open(signed, keys)
	if err != nil {
		return nil, err
	}
	c, err := ledger.ParseCheckpoint(n.Text)
	return &memory{c, int64(t), signed}, err
}

// remember makes the checkpoint the last one, durably.
func (w *Witness) remember(s *seen, time int64) error {
	content := append(fmt.Appendf(nil, "time %d\n", time), s.note...)
	return durable.Replace(w.opt.FS, w.of(logsName, s.Origin), content, 0o600)
}

// keepFork keeps the evidence where the log has signed two roots of one size: the first
// of each log, so that nobody can fill the disk with them.
func (w *Witness) keepFork(s *seen, last *memory) error {
	if s.Size != last.Size || s.Root == last.Root {
		return nil
	}
	for _, k := range w.logs[s.Origin] {
		f := Fork{Key: k.text, A: last.note, B: s.note}
		if _, err := f.Check(); err != nil {
			continue // each may be signed by another key of the log
		}
		err := durable.CreateSame(w.opt.FS, w.of(forksName, s.Origin), f.Format(), 0o600)
		if errors.Is(err, durable.ErrContent) {
			return nil
		}
		return err
	}
	return nil
}
