package ledger

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint is the text that a log signs (C2SP tlog-checkpoint).
type Checkpoint struct {
	Origin string
	Size   uint64
	Root   tlog.Hash
}

// FormatCheckpoint writes the text of a checkpoint, without signatures.
func FormatCheckpoint(c Checkpoint) string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]))
}

// ParseCheckpoint reads the text of a checkpoint, without signatures. It refuses
// extension lines: witnesses do not attest them, so nothing of ours may depend on them.
func ParseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[0] == "" || lines[3] != "" {
		return Checkpoint{}, fmt.Errorf("checkpoint: want origin, size and root, a line each")
	}
	size, err := parseSize(lines[1])
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize || strings.Contains(lines[2], "\r") {
		return Checkpoint{}, fmt.Errorf("checkpoint: root %.80q is not the base64 of %d bytes", lines[2], tlog.HashSize)
	}
	return Checkpoint{lines[0], size, tlog.Hash(root)}, nil
}

// parseSize reads a decimal number below 2^53 without sign or leading zero.
func parseSize(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 53)
	if err != nil || strconv.FormatUint(n, 10) != s {
		return 0, fmt.Errorf("size %.30q is not a plain decimal number", s)
	}
	return n, nil
}

// OpenCheckpoint reads a signed checkpoint whose signature by the key, in the form of
// VerifierKey, is good, and whose origin is the key's name.
func OpenCheckpoint(signed []byte, vkey string) (Checkpoint, error) {
	v, err := note.NewVerifier(vkey)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("verifier key %.80q: %w", vkey, err)
	}
	return openCheckpoint(signed, v)
}

func openCheckpoint(signed []byte, v note.Verifier) (Checkpoint, error) {
	n, err := note.Open(signed, note.VerifierList(v))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	c, err := ParseCheckpoint(n.Text)
	if err == nil && c.Origin != v.Name() {
		err = fmt.Errorf("checkpoint: origin %.80q, signed by %q", c.Origin, v.Name())
	}
	return c, err
}
