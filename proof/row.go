package proof

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"

	ts "github.com/tallystick/tallystick"
)

const (
	segmentKeyTag = "tally-segkey/v1\x00"
	saltTag       = "tally-salt/v1\x00"
	rowTag        = "tally-row/v1\x00"
)

// Salt hides a row behind its leaf until the row is opened.
type Salt = [16]byte

// SegmentKey derives the secret from which the salts of one segment come (protocol 3.1)
// from the salt key of the ledger and the identifier of the segment.
func SegmentKey(saltKey [32]byte, segment [16]byte) [32]byte {
	mac := hmac.New(sha256.New, saltKey[:])
	mac.Write([]byte(segmentKeyTag))
	mac.Write(segment[:])
	return [32]byte(mac.Sum(nil))
}

// Salts derives the salts of one segment and its leaves, fast and without allocation: the
// keyed states of the HMAC are computed once. One goroutine may use it at a time.
type Salts struct {
	inner, outer *keyed // the two hashes of the HMAC
	leaf         []byte // what was hashed last
}

// NewSalts returns the salts of the segment with the key.
func NewSalts(segmentKey [32]byte) *Salts {
	s := &Salts{inner: newKeyed(segmentKey, 0x36, len(saltTag)+8), outer: newKeyed(segmentKey, 0x5c, sha256.Size)}
	copy(s.inner.block[:], saltTag)
	return s
}

// Row returns the salt of a row, counted from 0 (protocol 3.1): RowSalt, in half the time.
func (s *Salts) Row(row uint64) Salt {
	binary.BigEndian.PutUint64(s.inner.block[len(saltTag):], row)
	inner := s.inner.sum()
	copy(s.outer.block[:], inner[:])
	outer := s.outer.sum()
	return Salt(outer[:len(Salt{})])
}

// Leaf returns the leaf of a row, counted from 0: RowLeaf of its salt and canonical line.
func (s *Salts) Leaf(row uint64, r *ts.Row) Hash {
	s.leaf = r.AppendLine(appendRow(s.leaf[:0], s.Row(row), nil))
	s.leaf = appendPadding(s.leaf, len(s.leaf))
	return sumPadded(s.leaf)
}

// RowSalt returns the salt of one row. Salts is the way to many.
func RowSalt(segmentKey [32]byte, row uint64) Salt {
	mac := hmac.New(sha256.New, segmentKey[:])
	mac.Write(binary.BigEndian.AppendUint64([]byte(saltTag), row))
	return Salt(mac.Sum(nil)[:len(Salt{})])
}

// rowPrefix is what stands before the line in a hashed leaf: 0x00 of RFC 6962, the tag
// and the salt.
const rowPrefix = 1 + len(rowTag) + len(Salt{})

// shortLine and longLine are the lengths of lines that RowLeaf hashes from buffers on
// the stack; clearing the longer one for every row would cost as much as the hash.
const (
	shortLine = 1024 - rowPrefix
	longLine  = 4096
)

// RowLeaf returns the leaf of a row (protocol 3.1) from its salt and canonical line. It
// does not allocate for lines up to tallystick.MaxLine.
func RowLeaf(salt Salt, line []byte) Hash {
	if len(line) > shortLine {
		return longRowLeaf(salt, line)
	}
	var b [rowPrefix + shortLine]byte
	return sha256.Sum256(appendRow(b[:0], salt, line))
}

func longRowLeaf(salt Salt, line []byte) Hash {
	var b [rowPrefix + longLine]byte
	return sha256.Sum256(appendRow(b[:0], salt, line))
}

func appendRow(dst []byte, salt Salt, line []byte) []byte {
	dst = append(dst, 0)
	dst = append(dst, rowTag...)
	dst = append(dst, salt[:]...)
	return append(dst, line...)
}
