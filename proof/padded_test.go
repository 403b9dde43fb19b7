package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// TestSumPadded compares with crypto/sha256, for messages that end anywhere in a block.
func TestSumPadded(t *testing.T) {
	for n := range 4 * sha256.BlockSize {
		message := bytes.Repeat([]byte{byte(n)}, n)
		if got, want := sumPadded(appendPadding(message, n)), sha256.Sum256(message); got != want {
			t.Fatalf("%d bytes: %x, want %x", n, got, want)
		}
	}
}

// TestSaltsAgainstHMAC compares the salts of made-up keys with those that crypto/hmac gives.
func TestSaltsAgainstHMAC(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		var key [32]byte
		for i := 0; i < len(key); i += 8 {
			binary.BigEndian.PutUint64(key[i:], rnd.Uint64())
		}
		salts := NewSalts(key)
		for range 3 {
			if row := rnd.Uint64(); salts.Row(row) != RowSalt(key, row) {
				t.Fatalf("key %x, row %d: salt %x", key, row, salts.Row(row))
			}
		}
	}
}

// TestNodeHash compares with the definition.
func TestNodeHash(t *testing.T) {
	left, right := sha256.Sum256([]byte("left")), sha256.Sum256([]byte("right"))
	if got, want := NodeHash(&left, &right), sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...)); got != want {
		t.Errorf("node %x, want %x", got, want)
	}
}
