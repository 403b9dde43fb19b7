package proof

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/cloudflare/circl/sign/bls"
)

// The public beacon is drand's chain quicknet: a network of organisations signs the number
// of a round every three seconds, and nobody knows a signature before its time.
const (
	beaconKey = "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c" +
		"8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
	beaconGenesis = 1692803367 // Unix time of round 1
	beaconPeriod  = 3          // seconds
)

// ErrBeacon means that a signature is not the beacon's for that round.
var ErrBeacon = errors.New("not the public beacon's signature of that round")

// maxRound keeps times of rounds within 2^53−1.
const maxRound = 1 << 51

// BeaconTime returns the Unix time in seconds at which a round, from 1 on, becomes known.
func BeaconTime(round uint64) (int64, error) {
	if round == 0 || round > maxRound {
		return 0, fmt.Errorf("round %d of the beacon does not exist", round)
	}
	return beaconGenesis + beaconPeriod*int64(round-1), nil
}

// BeaconRound returns the first round at or after a time.
func BeaconRound(unix int64) uint64 {
	if unix <= beaconGenesis {
		return 1
	}
	return uint64((unix-beaconGenesis+beaconPeriod-1)/beaconPeriod) + 1
}

// BeaconRandomness checks a round's signature, in hex, and returns the randomness in it.
// It fails with ErrBeacon.
func BeaconRandomness(round uint64, signature string) ([32]byte, error) {
	sig, err := hex.DecodeString(signature)
	if err != nil || hex.EncodeToString(sig) != signature {
		return [32]byte{}, fmt.Errorf("%w: want lower-case hex", ErrBeacon)
	}
	keyBytes, err := hex.DecodeString(beaconKey)
	if err != nil {
		return [32]byte{}, err
	}
	var key bls.PublicKey[bls.KeyG2SigG1]
	if err := key.UnmarshalBinary(keyBytes); err != nil {
		return [32]byte{}, err
	}
	message := sha256.Sum256(binary.BigEndian.AppendUint64(nil, round))
	if len(sig) != beaconSignature || !bls.Verify(&key, message[:], sig) {
		return [32]byte{}, ErrBeacon
	}
	return sha256.Sum256(sig), nil
}

// beaconSignature is the length of a compressed point of G1.
const beaconSignature = 48
