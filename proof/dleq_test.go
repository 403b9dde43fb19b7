package proof

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/cloudflare/circl/group"
)

// plainDLEQ is section 1 of doc/proof/spec.md, written from its text alone on group
// arithmetic. It takes the place of the library in the tests below; its coefficients are
// those that attacks on the batch aim at.
type plainDLEQ struct {
	key  Point
	c, d []Point
	dst  []byte
}

func newPlainDLEQ(purpose, context string, key Point, c, d []Point, chunk int) *plainDLEQ {
	cat := func(list []Point) (b []byte) {
		for _, p := range list {
			b = append(b, p[:]...)
		}
		return b
	}
	sum := func(b []byte) []byte { s := sha256.Sum256(b); return s[:] }
	h := sum(slices.Concat([]byte("tally-dleq-ctx/v1\x00"), []byte{byte(len(purpose))}, []byte(purpose), sum([]byte(context)), key[:], u64(len(c)), sum(cat(c)), sum(cat(d))))
	from, to := 16384*chunk, min(16384*(chunk+1), len(c))
	return &plainDLEQ{key, c[from:to], d[from:to], slices.Concat([]byte("tally-dleq/v1\x00"), h, u64(chunk))}
}

// expand is expand_message_xmd of RFC 9380, 5.3.1, with SHA-512 and 64 bytes.
func expand(message, dst []byte) []byte {
	tail := append(bytes.Clone(dst), byte(len(dst)))
	b0 := sha512.Sum512(slices.Concat(make([]byte, 128), message, []byte{0, 64, 0}, tail))
	b1 := sha512.Sum512(slices.Concat(b0[:], []byte{1}, tail))
	return b1[:]
}

func (p *plainDLEQ) hashToScalar(message []byte) group.Scalar {
	b := expand(message, append([]byte("HashToScalar-"), p.dst...))
	slices.Reverse(b)
	return group.Ristretto255.NewScalar().SetBigInt(new(big.Int).SetBytes(b))
}

// framed is each part with its length in 16 bits.
func framed(parts ...[]byte) (b []byte) {
	for _, part := range parts {
		b = append(binary.BigEndian.AppendUint16(b, uint16(len(part))), part...)
	}
	return b
}

// coefficients returns d[i] of the specification.
func (p *plainDLEQ) coefficients() []group.Scalar {
	seed := sha512.Sum512(framed(p.key[:], append([]byte("Seed-"), p.dst...)))
	list := make([]group.Scalar, len(p.c))
	for i := range p.c {
		list[i] = p.hashToScalar(slices.Concat(framed(seed[:]), binary.BigEndian.AppendUint16(nil, uint16(i)), framed(p.c[i][:], p.d[i][:]), []byte("Composite")))
	}
	return list
}

func (p *plainDLEQ) holds(proof []byte) bool {
	g := group.Ristretto255
	m, z := g.Identity(), g.Identity()
	for i, x := range p.coefficients() {
		c, _ := p.c[i].element()
		d, _ := p.d[i].element()
		m.Add(m, g.NewElement().Mul(c, x))
		z.Add(z, g.NewElement().Mul(d, x))
	}
	c, s := g.NewScalar(), g.NewScalar()
	if c.UnmarshalBinary(proof[:32]) != nil || s.UnmarshalBinary(proof[32:]) != nil {
		return false
	}
	k, _ := p.key.element()
	t2 := g.NewElement().Add(g.NewElement().MulGen(s), g.NewElement().Mul(k, c))
	t3 := g.NewElement().Add(g.NewElement().Mul(m, s), g.NewElement().Mul(z, c))
	var parts [][]byte
	for _, e := range []group.Element{m, z, t2, t3} {
		q := pointOf(e)
		parts = append(parts, q[:])
	}
	return p.hashToScalar(append(framed(append([][]byte{p.key[:]}, parts...)...), "Challenge"...)).IsEqual(c)
}

// TestProofIsPlain: the specification alone accepts what Prove makes, and refuses what it
// refuses.
func TestProofIsPlain(t *testing.T) {
	s := NewSecret([32]byte{3})
	c, d := answers(s, 7)
	for _, purpose := range []Purpose{PurposeKey, PurposeAudit, PurposeOverlap, PurposeMember} {
		file, err := s.Prove(purpose, []byte("a context\n"), c, d)
		if err != nil {
			t.Fatal(err)
		}
		if !newPlainDLEQ(string(purpose), "a context\n", s.Public(), c, d, 0).holds(file) {
			t.Errorf("%s: the specification refuses a good proof", purpose)
		}
		if newPlainDLEQ(string(purpose), "another\n", s.Public(), c, d, 0).holds(file) {
			t.Errorf("%s: the specification accepts another context", purpose)
		}
	}
}

// TestKSum, attack 4b "k-sum on the batch DLEQ: coefficients of RFC 9497 do not bind all D, so
// wrong answers can cancel": with the domain of the RFC a coefficient stays when another
// answer changes, which is what the search for a k-sum needs; here every coefficient changes.
func TestKSum(t *testing.T) {
	s := NewSecret([32]byte{3})
	c, d := answers(s, 12)
	ours := func() []group.Scalar { return newPlainDLEQ("audit", "", s.Public(), c, d, 0).coefficients() }
	rfc := func() []group.Scalar {
		return (&plainDLEQ{s.Public(), c, d, []byte("OPRFV1-\x01-ristretto255-SHA512")}).coefficients()
	}
	was, wasRFC := ours(), rfc()
	d[5] = HashMember([]byte("a wrong answer"))
	is, isRFC := ours(), rfc()
	for i := range c {
		if was[i].IsEqual(is[i]) {
			t.Errorf("coefficient %d stays when answer 5 changes", i)
		}
		if wasRFC[i].IsEqual(isRFC[i]) != (i != 5) {
			t.Errorf("coefficient %d of the RFC: this test shows nothing", i)
		}
	}
}

// TestCancellingAnswers forges what the k-sum looks for: two wrong answers whose errors cancel
// under known coefficients. RFC 9497 alone would accept that; the coefficients of the
// specification are others as soon as the answers are.
func TestCancellingAnswers(t *testing.T) {
	g, s := group.Ristretto255, NewSecret([32]byte{3})
	c, d := answers(s, 3)
	x := newPlainDLEQ("audit", "", s.Public(), c, d, 0).coefficients()
	// d[0] += x[1]·E, d[1] -= x[0]·E
	e := hashMember([]byte("error"))
	wrong := slices.Clone(d)
	d0, _ := d[0].element()
	d1, _ := d[1].element()
	wrong[0] = pointOf(g.NewElement().Add(d0, g.NewElement().Mul(e, x[1])))
	wrong[1] = pointOf(g.NewElement().Add(d1, g.NewElement().Neg(g.NewElement().Mul(e, x[0]))))
	if !cancels(s, x, c, wrong) {
		t.Fatal("the errors do not cancel under the old coefficients: the test shows nothing")
	}
	if cancels(s, newPlainDLEQ("audit", "", s.Public(), c, wrong, 0).coefficients(), c, wrong) {
		t.Error("the errors cancel")
	}
	file, err := s.Prove(PurposeAudit, nil, c, wrong)
	if err != nil {
		t.Fatal(err)
	}
	if err := CheckProof(PurposeAudit, nil, s.Public(), c, wrong, file); !errors.Is(err, ErrDLEQ) {
		t.Errorf("wrong answers: %v", err)
	}
}

// cancels reports whether Σ x·d = k·Σ x·c.
func cancels(s *Secret, x []group.Scalar, c, d []Point) bool {
	g := group.Ristretto255
	m, z := g.Identity(), g.Identity()
	for i := range x {
		ci, _ := c[i].element()
		di, _ := d[i].element()
		m.Add(m, g.NewElement().Mul(ci, x[i]))
		z.Add(z, g.NewElement().Mul(di, x[i]))
	}
	return g.NewElement().Mul(m, s.k).IsEqual(z)
}

// TestProofRepeats: the nonce follows from everything proved: the same is proved in the same
// bytes, and no two proofs share a nonce, which would tell the secret.
func TestProofRepeats(t *testing.T) {
	s := NewSecret([32]byte{3})
	c, d := answers(s, 2)
	seen := map[string]string{}
	for _, q := range []struct {
		purpose Purpose
		context string
		n       int
	}{{PurposeAudit, "a", 2}, {PurposeAudit, "b", 2}, {PurposeMember, "a", 2}, {PurposeAudit, "a", 1}} {
		what := fmt.Sprint(q)
		file, err := s.Prove(q.purpose, []byte(q.context), c[:q.n], d[:q.n])
		if err != nil {
			t.Fatal(err)
		}
		again, err := s.Prove(q.purpose, []byte(q.context), c[:q.n], d[:q.n])
		if err != nil || !bytes.Equal(file, again) {
			t.Errorf("%s: proved in other bytes the second time, %v", what, err)
		}
		nonce := commitment(t, s, file)
		if other, ok := seen[nonce]; ok {
			t.Errorf("%s and %s have one nonce", what, other)
		}
		seen[nonce] = what
	}
}

// commitment returns t2 = s·G + c·K = r·G of a proof.
func commitment(t *testing.T, secret *Secret, file []byte) string {
	t.Helper()
	g := group.Ristretto255
	c, s := g.NewScalar(), g.NewScalar()
	if err := errors.Join(c.UnmarshalBinary(file[:32]), s.UnmarshalBinary(file[32:64])); err != nil {
		t.Fatal(err)
	}
	k, err := secret.public.element()
	if err != nil {
		t.Fatal(err)
	}
	return pointOf(g.NewElement().Add(g.NewElement().MulGen(s), g.NewElement().Mul(k, c))).String()
}
