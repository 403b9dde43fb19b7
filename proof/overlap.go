package proof

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	ts "github.com/tallystick/tallystick"
)

// Two observers who distrust each other find how many members both have seen, and a third
// can recount it (protocol 3.4). Each multiplies the other's published tags by its own
// secret: of a member that both have, both get p·q·H(member).

// OverlapType is the first line of an offer, and of a pledge.
const OverlapType = "tally-overlap/v1"

const (
	offerForm  = "session origin-p figure-p key-p tags-p origin-q figure-q key-q tags-q max-n deadline"
	pledgeForm = "offer prover answer"
)

// Side is one of the two sides of an overlap.
type Side string

// The sides.
const (
	SideP Side = "p"
	SideQ Side = "q"
)

// Other returns the other side.
func (s Side) Other() Side {
	if s == SideP {
		return SideQ
	}
	return SideP
}

// Party is what one side brings.
type Party struct {
	Origin string    // of its ledger
	Figure ts.Digest // of its statement, in list mode
	Key    ts.Digest // of its key's entry
	Tags   ts.Digest // of its tags.bin
}

// Offer is the text that both sides log before either answers.
type Offer struct {
	Session  [32]byte // random
	P, Q     Party
	MaxN     uint64 // how many tags a side may list: each answer tells of so many members
	Deadline int64  // Unix seconds by which both must have revealed
}

// Build writes the offer as a text object.
func (o *Offer) Build() ([]byte, error) {
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", OverlapType, err)
	}
	t := ts.Object{Type: OverlapType}
	t.Add("session", hex.EncodeToString(o.Session[:]))
	o.P.add(&t, SideP)
	o.Q.add(&t, SideQ)
	t.Add("max-n", decimal(o.MaxN))
	t.Add("deadline", time.Unix(o.Deadline, 0).UTC().Format(timeForm))
	return t.Bytes()
}

// timeForm is the one spelling of a time (protocol 3.0).
const timeForm = "2006-01-02T15:04:05Z"

func (p *Party) add(t *ts.Object, s Side) {
	t.Add("origin-"+string(s), p.Origin)
	t.Add("figure-"+string(s), p.Figure.String())
	t.Add("key-"+string(s), p.Key.String())
	t.Add("tags-"+string(s), p.Tags.String())
}

func (o *Offer) check() error {
	for _, p := range []*Party{&o.P, &o.Q} {
		if p.Origin == "" || p.Origin == "-" || strings.Contains(p.Origin, " ") {
			return fmt.Errorf("origin %.60q: want a name", p.Origin)
		}
	}
	switch {
	case o.P.Origin == o.Q.Origin || o.P.Figure == o.Q.Figure || o.P.Key == o.Q.Key || o.P.Tags == o.Q.Tags:
		return errors.New("both sides bring the same ledger, figure, key or tags")
	case o.MaxN == 0 || o.MaxN > MaxMembers:
		return fmt.Errorf("max-n %d: want 1 to %d", o.MaxN, uint64(MaxMembers))
	case o.Deadline < 0 || o.Deadline >= lastTime:
		return errors.New("deadline: want a year that has four digits")
	}
	return nil
}

// lastTime is 10000-01-01T00:00:00Z.
const lastTime = 253402300800

// ParseOffer reads an offer. It accepts exactly what Build writes.
func ParseOffer(b []byte) (Offer, error) {
	return parsedAs(b, OverlapType, offerForm, func(v *ts.ObjectReader) Offer {
		return Offer{Session: ts.Parsed(v, "session", parseHash), P: readParty(v, SideP), Q: readParty(v, SideQ),
			MaxN: v.Number("max-n"), Deadline: ts.Parsed(v, "deadline", parseTime)}
	})
}

// Party returns what a side brings.
func (o *Offer) Party(s Side) *Party {
	if s == SideP {
		return &o.P
	}
	return &o.Q
}

// SideOf returns the side that the ledger of an origin is; false where it is none.
func (o *Offer) SideOf(origin string) (Side, bool) {
	switch origin {
	case o.P.Origin:
		return SideP, true
	case o.Q.Origin:
		return SideQ, true
	}
	return "", false
}

func readParty(v *ts.ObjectReader, s Side) Party {
	return Party{Origin: v.Object.Get("origin-" + string(s)), Figure: v.Digest("figure-" + string(s)),
		Key: v.Digest("key-" + string(s)), Tags: v.Digest("tags-" + string(s))}
}

func parseTime(s string) (int64, error) {
	t, err := time.Parse(timeForm, s)
	if err != nil {
		return 0, fmt.Errorf("time %.40q: want %s", s, timeForm)
	}
	return t.Unix(), nil
}

// Admit fails where a figure, key or session of the offer stands in an earlier one. Every
// session makes each side multiply points that the other chose by its secret: one a figure,
// with a key of its own, and never again.
func (o *Offer) Admit(earlier []Offer) error {
	for i := range earlier {
		e := &earlier[i]
		if o.Session == e.Session {
			return errors.New("the session was offered before")
		}
		for _, p := range []*Party{&o.P, &o.Q} {
			if p.shares(&e.P) || p.shares(&e.Q) {
				return fmt.Errorf("the figure or key of %.60q was offered before: every overlap needs its own", p.Origin)
			}
		}
	}
	return nil
}

func (p *Party) shares(q *Party) bool { return p.Figure == q.Figure || p.Key == q.Key }

// Pledge commits a side to its answer before it can see the other's.
type Pledge struct {
	Offer  ts.Digest
	Prover Side
	Answer ts.Digest // AnswerDigest
}

// Build writes the pledge as a text object.
func (p *Pledge) Build() ([]byte, error) {
	if p.Prover != SideP && p.Prover != SideQ {
		return nil, fmt.Errorf("%s: prover %.10q: want p or q", OverlapType, p.Prover)
	}
	t := ts.Object{Type: OverlapType}
	t.Add("offer", p.Offer.String())
	t.Add("prover", string(p.Prover))
	t.Add("answer", p.Answer.String())
	return t.Bytes()
}

// ParsePledge reads a pledge. It accepts exactly what Build writes.
func ParsePledge(b []byte) (Pledge, error) {
	return parsedAs(b, OverlapType, pledgeForm, func(v *ts.ObjectReader) Pledge {
		return Pledge{Offer: v.Digest("offer"), Prover: Side(v.Object.Get("prover")), Answer: v.Digest("answer")}
	})
}

// ParseOverlap reads an entry of either form: an offer or a pledge, the other is nil.
func ParseOverlap(b []byte) (*Offer, *Pledge, error) {
	o, err := ts.ParseObject(b)
	if err != nil {
		return nil, nil, err
	}
	if len(o.Fields) > 0 && o.Fields[0].Key == "offer" {
		p, err := ParsePledge(b)
		return nil, &p, err
	}
	f, err := ParseOffer(b)
	return &f, nil, err
}

// AnswerDigest returns the digest that a pledge holds: of the answer's points and, behind
// them, their proof.
func AnswerDigest(file, proof []byte) ts.Digest { return OpeningsDigest(file, proof) }
