package proof

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"

	ts "github.com/tallystick/tallystick"
)

// Seed returns what draws the members to open (protocol 3.3): from the statement, the
// challenges that came in time, in the ledger's order, and the beacon's randomness, so
// that neither side can choose.
func Seed(figure ts.Digest, round uint64, challenges []ts.Digest, randomness [32]byte) [32]byte {
	b := append([]byte("tally-seed/v1\x00"), figure[:]...)
	b = binary.BigEndian.AppendUint64(b, round)
	b = binary.BigEndian.AppendUint64(b, uint64(len(challenges)))
	for i := range challenges {
		b = append(b, challenges[i][:]...)
	}
	return sha256.Sum256(append(b, randomness[:]...))
}

// Draw returns min(k, n) different positions below n in the order in which they are drawn:
// all of them in order where k is at least n.
func Draw(seed [32]byte, n, k uint64) []uint64 {
	if k >= n {
		all := make([]uint64, n)
		for i := range all {
			all[i] = uint64(i)
		}
		return all
	}
	positions := make([]uint64, 0, k)
	drawn := make(map[uint64]bool, k)
	mac := hmac.New(sha256.New, seed[:])
	for ctr := uint64(0); uint64(len(positions)) < k; ctr++ {
		mac.Reset()
		mac.Write(binary.BigEndian.AppendUint64([]byte("tally-index/v1\x00"), ctr))
		v := binary.BigEndian.Uint64(mac.Sum(nil))
		if v > ^uint64(0)-(^uint64(0)%n+1)%n {
			continue // the last, incomplete run of n values would favour low positions
		}
		if v %= n; !drawn[v] {
			drawn[v] = true
			positions = append(positions, v)
		}
	}
	return positions
}
