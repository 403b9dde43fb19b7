package witness

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

// Bounds of a request. The note may bear cosignatures of others, of 3.3 kB each with
// ML-DSA.
const (
	MaxRequest = 64 << 10
	maxProof   = 63
)

// Request asks a witness to cosign (the body of add-checkpoint): the checkpoint, and the
// proof that it continues the checkpoint of size Old, which the witness cosigned last.
//
//	old 20852014
//	base64 of a hash, at most 63 such lines
//
//	the signed checkpoint
type Request struct {
	Old   uint64
	Proof tlog.TreeProof // RFC 6962, 2.1.2; empty if Old is 0
	Note  []byte
}

// Format writes the request.
func (r Request) Format() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "old %d\n", r.Old)
	for _, h := range r.Proof {
		fmt.Fprintf(&b, "%s\n", h)
	}
	b.WriteByte('\n')
	b.Write(r.Note)
	return b.Bytes()
}

// ParseRequest reads a request in its one spelling. What the note says it leaves open.
func ParseRequest(b []byte) (Request, error) {
	if len(b) > MaxRequest {
		return Request{}, fmt.Errorf("request of %d bytes, more than %d", len(b), MaxRequest)
	}
	head, signed, ok := bytes.Cut(b, []byte("\n\n"))
	if !ok {
		return Request{}, errors.New("request without an empty line")
	}
	lines := strings.Split(string(head), "\n")
	digits, ok := strings.CutPrefix(lines[0], "old ")
	old, err := parseSize(digits)
	if !ok || err != nil {
		return Request{}, fmt.Errorf("line %.40q: want \"old\" and a size", lines[0])
	}
	r := Request{Old: old, Note: signed}
	if len(lines)-1 > maxProof {
		return Request{}, fmt.Errorf("proof of %d lines, more than %d", len(lines)-1, maxProof)
	}
	for _, line := range lines[1:] {
		h, err := parseHash(line)
		if err != nil {
			return Request{}, err
		}
		r.Proof = append(r.Proof, h)
	}
	return r, nil
}

// parseSize reads a decimal number below 2^53 in its one spelling.
func parseSize(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 53)
	if err != nil || strconv.FormatUint(n, 10) != s {
		return 0, fmt.Errorf("size %.30q is not a plain decimal number", s)
	}
	return n, nil
}

// parseHash reads a hash in its one spelling of base64.
func parseHash(s string) (tlog.Hash, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil || len(b) != tlog.HashSize || base64.StdEncoding.EncodeToString(b) != s {
		return tlog.Hash{}, fmt.Errorf("hash %.60q is not the base64 of %d bytes", s, tlog.HashSize)
	}
	return tlog.Hash(b), nil
}

// textOf returns the text of a note without looking at who signed it.
func textOf(signed []byte) (string, error) {
	_, err := note.Open(signed, note.VerifierList())
	var unverified *note.UnverifiedNoteError
	if errors.As(err, &unverified) {
		return unverified.Note.Text, nil
	}
	return "", err
}
