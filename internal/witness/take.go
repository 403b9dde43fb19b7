package witness

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	fnote "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
)

// Cosignatures returns those lines of an answer that are good cosignatures of the text of
// a checkpoint by one of the keys. Lines of other signers are left out; a line that names
// one of the keys and is not good is an error: kept, it would spoil the whole note.
func Cosignatures(text string, answer []byte, keys ...note.Verifier) ([][]byte, error) {
	var good [][]byte
	for line := range bytes.Lines(answer) {
		if !bytes.HasPrefix(line, []byte("— ")) {
			return nil, fmt.Errorf("line %.60q is not a signature line", line)
		}
		n, err := note.Open([]byte(text+"\n"+string(line)), note.VerifierList(keys...))
		var unverified *note.UnverifiedNoteError
		if errors.As(err, &unverified) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if t, err := fnote.CoSigV1Timestamp(n.Sigs[0]); err != nil || t.Unix() <= 0 {
			return nil, fmt.Errorf("line by %s without a time", n.Sigs[0].Name)
		}
		good = append(good, line)
	}
	return good, nil
}

// Ledger is where the cosignatures of a ledger are kept.
type Ledger interface {
	Sizes() []uint64                      // that are signed, ascending
	Cosigned(size uint64) ([]byte, error) // the checkpoint with what was kept
	Cosign(size uint64, lines [][]byte) error
}

// KnownSize returns the largest size that a witness has cosigned, as far as the ledger
// knows; 0 for none.
func KnownSize(l Ledger, key note.Verifier) (uint64, error) {
	for _, size := range slices.Backward(l.Sizes()) {
		cosigned, err := l.Cosigned(size)
		if err != nil {
			return 0, err
		}
		if _, err := note.Open(cosigned, note.VerifierList(key)); err == nil {
			return size, nil
		}
	}
	return 0, nil
}

// Take keeps the cosignatures that came by another way than Ask: each with the checkpoint
// that it is of, the newest first. It returns their sizes, in the order of the lines, and
// fails where there is no line by one of the keys, or one of no checkpoint of the ledger.
func Take(l Ledger, answer []byte, keys ...note.Verifier) ([]uint64, error) {
	if len(answer) > MaxRequest {
		return nil, fmt.Errorf("answer of %d bytes, more than %d", len(answer), MaxRequest)
	}
	var sizes []uint64
	for line := range bytes.Lines(answer) {
		size, err := sizeOf(l, line, keys)
		if err != nil {
			return sizes, err
		}
		if size == 0 {
			continue
		}
		if err := l.Cosign(size, [][]byte{line}); err != nil {
			return sizes, err
		}
		sizes = append(sizes, size)
	}
	if len(sizes) == 0 {
		return nil, errors.New("no line by a witness whose key was given")
	}
	return sizes, nil
}

// sizeOf returns the signed size whose checkpoint a line cosigns, 0 for a line by nobody
// whose key was given.
func sizeOf(l Ledger, line []byte, keys []note.Verifier) (uint64, error) {
	var failed error
	for _, size := range slices.Backward(l.Sizes()) {
		cosigned, err := l.Cosigned(size)
		if err != nil {
			return 0, err
		}
		text, err := textOf(cosigned)
		if err != nil {
			return 0, err
		}
		good, err := Cosignatures(text, line, keys...)
		if err == nil && len(good) == 0 {
			return 0, nil
		}
		if err == nil {
			return size, nil
		}
		failed = err
	}
	return 0, fmt.Errorf("line %.60q… is of no checkpoint of this ledger: %w", strings.TrimSpace(string(line)), failed)
}
