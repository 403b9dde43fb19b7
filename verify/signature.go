package verify

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// maxNote is the most bytes of a checkpoint with its signatures.
const maxNote = 64 << 10

// head is a checkpoint: the state of a ledger (C2SP tlog-checkpoint).
type head struct {
	origin string
	size   uint64
	root   tlog.Hash
}

func decimal(n uint64) string { return strconv.FormatUint(n, 10) }

// parseHead reads the text of a checkpoint without extension lines.
func parseHead(text string) (head, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] == "" {
		return head{}, fmt.Errorf("checkpoint of %d lines, want 3", len(lines)-1)
	}
	size, err := parseDecimal(lines[1])
	if err != nil {
		return head{}, fmt.Errorf("checkpoint size: %w", err)
	}
	root, err := parseHash(lines[2])
	if err != nil {
		return head{}, fmt.Errorf("checkpoint root: %w", err)
	}
	return head{lines[0], size, root}, nil
}

// parseDecimal reads a number up to 2^53−1 in its one spelling.
func parseDecimal(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 53)
	if err != nil || decimal(n) != s {
		return 0, fmt.Errorf("number %.30q", s)
	}
	return n, nil
}

// parseHash reads a hash in its one spelling of base64: the decoder alone would take
// line ends and loose last bits.
func parseHash(s string) (h tlog.Hash, err error) {
	b, err := canonicalBase64(s)
	if err != nil || len(b) != len(h) {
		return h, fmt.Errorf("hash %.60q", s)
	}
	copy(h[:], b)
	return h, nil
}

func canonicalBase64(s string) ([]byte, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil || base64.StdEncoding.EncodeToString(b) != s {
		return nil, errors.New("base64 is not in its canonical spelling")
	}
	return b, nil
}

// checkSignature checks the signed checkpoint and returns what it says, nil where
// nothing good is signed. A key that nobody vouched for leaves a line NotChecked.
func checkSignature(r *Result, report Report, key Key) *head {
	const what = "checkpoint is signed"
	if key.Text == "" {
		return unvouched(r, report.Checkpoint, "signed by a key nobody vouched for: name it with --key, or the ledger with --ledger")
	}
	verifier, err := note.NewVerifier(key.Text)
	if err != nil {
		r.add(Malformed, "key", "%v", err)
		return nil
	}
	text, err := openNote(report.Checkpoint, verifier)
	if err != nil {
		r.add(False, what, "by %s: %v", verifier.Name(), err)
		return nil
	}
	h, err := parseHead(text)
	if err != nil {
		r.add(Malformed, what, "%v", err)
		return nil
	}
	if h.origin != verifier.Name() {
		r.add(False, what, "origin %.60q, key of %q", h.origin, verifier.Name())
		return nil
	}
	if key.Voucher == "" {
		r.add(NotChecked, what, "signed by a key nobody vouched for")
		return &h
	}
	r.add(True, fmt.Sprintf("%s by %s, vouched for by %s", what, h.origin, key.Voucher), "")
	return &h
}

// openNote returns the text that the verifier's key signed.
func openNote(signed []byte, verifier note.Verifier) (string, error) {
	n, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return "", err
	}
	for _, s := range n.Sigs {
		if _, err := canonicalBase64(s.Base64); err != nil {
			return "", fmt.Errorf("signature: %w", err)
		}
	}
	return n.Text, nil
}

// unvouched reads a checkpoint without checking who signed it.
func unvouched(r *Result, signed []byte, why string) *head {
	text, _, ok := bytes.Cut(signed, []byte("\n\n"))
	if !ok {
		r.add(Malformed, "checkpoint", "not a signed note")
		return nil
	}
	h, err := parseHead(string(text) + "\n")
	if err != nil {
		r.add(Malformed, "checkpoint", "%v", err)
		return nil
	}
	r.add(NotChecked, "checkpoint is signed", "%s", why)
	return &h
}
