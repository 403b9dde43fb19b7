package publish

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify"
	"github.com/tallystick/tallystick/verify/bundle"
)

// Meeting is a figure of this ledger and one of another's, whose members are to be compared
// (proof protocol 3.4).
type Meeting struct {
	Own, Peer *bundle.Exhibit
}

// Offer logs an offer to compare the figures, and returns it. This ledger is side p. maxN
// bounds how many members either side may list; 0: as many as the longer list has.
func (p *Publisher) Offer(m Meeting, maxN uint64, within time.Duration) ([]byte, error) {
	if maxN == 0 {
		maxN = max(m.Own.Statement.N, m.Peer.Statement.N, 1)
	}
	o := proof.Offer{P: m.Own.Party, Q: m.Peer.Party, MaxN: maxN, Deadline: p.now() + int64(within/time.Second)}
	source := p.Rand
	if source == nil {
		source = rand.Reader
	}
	if _, err := io.ReadFull(source, o.Session[:]); err != nil {
		return nil, err
	}
	if _, err := p.examine(m, &o); err != nil {
		return nil, err
	}
	text, err := o.Build()
	if err != nil {
		return nil, err
	}
	return text, p.logOffer(m, &o, text)
}

// examine checks both exhibits as far as they can be checked here. What is false ends the
// overlap; what could not be checked is told.
func (p *Publisher) examine(m Meeting, o *proof.Offer) (*proof.Exchange, error) {
	var open []string
	for _, e := range []*bundle.Exhibit{m.Own, m.Peer} {
		for _, l := range e.Open {
			if l.Status != verify.NotChecked {
				return nil, fmt.Errorf("%s: %s: %s", e.Party.Origin, l.What, l.Found)
			}
			open = append(open, fmt.Sprintf("NOT CHECKED of %s: %s: %s", e.Party.Origin, l.What, l.Found))
		}
	}
	for _, text := range open {
		p.tell("%s", text)
	}
	if own, _ := o.SideOf(p.Ledger.Origin()); own == proof.SideQ {
		return o.Examine(m.Peer.Exhibit, m.Own.Exhibit)
	}
	return o.Examine(m.Own.Exhibit, m.Peer.Exhibit)
}

// logOffer logs an offer, unless it is there. A figure, key or session of it that was offered
// before, in either ledger, refuses it.
func (p *Publisher) logOffer(m Meeting, o *proof.Offer, text []byte) error {
	digest := ts.DigestOf(text)
	if err := o.Admit(without(m.Peer.Offers, digest)); err != nil {
		return err
	}
	_, err := p.Ledger.Commit(func(ledger.Head) ([][]byte, error) {
		v, err := evidence.Read(p.Ledger)
		if err != nil {
			return nil, err
		}
		for _, old := range v.Offers {
			if old.Digest == digest {
				return nil, nil
			}
			if err := o.Admit([]proof.Offer{old.Object}); err != nil {
				return nil, err
			}
		}
		return [][]byte{text}, nil
	})
	return err
}

// without returns the offers but the one with the digest.
func without(list []proof.Offer, digest ts.Digest) (others []proof.Offer) {
	for i := range list {
		if text, err := list[i].Build(); err != nil || ts.DigestOf(text) != digest {
			others = append(others, list[i])
		}
	}
	return others
}

// answering is an overlap that is answered.
type answering struct {
	Meeting
	offer    proof.Offer
	digest   ts.Digest
	side     proof.Side
	exchange *proof.Exchange
}

// ErrDeadline means that the time to answer an offer is over.
var ErrDeadline = errors.New("the deadline of the offer is over")

// answering reads an offer of the meeting's two figures, which the other ledger must hold.
func (p *Publisher) answering(m Meeting, text []byte) (*answering, error) {
	a := &answering{Meeting: m, digest: ts.DigestOf(text)}
	var err error
	if a.offer, err = proof.ParseOffer(text); err != nil {
		return nil, err
	}
	var ok bool
	if a.side, ok = a.offer.SideOf(p.Ledger.Origin()); !ok {
		return nil, fmt.Errorf("the offer is between %s and %s, this ledger is %s", a.offer.P.Origin, a.offer.Q.Origin, p.Ledger.Origin())
	}
	switch {
	case *a.offer.Party(a.side) != m.Own.Party || *a.offer.Party(a.side.Other()) != m.Peer.Party:
		return nil, errors.New("the offer is of other figures")
	case !m.Peer.Holds(a.digest):
		return nil, fmt.Errorf("the ledger of %s does not hold the offer yet: ask for its new bundle", m.Peer.Party.Origin)
	case p.now() > a.offer.Deadline:
		return nil, ErrDeadline
	}
	a.exchange, err = p.examine(m, &a.offer)
	return a, err
}

// Pledge logs the offer, makes this side's answer, keeps it for its owner only, and logs its
// digest. Nothing of it is shown.
func (p *Publisher) Pledge(m Meeting, text []byte) error {
	a, err := p.answering(m, text)
	if err != nil {
		return err
	}
	if err := p.logOffer(m, &a.offer, text); err != nil {
		return err
	}
	secret, err := p.secret(m.Own.Statement.Report)
	if err != nil {
		return err
	}
	file, dleq, err := a.exchange.Answer(a.side, secret)
	if err != nil {
		return err
	}
	if err := errors.Join(p.Ledger.PutPrivate(a.kept("bin"), file), p.Ledger.PutPrivate(a.kept("dleq"), dleq)); err != nil {
		return err
	}
	pledge := proof.Pledge{Offer: a.digest, Prover: a.side, Answer: proof.AnswerDigest(file, dleq)}
	entry, err := pledge.Build()
	if err != nil {
		return err
	}
	_, err = p.Ledger.Commit(func(ledger.Head) ([][]byte, error) {
		v, err := evidence.Read(p.Ledger)
		if err != nil {
			return nil, err
		}
		for _, old := range v.Pledges {
			if old.Object.Offer == a.digest && old.Object.Prover == a.side {
				return nil, nil
			}
		}
		return [][]byte{entry}, nil
	})
	return err
}

// kept is where an answer waits for the other side's pledge.
func (a *answering) kept(kind string) string {
	return fmt.Sprintf("overlap/%x-%s.%s", a.offer.Session, a.side, kind)
}

func shownName(session [32]byte, side proof.Side, kind string) string {
	return fmt.Sprintf("overlap/%x/%s.%s", session, side, kind)
}

// Reveal shows this side's answer, once the other side's ledger holds its pledge. An answer
// that the other side has shown already is checked and kept beside it.
func (p *Publisher) Reveal(m Meeting, text []byte) error {
	a, err := p.answering(m, text)
	if err != nil {
		return err
	}
	theirs, ok := m.Peer.Pledged(a.digest, a.side.Other())
	if !ok {
		return fmt.Errorf("the ledger of %s holds no pledge: nothing is shown", m.Peer.Party.Origin)
	}
	file, errFile := p.Ledger.Private(a.kept("bin"))
	dleq, errProof := p.Ledger.Private(a.kept("dleq"))
	if err := errors.Join(errFile, errProof); err != nil {
		return fmt.Errorf("no answer is made yet: tallystick overlap answer: %w", err)
	}
	if mine, ok := m.Own.Pledged(a.digest, a.side); !ok || mine != proof.AnswerDigest(file, dleq) {
		return errors.New("this ledger holds no pledge of the answer that is kept")
	}
	if err := p.show(a, a.side, file, dleq); err != nil {
		return err
	}
	other, otherProof, ok := m.Peer.Answer(a.offer.Session, a.side.Other())
	if !ok {
		p.tell("%s has not shown its answer yet", m.Peer.Party.Origin)
		return nil
	}
	if proof.AnswerDigest(other, otherProof) != theirs {
		return fmt.Errorf("the answer of %s is not the one that it pledged", m.Peer.Party.Origin)
	}
	return p.show(a, a.side.Other(), other, otherProof)
}

// show checks an answer, and puts it where bundles take it from.
func (p *Publisher) show(a *answering, side proof.Side, file, dleq []byte) error {
	if _, err := a.exchange.Check(side, file, dleq); err != nil {
		return fmt.Errorf("the answer of %s: %w", a.offer.Party(side).Origin, err)
	}
	return errors.Join(p.Ledger.Put(shownName(a.offer.Session, side, "bin"), file), p.Ledger.Put(shownName(a.offer.Session, side, "dleq"), dleq))
}

// packOverlaps adds the answers that were shown to offers of a report's figures.
func (p *Publisher) packOverlaps(b parcel, v *evidence.View, report string) error {
	for i := range v.Offers {
		o := &v.Offers[i].Object
		side, ok := o.SideOf(p.Ledger.Origin())
		if !ok {
			continue
		}
		if s := statementOf(v, o.Party(side).Figure); s == nil || !isOf(s, report) {
			continue
		}
		for _, side := range []proof.Side{proof.SideP, proof.SideQ} {
			for _, kind := range []string{"bin", "dleq"} {
				name := shownName(o.Session, side, kind)
				content, err := p.Ledger.Get(name)
				if errors.Is(err, fs.ErrNotExist) {
					continue
				}
				if err != nil {
					return err
				}
				b.put(name, content)
			}
		}
	}
	return nil
}
