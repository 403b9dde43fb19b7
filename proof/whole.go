package proof

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"strings"

	ts "github.com/tallystick/tallystick"
)

// WholeName is the file of a bundle that says what all others are: a signed note (C2SP) of
// its ledger.
const WholeName = "bundle"

const wholeType = "tally-bundle/v1"

// Whole hashes the files of a bundle (protocol 9), so that whoever hands it on can neither
// change it nor leave anything out and have its publisher blamed.
type Whole struct{ sum hash.Hash }

// NewWhole returns a Whole of no file.
func NewWhole() *Whole {
	w := &Whole{sha256.New()}
	w.sum.Write([]byte(wholeType + "\x00"))
	return w
}

// InWhole reports whether a file is part of the whole. Tables of places are not: they have
// their digests as names, and anybody may add one.
func InWhole(name string) bool { return name != WholeName && !strings.HasPrefix(name, "places/") }

// Add adds a file; names ascend as bytes.
func (w *Whole) Add(name string, content ts.Digest) {
	w.sum.Write(binary.BigEndian.AppendUint16(nil, uint16(len(name))))
	w.sum.Write([]byte(name))
	w.sum.Write(content[:])
}

// Text returns what the ledger of the origin signs. It is no checkpoint: one begins with its
// origin.
func (w *Whole) Text(origin string) string {
	return wholeType + "\n" + origin + "\n" + ts.Digest(w.sum.Sum(nil)).String() + "\n"
}
