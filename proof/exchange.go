package proof

import (
	"bytes"
	"errors"
	"fmt"

	ts "github.com/tallystick/tallystick"
)

// Exhibit is what stands behind a Party's digests.
type Exhibit struct {
	Statement, Key, Tags []byte // the two entries, and tags.bin
}

// Exchange is an offer whose two exhibits were examined.
type Exchange struct {
	offer []byte
	p, q  exhibited
}

// exhibited is one side's key and tags, all of them points.
type exhibited struct {
	figure Statement
	key    Key
	tags   []Point
}

// Examine checks all that must hold before a side answers: what both bring is what the offer
// names, each knows the secret of its own key, the keys differ, every tag is a point, both
// count the same thing, and neither lists more than the offer allows. That the entries are
// dated before the offer and passed their audits is left to whoever has the ledgers.
func (o *Offer) Examine(p, q Exhibit) (*Exchange, error) {
	text, err := o.Build()
	if err != nil {
		return nil, err
	}
	x := &Exchange{offer: text}
	if x.p, err = o.P.examine(p, o.MaxN); err != nil {
		return nil, fmt.Errorf("side p: %w", err)
	}
	if x.q, err = o.Q.examine(q, o.MaxN); err != nil {
		return nil, fmt.Errorf("side q: %w", err)
	}
	switch {
	case x.p.key.K == x.q.key.K:
		return nil, errors.New("both sides have one key")
	case !x.p.figure.Scope.Equal(&x.q.figure.Scope) || x.p.figure.Measure != x.q.figure.Measure || x.p.figure.Unit != x.q.figure.Unit:
		return nil, errors.New("the sides count different things")
	}
	return x, nil
}

func (p *Party) examine(e Exhibit, maxN uint64) (s exhibited, err error) {
	if ts.DigestOf(e.Statement) != p.Figure || ts.DigestOf(e.Key) != p.Key || ts.DigestOf(e.Tags) != p.Tags {
		return s, errors.New("statement, key or tags are not those of the offer")
	}
	if s.figure, err = ParseStatement(e.Statement); err != nil {
		return s, err
	}
	if s.key, err = ParseKey(e.Key); err != nil {
		return s, err
	}
	switch {
	case s.key.Origin != p.Origin || s.key.Report != s.figure.Report:
		return s, errors.New("the key is not that of its ledger and report")
	case s.figure.N > maxN:
		return s, fmt.Errorf("%d tags: the offer allows %d", s.figure.N, maxN)
	}
	if err = s.key.Check(); err != nil {
		return s, err
	}
	if err = s.figure.CheckTags(bytes.NewReader(e.Tags), int64(len(e.Tags))); err == nil {
		s.tags = knownPoints(e.Tags)
	}
	return s, err
}

// sides returns the prover's own exhibit and that of the other.
func (x *Exchange) sides(prover Side) (own, other *exhibited) {
	if prover == SideP {
		return &x.p, &x.q
	}
	return &x.q, &x.p
}

// context names the offer and the prover: else one side's answer would be good as the other's.
func (x *Exchange) context(prover Side) []byte {
	return fmt.Appendf(bytes.Clone(x.offer), "prover %s\n", prover)
}

// Answer multiplies each of the other side's tags by the secret, in their order: 32 bytes
// each, and the proof. Some 200 microseconds a tag on one processor.
func (x *Exchange) Answer(prover Side, s *Secret) (file, proof []byte, err error) {
	own, other := x.sides(prover)
	if s.Public() != own.key.K {
		return nil, nil, errors.New("the secret is not that of the side's key")
	}
	list, err := s.timesAll(other.tags)
	if err != nil {
		return nil, nil, err
	}
	for i := range list {
		file = append(file, list[i][:]...)
	}
	proof, err = s.Prove(PurposeOverlap, x.context(prover), other.tags, list)
	return file, proof, err
}

// timesAll multiplies points on all processors.
func (s *Secret) timesAll(points []Point) ([]Point, error) {
	list, failed := make([]Point, len(points)), make([]error, len(points))
	inShares(len(points), func(from, to int) {
		for i := from; i < to; i++ {
			if e, err := points[i].element(); err != nil {
				failed[i] = err
			} else {
				list[i] = s.times(e)
			}
		}
	})
	return list, errors.Join(failed...)
}

// Check reads a side's answer: as many points as the other side has tags, none twice, and
// all made with the side's key.
func (x *Exchange) Check(prover Side, file, proof []byte) ([]Point, error) {
	own, other := x.sides(prover)
	if len(file) != 32*len(other.tags) {
		return nil, fmt.Errorf("answer of %d bytes to %d tags", len(file), len(other.tags))
	}
	list, err := parsePoints(file)
	if err != nil {
		return nil, err
	}
	seen := make(map[Point]bool, len(list))
	for i, p := range list {
		if seen[p] {
			return nil, fmt.Errorf("point %d of the answer is there twice", i)
		}
		seen[p] = true
	}
	return list, CheckProof(PurposeOverlap, x.context(prover), own.key.K, other.tags, list, proof)
}

// Common returns how many points two answers have in common: the members that both sides
// list. Each answer holds none twice.
func Common(p, q []Point) uint64 {
	seen := make(map[Point]bool, len(p))
	for _, a := range p {
		seen[a] = true
	}
	n := uint64(0)
	for _, b := range q {
		if seen[b] {
			n++
		}
	}
	return n
}
