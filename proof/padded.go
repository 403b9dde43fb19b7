package proof

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding"
	"encoding/binary"
	"io"
)

// What is hashed for every row is a few blocks long. crypto/sha256 takes about a block's
// time to pad a message, and to keep its state for more. Here messages come padded, and the
// state behind them, which a marshaled hash holds and which package hash promises to keep as
// it is, is the digest.

// appendPadding appends what FIPS 180-4, 5.1.1 puts behind a message of so many bytes, the
// last of which are dst.
func appendPadding(dst []byte, length int) []byte {
	zeros := -(length + 1 + 8) & (sha256.BlockSize - 1)
	dst = append(append(dst, 0x80), make([]byte, zeros)...)
	return binary.BigEndian.AppendUint64(dst, 8*uint64(length))
}

// A marshaled SHA-256 has stateSize bytes, in which its state follows stateBefore.
const (
	stateBefore = len("sha\x03")
	stateSize   = stateBefore + sha256.Size + sha256.BlockSize + 8
)

// sumPadded returns the SHA-256 of a message that stands before its padding. It is all in
// one function, so that nothing of it is allocated.
func sumPadded(b []byte) Hash {
	var room [stateSize]byte
	h := sha256.New()
	h.Write(b)
	state, err := h.(encoding.BinaryAppender).AppendBinary(room[:0])
	if err != nil { // cannot be: SHA-256 has a state of its own
		panic(err)
	}
	return Hash(state[stateBefore:])
}

// keyed is one of the two hashes of an HMAC-SHA256 (RFC 2104) for messages of one length,
// which fit a block: the state behind the key, and that block.
type keyed struct {
	sha   marshaler
	state []byte                 // behind the key
	block [sha256.BlockSize]byte // the message, and its padding
	room  [stateSize]byte
}

// marshaler is what a SHA-256 is too.
type marshaler interface {
	io.Writer
	encoding.BinaryAppender
	encoding.BinaryUnmarshaler
}

// newKeyed returns the hash of the HMAC with the pad byte.
func newKeyed(key [32]byte, pad byte, length int) *keyed {
	k := &keyed{sha: sha256.New().(marshaler)}
	block := bytes.Repeat([]byte{pad}, sha256.BlockSize)
	subtle.XORBytes(block, block, key[:])
	k.sha.Write(block)
	k.state = k.marshal(nil)
	appendPadding(k.block[:length], len(block)+length)
	return k
}

func (k *keyed) marshal(dst []byte) []byte {
	state, err := k.sha.AppendBinary(dst)
	if err != nil { // as above
		panic(err)
	}
	return state
}

// sum returns the hash of the key and the block.
func (k *keyed) sum() Hash {
	if err := k.sha.UnmarshalBinary(k.state); err != nil { // cannot be: marshal made it
		panic(err)
	}
	k.sha.Write(k.block[:])
	return Hash(k.marshal(k.room[:0])[stateBefore:])
}
