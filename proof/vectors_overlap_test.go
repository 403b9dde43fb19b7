package proof

import (
	"fmt"
	"math"
	"testing"

	"github.com/tallystick/tallystick/internal/estimate"
)

// overlapVectors is a whole overlap: N1 and N2 tags, M in common, Estimate in thousandths. Each
// of Edited puts the answer of side q in another one's place, which then does not hold.
type overlapVectors struct {
	Offer    string         `json:"offer"`
	P        sideVector     `json:"p"`
	Q        sideVector     `json:"q"`
	M        uint64         `json:"m"`
	Estimate uint64         `json:"estimate"`
	Edited   []answerVector `json:"edited"`
}

type sideVector struct {
	Statement string   `json:"statement"`
	Key       string   `json:"key"`
	Tags      hexBytes `json:"tags"`
	Answer    hexBytes `json:"answer"`
	Proof     hexBytes `json:"proof"`
}

type answerVector struct {
	Name   string   `json:"name"`
	Side   Side     `json:"side"`
	Answer hexBytes `json:"answer"`
	Proof  hexBytes `json:"proof"`
}

func TestVectorsOverlap(t *testing.T) {
	p := newObserver(t, "p.example", 1, numbersFrom(0, 10)...)
	q := newObserver(t, "q.example", 2, numbersFrom(5, 15)...)
	offer := offerOf(p, q)
	x, err := offer.Examine(p.exhibit, q.exhibit)
	if err != nil {
		t.Fatal(err)
	}
	side := func(s Side, o *observer) sideVector {
		answer, dleq, err := x.Answer(s, o.secret)
		if err != nil {
			t.Fatal(err)
		}
		return sideVector{string(o.exhibit.Statement), string(o.exhibit.Key), o.exhibit.Tags, answer, dleq}
	}
	v := overlapVectors{Offer: string(built(t, offer)), P: side(SideP, p), Q: side(SideQ, q), M: 5, Estimate: 28_333}
	twice := append(append(hexBytes{}, v.P.Answer[:32]...), v.P.Answer[:len(v.P.Answer)-32]...)
	v.Edited = []answerVector{
		{"a point twice", SideP, twice, v.P.Proof},
		{"a point fewer", SideP, v.P.Answer[32:], v.P.Proof},
		{"the other side's answer", SideQ, v.P.Answer, v.P.Proof},
		{"the tags themselves", SideP, v.Q.Tags, v.P.Proof},
		{"the other's proof", SideP, v.P.Answer, v.Q.Proof},
	}
	vectors(t, "overlap", v, checkOverlapVectors)
}

func (s *sideVector) exhibit() Exhibit {
	return Exhibit{[]byte(s.Statement), []byte(s.Key), s.Tags}
}

func checkOverlapVectors(t *testing.T, v overlapVectors) {
	offer, err := ParseOffer([]byte(v.Offer))
	if err != nil {
		t.Fatal(err)
	}
	x, err := offer.Examine(v.P.exhibit(), v.Q.exhibit())
	if err != nil {
		t.Fatal(err)
	}
	p, errP := x.Check(SideP, v.P.Answer, v.P.Proof)
	q, errQ := x.Check(SideQ, v.Q.Answer, v.Q.Proof)
	if errP != nil || errQ != nil {
		t.Fatal(errP, errQ)
	}
	m := Common(p, q)
	e, ok := estimate.NewChapman(x.p.figure.N, x.q.figure.N, m)
	if m != v.M || !ok || uint64(math.Floor(1000*e.N)) != v.Estimate {
		t.Errorf("%d in common, estimate %s", m, fmt.Sprint(e))
	}
	for _, c := range v.Edited {
		_, err := x.Check(c.Side, c.Answer, c.Proof)
		agree(t, c.Name, err, false)
	}
}
