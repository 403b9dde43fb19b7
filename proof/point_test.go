package proof

import (
	"math/rand/v2"
	"testing"

	"github.com/cloudflare/circl/group"
)

// TestCanonicalAgainstEncoding: the bytes of a point are those that encoding it gives back.
func TestCanonicalAgainstEncoding(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	points, refused := 0, 0
	try := func(p Point) {
		e := group.Ristretto255.NewElement()
		want := e.UnmarshalBinary(p[:]) == nil && !e.IsIdentity() && pointOf(e) == p
		_, err := ParsePoint(p[:])
		if (err == nil) != want {
			t.Errorf("%s: %v, decoding and encoding says %v", p, err, want)
		}
		if want {
			points++
		} else {
			refused++
		}
	}
	for i := range 2000 {
		var p Point
		for j := range p {
			p[j] = byte(r.Uint32())
		}
		try(p)
		p = NewSecret([32]byte{byte(i), byte(i >> 8)}).Public()
		try(p)
		p[31] ^= 0x80 // the unused bit
		try(p)
		p = negated(p)
		try(p)
	}
	for low := range 256 { // about 2^255 - 19, with and without the unused bit
		p := Point{}
		for j := range p {
			p[j] = 0xff
		}
		p[0], p[31] = byte(low), 0x7f
		try(p)
		p[31] = 0xff
		try(p)
		try(Point{byte(low)})
	}
	if points < 2000 || refused < 4000 {
		t.Errorf("%d points, %d refused", points, refused)
	}
}

// negated returns 2^255 - 19 - p, the other spelling of the same square.
func negated(p Point) Point {
	p[31] &= 0x7f
	modulus := Point{0xed}
	for i := 1; i < 31; i++ {
		modulus[i] = 0xff
	}
	modulus[31] = 0x7f
	borrow := 0
	for i := range p {
		d := int(modulus[i]) - int(p[i]) - borrow
		borrow = 0
		if d < 0 {
			d, borrow = d+256, 1
		}
		p[i] = byte(d)
	}
	return p
}

// TestCanonicalBySteps compares canonical with the number itself, one step of the border at
// a time.
func TestCanonicalBySteps(t *testing.T) {
	for low := range 256 {
		p := negated(Point{})
		p[0] = byte(low)
		if want := low%2 == 0 && low < 0xed; p.canonical() != want {
			t.Errorf("%s: %v", p, p.canonical())
		}
		p[17] = 0xfe
		if p.canonical() != (low%2 == 0) {
			t.Errorf("%s: %v", p, p.canonical())
		}
	}
}

// headline is how many machines the figure of the case counted. The benchmarks below make a
// share of it and tell the time of all.
const headline = 1_180_000

func BenchmarkTags(b *testing.B) {
	members := make([][]byte, headline/100)
	for i := range members {
		members[i] = []byte{4, 240, byte(i >> 16), byte(i >> 8), byte(i)}
	}
	s := NewSecret([32]byte{1})
	for b.Loop() {
		s.Tags(members)
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)*100, "s/headline")
}

func BenchmarkStatementCheckTags(b *testing.B) {
	s := NewSecret([32]byte{1})
	var members [][]byte
	for i := range headline / 100 {
		members = append(members, []byte{4, 240, byte(i >> 16), byte(i >> 8), byte(i)})
	}
	tags := s.Tags(members)
	SortTags(tags)
	var file []byte
	for i := range tags {
		file = append(file, tags[i][:]...)
	}
	digest := TagsDigest(tags)
	st := Statement{N: uint64(len(tags)), Root: TrieRoot(tags), Tags: &digest}
	for b.Loop() {
		if err := st.checkTags(file); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)*100, "s/headline")
}
