package bundle

import (
	"io"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// Counts reports whether a challenge would count if it were the next entry of the ledger in
// a bundle. text is the challenge as it is logged.
func Counts(file io.ReaderAt, size int64, text []byte) (bool, error) {
	c, err := proof.ParseChallenge(text)
	if err != nil {
		return false, err
	}
	a, err := openArchive(file, size)
	if err != nil {
		return false, err
	}
	l, err := readLedger(a)
	if err != nil {
		return false, err
	}
	next := challenge{Challenge: c, index: l.size(), digest: ts.DigestOf(text)}
	if err := l.take(text); err != nil {
		return false, err
	}
	l.settle()
	return l.counted(&next), nil
}
