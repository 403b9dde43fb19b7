package verify

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// head is a checkpoint: the state of a ledger (C2SP tlog-checkpoint).
type head struct {
	origin string
	size   uint64
	root   tlog.Hash
}

func decimal(n uint64) string { return strconv.FormatUint(n, 10) }

// parseHead reads the text of a checkpoint.
func parseHead(text string) (head, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return head{}, fmt.Errorf("checkpoint of %d lines, want 3", len(lines)-1)
	}
	size, err := strconv.ParseUint(lines[1], 10, 53)
	if err != nil || decimal(size) != lines[1] {
		return head{}, fmt.Errorf("checkpoint size %.20q", lines[1])
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return head{}, fmt.Errorf("checkpoint root %.60q", lines[2])
	}
	return head{lines[0], size, tlog.Hash(root)}, nil
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
	n, err := note.Open(report.Checkpoint, note.VerifierList(verifier))
	if err != nil {
		r.add(False, what, "by %s: %v", verifier.Name(), err)
		return nil
	}
	h, err := parseHead(n.Text)
	if err != nil {
		r.add(Malformed, what, "%v", err)
		return nil
	}
	if h.origin != verifier.Name() {
		r.add(False, what, "origin %q, key of %q", h.origin, verifier.Name())
		return nil
	}
	if key.Voucher == "" {
		r.add(NotChecked, what, "signed by a key nobody vouched for")
		return &h
	}
	r.add(True, fmt.Sprintf("%s by %s, vouched for by %s", what, h.origin, key.Voucher), "")
	return &h
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

// checkInclusion checks that the checkpoint commits to the files of the report.
func checkInclusion(r *Result, report Report, c *claim, signed *head) {
	const what = "the checkpoint commits to report.html, figures.json and figures.csv"
	if signed == nil {
		r.add(NotChecked, what, "no good checkpoint")
		return
	}
	index, path, err := parseProof(report.Proof)
	if err != nil {
		r.add(Malformed, "report.tlog-proof", "%v", err)
		return
	}
	if index >= signed.size || c.Checkpoint.Size > index || c.Checkpoint.Origin != signed.origin {
		r.add(False, what, "entry %d, counted from %d entries of %q, checkpoint of %d entries of %q",
			index, c.Checkpoint.Size, c.Checkpoint.Origin, signed.size, signed.origin)
		return
	}
	err = tlog.CheckRecord(path, int64(signed.size), signed.root, int64(index), tlog.RecordHash(c.entry))
	r.check(err == nil, what, "a file was changed, or never published: %v", err)
}

// parseProof reads a C2SP tlog-proof without extra data. Its checkpoint is not read: the
// signed one beside it is.
func parseProof(b []byte) (index uint64, path tlog.RecordProof, err error) {
	text, _, _ := strings.Cut(string(b), "\n\n")
	lines := strings.Split(text, "\n")
	if len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || len(lines) > 66 {
		return 0, nil, fmt.Errorf("not a tlog-proof")
	}
	digits, ok := strings.CutPrefix(lines[1], "index ")
	if index, err = strconv.ParseUint(digits, 10, 53); !ok || err != nil {
		return 0, nil, fmt.Errorf("index line %.40q", lines[1])
	}
	for _, line := range lines[2:] {
		h, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(h) != tlog.HashSize {
			return 0, nil, fmt.Errorf("hash line %.60q", line)
		}
		path = append(path, tlog.Hash(h))
	}
	return index, path, nil
}
