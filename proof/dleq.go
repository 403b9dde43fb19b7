package proof

import (
	"crypto"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/zk/dleq"
)

// dleqChunk is how many elements one proof covers. RFC 9497 counts them in 16 bits, and
// the library wraps silently.
const dleqChunk = 1 << 14

// dleqSize is the length of one chunk's proof: two scalars.
const dleqSize = 64

const (
	dleqContextTag = "tally-dleq-ctx/v1\x00"
	dleqTag        = "tally-dleq/v1\x00"
	nonceDST       = "tally-nonce/v1\x00"
)

// ErrDLEQ means that a proof of equal discrete logarithms does not hold.
var ErrDLEQ = errors.New("proof does not hold: not all answers were made with this key")

// Purpose says what a proof is for: one made for a purpose is none for another.
type Purpose string

// The purposes of the protocol.
const (
	PurposeKey     Purpose = "key"
	PurposeAudit   Purpose = "audit"
	PurposeOverlap Purpose = "overlap"
	PurposeMember  Purpose = "member"
)

// statement is what a batch proof shows: d[i] = k·c[i] and the key is k·G.
type statement struct {
	hash [sha256.Size]byte
	key  group.Element
	c, d []Point
}

// newStatement binds all of C and D into the domain of every chunk. Without that, the
// coefficients of RFC 9497 bind only what stands beside them, and wrong answers can be
// found that cancel out (protocol 3.0).
func newStatement(purpose Purpose, context []byte, key Point, c, d []Point) (*statement, error) {
	if len(c) != len(d) {
		return nil, fmt.Errorf("%w: %d answers to %d points", ErrDLEQ, len(d), len(c))
	}
	e, err := key.element()
	if err != nil {
		return nil, fmt.Errorf("key: %w", err)
	}
	return &statement{statementHash(purpose, context, key, c, d), e, c, d}, nil
}

func statementHash(purpose Purpose, context []byte, key Point, c, d []Point) [sha256.Size]byte {
	h := sha256.New()
	h.Write([]byte(dleqContextTag))
	h.Write([]byte{byte(len(purpose))})
	h.Write([]byte(purpose))
	sum := sha256.Sum256(context)
	h.Write(sum[:])
	h.Write(key[:])
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(c))))
	sum = digestPoints(c)
	h.Write(sum[:])
	sum = digestPoints(d)
	h.Write(sum[:])
	return [sha256.Size]byte(h.Sum(nil))
}

// digestPoints returns the SHA-256 of the points one after the other.
func digestPoints(points []Point) [sha256.Size]byte {
	h := sha256.New()
	for i := range points {
		h.Write(points[i][:])
	}
	return [sha256.Size]byte(h.Sum(nil))
}

func (s *statement) chunks() int { return (len(s.c) + dleqChunk - 1) / dleqChunk }

// params returns the parameters of one chunk's proof.
func (s *statement) params(i int) dleq.Params {
	dst := append([]byte(dleqTag), s.hash[:]...)
	return dleq.Params{G: group.Ristretto255, H: crypto.SHA512, DST: binary.BigEndian.AppendUint64(dst, uint64(i))}
}

// chunk decodes the points of one chunk.
func (s *statement) chunk(i int) (c, d []group.Element, err error) {
	from, to := i*dleqChunk, min((i+1)*dleqChunk, len(s.c))
	if c, err = elements(s.c[from:to]); err != nil {
		return nil, nil, fmt.Errorf("asked from %d: %w", from, err)
	}
	if d, err = elements(s.d[from:to]); err != nil {
		return nil, nil, fmt.Errorf("answered from %d: %w", from, err)
	}
	return c, d, nil
}

// eachChunk calls f for every chunk, on all processors, and returns the error of the first
// that failed.
func (s *statement) eachChunk(f func(i int) error) error {
	failed := make([]error, s.chunks())
	inShares(len(failed), func(from, to int) {
		for i := from; i < to; i++ {
			failed[i] = f(i)
		}
	})
	for i, err := range failed {
		if err != nil {
			return fmt.Errorf("chunk %d: %w", i, err)
		}
	}
	return nil
}

// Prove shows that d[i] = k·c[i] for every i, and nothing else about k (batch DLEQ of
// protocol 3.0; RFC 9497, 2.2.1). context is the text that names the prover and all that
// the answer is about. Its nonces derive from the key and all that is proved: the same
// question has the same bytes as answer. A proof of nothing is empty.
func (s *Secret) Prove(purpose Purpose, context []byte, c, d []Point) ([]byte, error) {
	st, err := newStatement(purpose, context, s.public, c, d)
	if err != nil {
		return nil, err
	}
	file := make([]byte, dleqSize*st.chunks())
	err = st.eachChunk(func(i int) error {
		b, err := s.proveChunk(st, i)
		copy(file[i*dleqSize:], b)
		return err
	})
	if err != nil {
		return nil, err
	}
	return file, nil
}

func (s *Secret) proveChunk(st *statement, i int) ([]byte, error) {
	c, d, err := st.chunk(i)
	if err != nil {
		return nil, err
	}
	p := dleq.Prover{Params: st.params(i)}
	proof, err := p.ProveBatchWithRandomnessRFC9497(s.k, st.key, c, d, s.nonce(p.DST))
	if err != nil {
		return nil, err
	}
	return proof.MarshalBinary()
}

// nonce derives the randomness of one proof from the key and all that is proved.
func (s *Secret) nonce(dst []byte) group.Scalar {
	k, err := s.k.MarshalBinary()
	if err != nil {
		panic(err) // encoding a scalar of this group has no way to fail
	}
	return group.Ristretto255.HashToScalar(append(k, dst...), []byte(nonceDST))
}

// CheckProof checks what Prove made with the key's secret. It fails with ErrDLEQ where the
// proof does not hold, with ErrPoint where a point is none.
func CheckProof(purpose Purpose, context []byte, key Point, c, d []Point, file []byte) error {
	st, err := newStatement(purpose, context, key, c, d)
	if err != nil {
		return err
	}
	if len(file) != dleqSize*st.chunks() {
		return fmt.Errorf("%w: %d bytes for %d answers", ErrDLEQ, len(file), len(d))
	}
	return st.eachChunk(func(i int) error { return st.check(i, file[i*dleqSize:(i+1)*dleqSize]) })
}

// check checks the proof of one chunk.
func (s *statement) check(i int, file []byte) error {
	c, d, err := s.chunk(i)
	if err != nil {
		return err
	}
	var proof dleq.Proof
	if err := proof.UnmarshalBinary(group.Ristretto255, file); err != nil {
		return fmt.Errorf("%w: %w", ErrDLEQ, err)
	}
	if !(dleq.Verifier{Params: s.params(i)}).VerifyBatchRFC9497(s.key, c, d, &proof) {
		return ErrDLEQ
	}
	return nil
}
