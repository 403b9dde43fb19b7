package proof

import (
	"encoding/hex"
	"errors"
	"fmt"

	ts "github.com/tallystick/tallystick"
)

// KeyType is the first line of a key.
const KeyType = "tally-key/v1"

// Key is the public key of one report's tags, with the proof that its publisher knows the
// secret: nobody can offer another's key, and tags, as his own.
type Key struct {
	Origin string // of the ledger
	Report string // a word: what the key is for
	K, Z   Point  // Z = k·H(origin, report)
	Proof  []byte // 64 bytes
}

func (k *Key) base() Point {
	return HashMember([]byte(KeyType + "\x00" + k.Origin + "\x00" + k.Report))
}

func (k *Key) context() []byte {
	return fmt.Appendf(nil, "origin %s\nreport %s\n", k.Origin, k.Report)
}

// NewKey makes the public key of a secret for a report.
func NewKey(s *Secret, origin, report string) (*Key, error) {
	k := &Key{Origin: origin, Report: report, K: s.Public()}
	base := k.base()
	e, err := base.element()
	if err != nil {
		return nil, err
	}
	k.Z = s.times(e)
	k.Proof, err = s.Prove(PurposeKey, k.context(), []Point{base}, []Point{k.Z})
	return k, err
}

// Check fails with ErrDLEQ or ErrPoint unless whoever made the key knows its secret.
func (k *Key) Check() error {
	return CheckProof(PurposeKey, k.context(), k.K, []Point{k.base()}, []Point{k.Z}, k.Proof)
}

// Build writes the key as a text object.
func (k *Key) Build() ([]byte, error) {
	switch {
	case len(k.Proof) != dleqSize:
		return nil, errors.New(KeyType + ": want a proof of 64 bytes")
	case k.Origin == "" || k.Origin == "-" || !isWord(k.Report):
		return nil, fmt.Errorf("%s: origin %.60q, report %.60q: want a name and a word", KeyType, k.Origin, k.Report)
	}
	o := ts.Object{Type: KeyType}
	o.Add("origin", k.Origin)
	o.Add("report", k.Report)
	o.Add("K", k.K.String())
	o.Add("Z", k.Z.String())
	o.Add("proof", hex.EncodeToString(k.Proof))
	return o.Bytes()
}

// ParseKey reads a key. It accepts exactly what Build writes; Check says whether it holds.
func ParseKey(b []byte) (Key, error) {
	return parsedAs(b, KeyType, "origin report K Z proof", func(v *ts.ObjectReader) Key {
		return Key{Origin: v.Object.Get("origin"), Report: v.Object.Get("report"),
			K: ts.Parsed(v, "K", pointFromHex), Z: ts.Parsed(v, "Z", pointFromHex),
			Proof: ts.Parsed(v, "proof", hex.DecodeString)}
	})
}

func pointFromHex(s string) (Point, error) {
	b, err := hex.DecodeString(s)
	if err != nil {
		return Point{}, fmt.Errorf("%.80q: want hex", s)
	}
	return ParsePoint(b)
}
