package proof

import (
	"bytes"
	"encoding/hex"
	"testing"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/zk/dleq"
)

type pointVectors struct {
	Good []hexBytes   `json:"good"`
	Bad  []badPoint   `json:"bad"`
	Hash []hashVector `json:"hash"`
	Tags []tagVector  `json:"tags"`
}

type badPoint struct {
	Bytes hexBytes `json:"bytes"`
	Why   string   `json:"why"`
}

type hashVector struct {
	Member hexBytes `json:"member"`
	Point  hexBytes `json:"point"`
}

type tagVector struct {
	Secret hexBytes `json:"secret"`
	Public hexBytes `json:"public"`
	Member hexBytes `json:"member"`
	Tag    hexBytes `json:"tag"`
}

// multiples are 1·G to 3·G (RFC 9496, A.1).
const multiples = "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76" +
	"6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919" +
	"94741f5d5d52755ece4f23f044ee27d5d1ea1e2bd196b462166b16152a9d0259"

func badPoints(t *testing.T) []badPoint {
	var list []badPoint
	for _, c := range [][2]string{
		{"0000000000000000000000000000000000000000000000000000000000000000", "the identity"},
		{"00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "not canonical"},
		{"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "not canonical"},
		{"f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "not canonical"},
		{"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "not canonical: zero"},
		{"0100000000000000000000000000000000000000000000000000000000000000", "negative"},
		{"01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "negative"},
		{"ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20", "negative"},
		{"26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371", "no square"},
		{"4eac077a713c57b4f4397629a4145982c661f48044dd3f96427d40b147d9742f", "no square"},
		{"3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e", "x*y negative"},
		{"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "y is 0"},
		{"e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d", "31 bytes"},
		{"e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d7600", "33 bytes"},
	} {
		list = append(list, badPoint{unhex(t, c[0]), c[1]})
	}
	return list
}

func TestVectorsPoints(t *testing.T) {
	v := pointVectors{Bad: badPoints(t)}
	for b := unhex(t, multiples); len(b) > 0; b = b[32:] {
		v.Good = append(v.Good, b[:32])
	}
	for _, secret := range []string{vectorKey, "0100000000000000000000000000000000000000000000000000000000000000",
		"ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"} {
		s := secretFromHex(t, secret)
		for _, member := range []string{"04c0000201", "06" + "20010db8000000000000000000000007", "0720010db800000000", "0d0006622e74657374", ""} {
			tag, public := s.Tag(unhex(t, member)), s.Public()
			v.Tags = append(v.Tags, tagVector{unhex(t, secret), public[:], unhex(t, member), tag[:]})
		}
	}
	for _, tag := range v.Tags[:5] {
		p := HashMember(tag.Member)
		v.Hash = append(v.Hash, hashVector{tag.Member, p[:]})
	}
	vectors(t, "points", v, checkPointVectors)
}

func checkPointVectors(t *testing.T, v pointVectors) {
	for _, b := range v.Good {
		_, err := ParsePoint(b)
		agree(t, "point "+hex.EncodeToString(b), err, true)
	}
	for _, c := range v.Bad {
		_, err := ParsePoint(c.Bytes)
		agree(t, c.Why, err, false)
	}
	for _, c := range v.Hash {
		if p := HashMember(c.Member); !bytes.Equal(p[:], c.Point) {
			t.Errorf("member %x hashes to %s", []byte(c.Member), p)
		}
	}
	for _, c := range v.Tags {
		s := secretFromHex(t, hex.EncodeToString(c.Secret))
		if tag, public := s.Tag(c.Member), s.Public(); !bytes.Equal(tag[:], c.Tag) || !bytes.Equal(public[:], c.Public) {
			t.Errorf("member %x: tag %s under %s", []byte(c.Member), tag, public)
		}
	}
}

// dleqVector is a proof. Points of Repeat are repeated: 0 is once.
type dleqVector struct {
	Name    string     `json:"name"`
	Purpose string     `json:"purpose"`
	Context string     `json:"context"`
	Key     hexBytes   `json:"key"`
	Repeat  int        `json:"repeat"`
	C       []hexBytes `json:"c"`
	D       []hexBytes `json:"d"`
	H       hexBytes   `json:"h"` // what binds all of it
	Proof   hexBytes   `json:"proof"`
	Ok      bool       `json:"ok"`
}

func (c *dleqVector) points() (asked, answered []Point) {
	for range max(1, c.Repeat) {
		asked, answered = append(asked, pointsOf(c.C)...), append(answered, pointsOf(c.D)...)
	}
	return asked, answered
}

func (c *dleqVector) check() error {
	asked, answered := c.points()
	return CheckProof(Purpose(c.Purpose), []byte(c.Context), Point(c.Key), asked, answered, c.Proof)
}

// hash fills H in.
func (c dleqVector) hash() dleqVector {
	asked, answered := c.points()
	h := statementHash(Purpose(c.Purpose), []byte(c.Context), Point(c.Key), asked, answered)
	c.H = h[:]
	return c
}

// proved makes a good vector.
func proved(t *testing.T, name string, s *Secret, p Purpose, context string, repeat int, members ...string) dleqVector {
	t.Helper()
	var c, d []Point
	for _, m := range members {
		c, d = append(c, HashMember([]byte(m))), append(d, s.Tag([]byte(m)))
	}
	public := s.Public()
	v := dleqVector{Name: name, Purpose: string(p), Context: context, Key: public[:], Repeat: repeat, C: hexPoints(c), D: hexPoints(d), Ok: true}
	c, d = v.points()
	file, err := s.Prove(p, []byte(context), c, d)
	if err != nil {
		t.Fatal(err)
	}
	v.Proof = file
	return v.hash()
}

// broken returns a copy that no longer holds.
func (c dleqVector) broken(name string, change func(*dleqVector)) dleqVector {
	c.Name, c.Ok = name, false
	c.C, c.D = append([]hexBytes{}, c.C...), append([]hexBytes{}, c.D...)
	c.Key, c.Proof = bytes.Clone(c.Key), bytes.Clone(c.Proof)
	change(&c)
	return c.hash()
}

func TestVectorsDLEQ(t *testing.T) {
	s := secretFromHex(t, vectorKey)
	good := proved(t, "three answers", s, PurposeAudit, "figure 1\n", 0, "a", "b", "c")
	order := unhex(t, "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
	list := []dleqVector{good,
		proved(t, "one answer", s, PurposeKey, "origin o\nreport r\n", 0, "a"),
		proved(t, "no answer", s, PurposeAudit, "figure 1\n", 0),
		proved(t, "empty context", s, PurposeMember, "", 0, "a", "a"),
		proved(t, "two chunks", s, PurposeOverlap, "prover p\n", dleqChunk+1, "a"),
		good.broken("another purpose", func(c *dleqVector) { c.Purpose = "member" }),
		good.broken("another context", func(c *dleqVector) { c.Context = "figure 2\n" }),
		good.broken("another key", func(c *dleqVector) { p := NewSecret([32]byte{1}).Public(); c.Key = p[:] }),
		good.broken("the identity as key", func(c *dleqVector) { c.Key = make([]byte, 32) }),
		good.broken("answers exchanged", func(c *dleqVector) { c.D[0], c.D[1] = c.D[1], c.D[0] }),
		good.broken("questions and answers exchanged alike", func(c *dleqVector) { c.C[0], c.C[1], c.D[0], c.D[1] = c.C[1], c.C[0], c.D[1], c.D[0] }),
		good.broken("an answer is the identity", func(c *dleqVector) { c.D[2] = make([]byte, 32) }),
		good.broken("one answer fewer", func(c *dleqVector) { c.C, c.D = c.C[:2], c.D[:2] }),
		good.broken("a bit of c", func(c *dleqVector) { c.Proof[0] ^= 1 }),
		good.broken("a bit of s", func(c *dleqVector) { c.Proof[32] ^= 1 }),
		good.broken("s plus the order of the group", func(c *dleqVector) { addOrder(c.Proof[32:], order) }),
		good.broken("a byte more", func(c *dleqVector) { c.Proof = append(c.Proof, 0) }),
		good.broken("no proof", func(c *dleqVector) { c.Proof = nil }),
	}
	list = append(list, list[4].broken("chunks exchanged", func(c *dleqVector) { c.Proof = append(c.Proof[64:128:128], c.Proof[:64]...) }),
		identities(t))
	vectors(t, "dleq", list, func(t *testing.T, list []dleqVector) {
		for _, c := range list {
			agree(t, c.Name, c.check(), c.Ok)
			if len(c.C) > 0 && c.Repeat == 0 && len(c.Proof) == dleqSize && arePoints(append(append(c.C, c.D...), c.Key)) &&
				newPlainDLEQ(c.Purpose, c.Context, Point(c.Key), pointsOf(c.C), pointsOf(c.D), 0).holds(c.Proof) != c.Ok {
				t.Errorf("%s: the specification's own equations say otherwise", c.Name)
			}
			if again := c.hash(); !bytes.Equal(again.H, c.H) {
				t.Errorf("%s: h is %x", c.Name, []byte(again.H))
			}
		}
	})
}

func arePoints(list []hexBytes) bool {
	for _, b := range list {
		if _, err := ParsePoint(b); err != nil {
			return false
		}
	}
	return true
}

// addOrder adds the order of the group to a scalar, little-endian: the same scalar in another
// spelling.
func addOrder(s, order []byte) {
	carry := 0
	for i := range s {
		carry += int(s[i]) + int(order[i])
		s[i] = byte(carry)
		carry >>= 8
	}
}

// identities is the proof with secret 0, which the equations of RFC 9497 hold for.
func identities(t *testing.T) dleqVector {
	t.Helper()
	c := dleqVector{Name: "key and answers are the identity", Purpose: "audit", Key: make([]byte, 32), D: []hexBytes{make([]byte, 32)}, Proof: make([]byte, 64)}
	p := HashMember([]byte("a"))
	c.C = []hexBytes{p[:]}
	c = c.hash()
	zero, one := group.Ristretto255.NewScalar(), group.Ristretto255.NewScalar().SetUint64(1)
	identity := []group.Element{group.Ristretto255.Identity()}
	asked := []group.Element{hashMember([]byte("a"))}
	params := (&statement{hash: Hash(c.H)}).params(0)
	proof, err := dleq.Prover{Params: params}.ProveBatchWithRandomnessRFC9497(zero, identity[0], asked, identity, one)
	if err != nil || !(dleq.Verifier{Params: params}).VerifyBatchRFC9497(identity[0], asked, identity, proof) {
		t.Fatalf("the library refuses identities, %v: this vector shows nothing", err)
	}
	if c.Proof, err = proof.MarshalBinary(); err != nil {
		t.Fatal(err)
	}
	return c
}
