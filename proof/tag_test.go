package proof

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"testing"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/oprf"

	"github.com/tallystick/tallystick"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func secretFromHex(t testing.TB, s string) *Secret {
	t.Helper()
	k := group.Ristretto255.NewScalar()
	if err := k.UnmarshalBinary(unhex(t, s)); err != nil {
		t.Fatal(err)
	}
	return secretOf(k)
}

// vectorKey is the key of RFC 9497, A.1.2.
const vectorKey = "e6f73f344b79b379f1a0dd37e07ff62e38d9f71345ce62ae3a9bc60b04ccd909"

// TestTagVector: the vector of the protocol, section 6, on which circl and @noble/curves agree.
func TestTagVector(t *testing.T) {
	s := secretFromHex(t, vectorKey)
	if got, want := s.Public().String(), "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e"; got != want {
		t.Errorf("public key %s, want %s", got, want)
	}
	got := s.Tag(unhex(t, "04c0000201")).String()
	if want := "a82acaf1986311498edc14bffed5badeba78ccf11969a10bf724c513917a383d"; got != want {
		t.Errorf("tag %s, want %s", got, want)
	}
}

// TestTagIsVOPRF: a tag is what a VOPRF server evaluates for a client that blinds with 1.
func TestTagIsVOPRF(t *testing.T) {
	s := secretFromHex(t, vectorKey)
	var key oprf.PrivateKey
	if err := key.UnmarshalBinary(oprf.SuiteRistretto255, unhex(t, vectorKey)); err != nil {
		t.Fatal(err)
	}
	one := group.Ristretto255.NewScalar().SetUint64(1)
	client := oprf.NewVerifiableClient(oprf.SuiteRistretto255, key.Public())
	member := unhex(t, "04c0000201")
	_, request, err := client.DeterministicBlind([][]byte{member}, []oprf.Blind{one})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := oprf.NewVerifiableServer(oprf.SuiteRistretto255, &key).Evaluate(request)
	if err != nil {
		t.Fatal(err)
	}
	if got := pointOf(answer.Elements[0]); got != s.Tag(member) {
		t.Errorf("evaluated %s, tagged %s", got, s.Tag(member))
	}
}

// TestOneMemberOneTag: the same host written as IPv4 and as mapped IPv6 is one member.
func TestOneMemberOneTag(t *testing.T) {
	s := NewSecret([32]byte{1})
	a := tallystick.AppendAddrMember(nil, tallystick.Canonical(netip.MustParseAddr("240.0.0.1")))
	b := tallystick.AppendAddrMember(nil, tallystick.Canonical(netip.MustParseAddr("::ffff:240.0.0.1")))
	if s.Tag(a) != s.Tag(b) {
		t.Error("one host has two tags")
	}
}

func TestTags(t *testing.T) {
	s := NewSecret([32]byte{2})
	members := numbered(9)
	for i, tag := range s.Tags(members) {
		if tag != s.Tag(members[i]) {
			t.Errorf("tag %d differs", i)
		}
		if _, err := ParsePoint(tag[:]); err != nil {
			t.Errorf("tag %d: %v", i, err)
		}
	}
}

func numbered(n int) [][]byte {
	members := make([][]byte, n)
	for i := range members {
		members[i] = fmt.Appendf(nil, "\x04%04d", i)
	}
	return members
}

// TestBadPoints: the encodings that RFC 9496, A.3 wants refused, and the identity.
func TestBadPoints(t *testing.T) {
	for _, s := range []string{
		"0000000000000000000000000000000000000000000000000000000000000000", // identity
		"00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", // not canonical
		"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"0100000000000000000000000000000000000000000000000000000000000000", // negative
		"01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20",
		"26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371", // no square
		"4eac077a713c57b4f4397629a4145982c661f48044dd3f96427d40b147d9742f",
		"3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e", // x·y negative
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // s = -1
		"00",
	} {
		if _, err := ParsePoint(unhex(t, s)); !errors.Is(err, ErrPoint) {
			t.Errorf("point %s: %v, want it refused", s, err)
		}
	}
}

// answers returns n points and k times each.
func answers(s *Secret, n int) (c, d []Point) {
	for _, m := range numbered(n) {
		c, d = append(c, HashMember(m)), append(d, s.Tag(m))
	}
	return c, d
}

func TestProof(t *testing.T) {
	s, context := NewSecret([32]byte{3}), []byte("figure 1\n")
	c, d := answers(s, 20)
	file, err := s.Prove(PurposeAudit, context, c, d)
	if err != nil {
		t.Fatal(err)
	}
	check := func(p Purpose, context []byte, key Point, c, d []Point, file []byte) error {
		return CheckProof(p, context, key, c, d, file)
	}
	if err := check(PurposeAudit, context, s.Public(), c, d, file); err != nil {
		t.Fatal(err)
	}
	swapped := append([]Point(nil), d...)
	swapped[3], swapped[4] = d[4], d[3]
	flipped := bytes.Clone(file)
	flipped[40] ^= 1
	for what, err := range map[string]error{
		"another purpose":      check(PurposeMember, context, s.Public(), c, d, file),
		"another context":      check(PurposeAudit, []byte("figure 2\n"), s.Public(), c, d, file),
		"another key":          check(PurposeAudit, context, NewSecret([32]byte{4}).Public(), c, d, file),
		"identity as key":      check(PurposeAudit, context, Point{}, c, d, file),
		"answers swapped":      check(PurposeAudit, context, s.Public(), c, swapped, file),
		"one answer fewer":     check(PurposeAudit, context, s.Public(), c[:19], d[:19], file),
		"a flipped bit":        check(PurposeAudit, context, s.Public(), c, d, flipped),
		"a longer file":        check(PurposeAudit, context, s.Public(), c, d, append(bytes.Clone(file), 0)),
		"no file":              check(PurposeAudit, context, s.Public(), c, d, nil),
		"unequal numbers":      check(PurposeAudit, context, s.Public(), c, d[:19], file),
		"scalar not canonical": check(PurposeAudit, context, s.Public(), c, d, bytes.Repeat([]byte{0xff}, 64)),
	} {
		if !errors.Is(err, ErrDLEQ) && !errors.Is(err, ErrPoint) {
			t.Errorf("%s: %v, want it refused", what, err)
		}
	}
}

// TestProofOfIdentities: the library accepts a key and answers that are all the identity.
func TestProofOfIdentities(t *testing.T) {
	zero := secretOf(group.Ristretto255.NewScalar())
	c, _ := answers(NewSecret([32]byte{3}), 2)
	d := make([]Point, 2)
	if _, err := zero.Prove(PurposeAudit, nil, c, d); !errors.Is(err, ErrPoint) {
		t.Errorf("proof with the key 0: %v", err)
	}
	if err := CheckProof(PurposeAudit, nil, Point{}, c, d, make([]byte, dleqSize)); !errors.Is(err, ErrPoint) {
		t.Errorf("identities checked: %v", err)
	}
}

func TestEmptyProof(t *testing.T) {
	s := NewSecret([32]byte{3})
	file, err := s.Prove(PurposeAudit, nil, nil, nil)
	if err != nil || len(file) != 0 {
		t.Errorf("proof of nothing: %d bytes, %v", len(file), err)
	}
	if err := CheckProof(PurposeAudit, nil, s.Public(), nil, nil, nil); err != nil {
		t.Error(err)
	}
}

// TestDomainBindsEveryAnswer: were it otherwise, wrong answers that cancel out could be
// found as a k-sum (protocol 4b).
func TestDomainBindsEveryAnswer(t *testing.T) {
	s := NewSecret([32]byte{3})
	c, d := answers(s, 30)
	domain := func() string {
		st, err := newStatement(PurposeAudit, nil, s.Public(), c, d)
		if err != nil {
			t.Fatal(err)
		}
		return string(st.params(0).DST)
	}
	seen := map[string]bool{domain(): true}
	for i := range d {
		for _, list := range [][]Point{c, d} {
			kept := list[i]
			list[i] = HashMember([]byte{byte(i)})
			if seen[domain()] {
				t.Errorf("point %d changed, the domain did not", i)
			}
			list[i] = kept
		}
	}
	if !seen[domain()] {
		t.Error("the domain depends on something else")
	}
}

func BenchmarkTag(b *testing.B) {
	s := NewSecret([32]byte{1})
	for b.Loop() {
		s.Tag([]byte("\x04\xf0\x00\x00\x01"))
	}
}

func BenchmarkCheckProof(b *testing.B) {
	s := NewSecret([32]byte{1})
	c, d := answers(s, 299)
	file, err := s.Prove(PurposeAudit, nil, c, d)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := CheckProof(PurposeAudit, nil, s.Public(), c, d, file); err != nil {
			b.Fatal(err)
		}
	}
}
