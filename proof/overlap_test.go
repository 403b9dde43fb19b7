package proof

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/estimate"
)

// observer is one side of a split tally: a ledger with one figure, offered with a key of its
// own.
type observer struct {
	world
	origin  string
	key     *Key
	exhibit Exhibit
}

// newObserver counts the servers with the numbers.
func newObserver(t testing.TB, origin string, secret byte, servers ...int) *observer {
	t.Helper()
	o := &observer{origin: origin}
	o.rule, o.secret = exampleRule(t), NewSecret([32]byte{secret})
	for _, i := range servers {
		row := exampleRow(i)
		member, err := o.rule.Supports(&row)
		if err != nil {
			t.Fatal(err)
		}
		o.tags = append(o.tags, o.secret.Tag(member))
	}
	SortTags(o.tags)
	key, err := NewKey(o.secret, origin, "report-1")
	if err != nil {
		t.Fatal(err)
	}
	o.key = key
	o.exhibited(t)
	return o
}

// exhibited states the tags and prepares the exhibit.
func (o *observer) exhibited(t testing.TB) {
	t.Helper()
	o.state(t)
	o.exhibit = Exhibit{built(t, o.figure), built(t, o.key), o.tagsFile()}
}

func (o *observer) party() Party {
	return Party{o.origin, ts.DigestOf(o.exhibit.Statement), ts.DigestOf(o.exhibit.Key), ts.DigestOf(o.exhibit.Tags)}
}

func offerOf(p, q *observer) *Offer {
	return &Offer{Session: [32]byte{1}, P: p.party(), Q: q.party(), MaxN: 50, Deadline: 1692806364}
}

// numbersFrom returns n numbers.
func numbersFrom(first, n int) (list []int) {
	for i := range n {
		list = append(list, first+i)
	}
	return list
}

// exchanged answers for both sides.
func exchanged(t testing.TB, x *Exchange, p, q *observer) (answers [2][]Point) {
	t.Helper()
	for i, side := range []struct {
		Side
		*observer
	}{{SideP, p}, {SideQ, q}} {
		file, dleq, err := x.Answer(side.Side, side.secret)
		if err != nil {
			t.Fatal(err)
		}
		if answers[i], err = x.Check(side.Side, file, dleq); err != nil {
			t.Fatal(err)
		}
	}
	return answers
}

// TestOverlap: two observers who do not trust each other find exactly the planted overlap, and
// so does a third who has the offer, the exhibits and the answers only.
func TestOverlap(t *testing.T) {
	for common := range 4 {
		p := newObserver(t, "p.example", 1, numbersFrom(0, 10)...)
		q := newObserver(t, "q.example", 2, numbersFrom(10-common, 15)...)
		offer := offerOf(p, q)
		x, err := offer.Examine(p.exhibit, q.exhibit)
		if err != nil {
			t.Fatal(err)
		}
		answers := exchanged(t, x, p, q)
		m := Common(answers[0], answers[1])
		if m != uint64(common) {
			t.Errorf("%d in common, planted %d", m, common)
		}
		if e, ok := estimate.NewChapman(p.figure.N, q.figure.N, m); ok != (common > 0) || ok && e.N < 22 {
			t.Errorf("%d in common: estimate %+v, %v", m, e, ok)
		}
		third, err := ParseOffer(built(t, offer))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := third.Examine(p.exhibit, q.exhibit); err != nil {
			t.Errorf("a third cannot recount: %v", err)
		}
	}
}

// TestEcho, attack "ECHO: Q copies P's key and tag list, then P's answer and proof, and
// reports 100 % overlap": the same origin, key or tags are no offer; a key under another
// ledger's name has no proof; and P's answer is none of Q's, whose name stands in the context.
func TestEcho(t *testing.T) {
	p := newObserver(t, "p.example", 1, numbersFrom(0, 10)...)
	echo := *p
	echo.origin = "q.example"
	offer := offerOf(p, &echo)
	if _, err := offer.Build(); err == nil {
		t.Error("both sides bring one list")
	}
	stolen := *p.key
	stolen.Origin = "q.example"
	echo.key = &stolen
	echo.tags = slices.Clone(p.tags[1:]) // a list that differs a little
	echo.figure = nil
	echo.exhibited(t)
	if _, err := offerOf(p, &echo).Examine(p.exhibit, echo.exhibit); !errors.Is(err, ErrDLEQ) {
		t.Errorf("P's key in Q's name: %v", err)
	}
	q := newObserver(t, "q.example", 2, numbersFrom(0, 10)...)
	x, err := offerOf(p, q).Examine(p.exhibit, q.exhibit)
	if err != nil {
		t.Fatal(err)
	}
	file, dleq, err := x.Answer(SideP, p.secret)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.Check(SideQ, file, dleq); err == nil {
		t.Error("P's answer is accepted as Q's")
	}
	if _, _, err := x.Answer(SideQ, p.secret); err == nil {
		t.Error("side q answers with P's secret")
	}
	// Even with one key, tags and all, the name alone tells the two apart.
	both := &Exchange{offer: x.offer, p: x.p, q: x.p}
	if file, dleq, err = both.Answer(SideP, p.secret); err != nil {
		t.Fatal(err)
	}
	if _, err := both.Check(SideP, file, dleq); err != nil {
		t.Fatal(err)
	}
	if _, err := both.Check(SideQ, file, dleq); !errors.Is(err, ErrDLEQ) {
		t.Errorf("the context does not name the prover: %v", err)
	}
}

// TestStaticDHOracle, attacks "static-DH oracle in overlap: audit first, size cap" and "overlap
// used as a dictionary; abort after learning: own key per offered figure, max-n, one session a
// pair, commit before reveal".
func TestStaticDHOracle(t *testing.T) {
	p := newObserver(t, "p.example", 1, numbersFrom(0, 10)...)
	dictionary := newObserver(t, "q.example", 2, numbersFrom(0, 51)...)
	offer := offerOf(p, dictionary)
	if _, err := offer.Examine(p.exhibit, dictionary.exhibit); err == nil || !strings.Contains(err.Error(), "allows 50") {
		t.Errorf("51 tags where the offer allows 50: %v", err)
	}
	q := newObserver(t, "q.example", 2, numbersFrom(5, 10)...)
	r := newObserver(t, "r.example", 3, numbersFrom(6, 10)...)
	first := offerOf(p, q)
	for what, change := range map[string]func(*Offer){
		"the same again":       func(o *Offer) {},
		"another session":      func(o *Offer) { o.Session[0]++ },
		"sides exchanged":      func(o *Offer) { o.Session[0]++; o.P, o.Q = o.Q, o.P },
		"P with somebody else": func(o *Offer) { o.Session[0]++; o.Q = r.party() },
		"P's key, new figure":  func(o *Offer) { o.Session[0]++; o.Q = r.party(); o.P.Figure[0]++; o.P.Tags[0]++ },
		"session of others":    func(o *Offer) { o.P, o.Q = r.party(), Party{"s.example", ts.Digest{1}, ts.Digest{2}, ts.Digest{3}} },
	} {
		again := *offerOf(p, q)
		change(&again)
		if _, err := again.Build(); err != nil {
			t.Errorf("%s: %v: this shows nothing", what, err)
		}
		if err := again.Admit([]Offer{*first}); err == nil {
			t.Errorf("%s: admitted a second time", what)
		}
	}
	fresh := *offerOf(r, &observer{world: q.world, origin: "s.example", exhibit: Exhibit{[]byte("x"), []byte("y"), []byte("z")}})
	fresh.Session[0]++
	if err := fresh.Admit([]Offer{*first}); err != nil {
		t.Errorf("an offer of others: %v", err)
	}
}

// TestExamineRefuses: what a side brings must be what the offer names, and hold.
func TestExamineRefuses(t *testing.T) {
	p := newObserver(t, "p.example", 1, numbersFrom(0, 10)...)
	for what, change := range map[string]func(*observer){
		"other tags":        func(q *observer) { q.exhibit.Tags = q.exhibit.Tags[32:] },
		"other statement":   func(q *observer) { q.exhibit.Statement = p.exhibit.Statement },
		"other key":         func(q *observer) { q.exhibit.Key = p.exhibit.Key },
		"root mode":         func(q *observer) { q.figure.Mode, q.figure.Tags = ModeRoot, nil; q.rebuilt(t) },
		"another window":    func(q *observer) { q.figure.Window.To++; q.rebuilt(t) },
		"another measure":   func(q *observer) { q.figure.Measure = "phishing.hosts"; q.rebuilt(t) },
		"another report":    func(q *observer) { q.figure.Report = "report-2"; q.rebuilt(t) },
		"another ledger":    func(q *observer) { q.origin = "r.example" },
		"P's key":           func(q *observer) { q.key, _ = NewKey(p.secret, "q.example", "report-1"); q.rebuilt(t) },
		"no proof of a key": func(q *observer) { q.key.Z = q.key.K; q.rebuilt(t) },
		"a tag no point":    func(q *observer) { q.tags[9] = Point{31: 0xff}; q.exhibited(t) },
	} {
		q := newObserver(t, "q.example", 2, numbersFrom(5, 10)...)
		offer := offerOf(p, q)
		change(q)
		if what != "other tags" && what != "other statement" && what != "other key" {
			offer = offerOf(p, q)
		}
		if _, err := offer.Examine(p.exhibit, q.exhibit); err == nil {
			t.Errorf("%s: examined", what)
		}
	}
}

func (o *observer) rebuilt(t testing.TB) {
	t.Helper()
	o.exhibit.Statement, o.exhibit.Key = built(t, o.figure), built(t, o.key)
}

// TestAnswerRefuses: wrong answers of a side that wants the overlap otherwise; the k-sum between
// two observers who distrust each other is TestCancellingAnswers.
func TestAnswerRefuses(t *testing.T) {
	p := newObserver(t, "p.example", 1, numbersFrom(0, 10)...)
	q := newObserver(t, "q.example", 2, numbersFrom(5, 10)...)
	x, err := offerOf(p, q).Examine(p.exhibit, q.exhibit)
	if err != nil {
		t.Fatal(err)
	}
	file, dleq, err := x.Answer(SideP, p.secret)
	if err != nil {
		t.Fatal(err)
	}
	otherOffer := offerOf(p, q)
	otherOffer.Session[3]++
	y, err := otherOffer.Examine(p.exhibit, q.exhibit)
	if err != nil {
		t.Fatal(err)
	}
	edited := func(change func([]byte)) []byte { b := bytes.Clone(file); change(b); return b }
	for what, err := range map[string]error{
		"another session":      second(y.Check(SideP, file, dleq)),
		"a point twice":        second(x.Check(SideP, edited(func(b []byte) { copy(b[:32], b[32:64]) }), dleq)),
		"two points exchanged": second(x.Check(SideP, edited(func(b []byte) { copy(b, slices.Concat(b[32:64], b[:32])) }), dleq)),
		"the identity":         second(x.Check(SideP, edited(func(b []byte) { clear(b[:32]) }), dleq)),
		"Q's own tag":          second(x.Check(SideP, edited(func(b []byte) { copy(b, q.tags[0][:]) }), dleq)),
		"a point fewer":        second(x.Check(SideP, file[32:], dleq)),
		"no proof":             second(x.Check(SideP, file, nil)),
	} {
		if err == nil {
			t.Errorf("%s: accepted", what)
		}
	}
	pledge := Pledge{Offer: ts.DigestOf(built(t, offerOf(p, q))), Prover: SideP, Answer: AnswerDigest(file, dleq)}
	if back, err := ParsePledge(built(t, &pledge)); err != nil || back != pledge {
		t.Errorf("pledge comes back as %v, %v", back, err)
	}
}

func second[T any](_ T, err error) error { return err }

// TestCanary: a reveal is bound to its commitment, which tells nothing before it.
func TestCanary(t *testing.T) {
	c := &Canary{Nonce: [32]byte{1}, Values: []string{"2001:db8::1", "240.0.0.9", "a%b\x01.example"}}
	back, err := ParseCanary(built(t, c))
	if err != nil || fmt.Sprint(back) != fmt.Sprint(*c) || back.Commitment() != c.Commitment() {
		t.Fatalf("%+v, %v", back, err)
	}
	list := ts.DigestOf([]byte("2001:db8::1\n240.0.0.9\na%25b%01.example\n"))
	if want := ts.DigestOf(slices.Concat([]byte("tally-canary/v1\x00"), c.Nonce[:], list[:])); want != c.Commitment() {
		t.Errorf("commitment %s, want %s", c.Commitment(), want)
	}
	entry, err := ParseCanaryCommitment(built(t, &CanaryCommitment{c.Commitment()}))
	if err != nil || entry.Commitment != c.Commitment() {
		t.Errorf("%v, %v", entry, err)
	}
	for _, values := range [][]string{nil, {""}, {"-"}, {"b", "a"}, {"a", "a"}, {"a "}} {
		if _, err := (&Canary{Values: values}).Build(); err == nil {
			t.Errorf("values %q are revealed", values)
		}
	}
}

// TestForms: the two forms of an entry are told apart, and nothing else is either.
func TestForms(t *testing.T) {
	p, q := newObserver(t, "p.example", 1, 0), newObserver(t, "q.example", 2, 0)
	text := built(t, offerOf(p, q))
	pledge := &Pledge{Offer: ts.DigestOf(text), Prover: SideQ}
	if o, none, err := ParseOverlap(text); err != nil || none != nil || *o != *offerOf(p, q) {
		t.Errorf("offer: %v, %v, %v", o, none, err)
	}
	if none, l, err := ParseOverlap(built(t, pledge)); err != nil || none != nil || *l != *pledge {
		t.Errorf("pledge: %v, %v, %v", none, l, err)
	}
	c := &Canary{Nonce: [32]byte{1}, Values: []string{"240.0.0.9"}}
	if d, r, err := ParseCanaryEntry(built(t, c)); err != nil || r == nil || d != c.Commitment() {
		t.Errorf("reveal: %v, %v, %v", d, r, err)
	}
	if d, r, err := ParseCanaryEntry(built(t, &CanaryCommitment{c.Commitment()})); err != nil || r != nil || d != c.Commitment() {
		t.Errorf("commitment: %v, %v, %v", d, r, err)
	}
	for _, bad := range []string{"", "tally-overlap/v1\n", "tally-overlap/v1\noffer 1\n", "tally-canary/v1\n", "tally-canary/v1\ncommitment 1\nnonce 2\n", string(text[1:])} {
		if _, _, err := ParseOverlap([]byte(bad)); err == nil {
			t.Errorf("%.30q is an offer or a pledge", bad)
		}
		if _, _, err := ParseCanaryEntry([]byte(bad)); err == nil {
			t.Errorf("%.30q is of canaries", bad)
		}
	}
	for origin, want := range map[string]Side{"p.example": SideP, "q.example": SideQ, "r.example": ""} {
		o := offerOf(p, q)
		if side, ok := o.SideOf(origin); side != want || ok != (want != "") || ok && o.Party(side).Origin != origin {
			t.Errorf("%s is side %q, %v", origin, side, ok)
		}
	}
	if SideP.Other() != SideQ || SideQ.Other() != SideP {
		t.Error("the other of p and q")
	}
}

// BenchmarkAnswer answers 2,000 tags, with proof. One op is all of them.
func BenchmarkAnswer(b *testing.B) {
	const tags = 2000
	s := NewSecret([32]byte{1})
	c, _ := answers(NewSecret([32]byte{2}), tags)
	for b.Loop() {
		d, err := s.timesAll(c)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.Prove(PurposeOverlap, nil, c, d); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/tags, "ns/tag")
}
