package bundle

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/estimate"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify"
)

// offerEntry is an offer as a ledger has it.
type offerEntry struct {
	proof.Offer
	index  uint64
	digest ts.Digest
}

// pledger is a side of an offer.
type pledger struct {
	offer ts.Digest
	side  proof.Side
}

type pledge struct {
	answer ts.Digest
	index  uint64
}

func (l *history) takeOverlap(i uint64, entry []byte) error {
	o, p, err := proof.ParseOverlap(entry)
	switch {
	case err != nil:
		return err
	case o != nil:
		l.offers = append(l.offers, offerEntry{*o, i, ts.DigestOf(entry)})
		l.offered = append(l.offered, *o)
		return nil
	}
	by := pledger{p.Offer, p.Prover}
	if _, again := l.pledges[by]; !again {
		l.pledges[by] = pledge{p.Answer, i}
	}
	return nil
}

// side is one of the two of an overlap: its ledger and its figure.
type side struct {
	name   proof.Side
	ledger *history
	figure *figure
	offer  *offerEntry // as its ledger has it; nil: it does not
}

// session is an overlap of which both bundles are at hand.
type session struct {
	offer *offerEntry
	sides [2]side
}

// checkOverlaps checks every overlap in which a figure of the bundle has part. other is the
// other side's bundle, nil where the user has none, and lines what was checked of it.
func (l *history) checkOverlaps(r *Result, other *history, lines []Line) {
	for i := range l.offers {
		o := &l.offers[i]
		name, ok := o.SideOf(l.origin)
		if !ok {
			continue
		}
		own := l.party(o, name)
		if own.figure == nil || !own.figure.here() {
			continue
		}
		c := check{figure: own.figure.ID, topic: Overlap, what: fmt.Sprintf("overlap %.8x with %.60s: its bundle", o.Session, o.Party(name.Other()).Origin),
			proves: "what the other side's ledger says of its figure"}
		var peer side
		if other != nil && other.origin == o.Party(name.Other()).Origin {
			peer = other.party(o, name.Other())
		}
		if peer.figure == nil || !peer.figure.here() {
			r.add(c, verify.NotChecked, "it is not at hand, or is of another figure: give it with --peer, and its ledger's key with --peer-key")
			continue
		}
		status, found := worst(lines, peer.figure.ID)
		r.add(c, status, "%s", found)
		s := session{o, [2]side{own, peer}}
		if name == proof.SideQ {
			s.sides = [2]side{peer, own}
		}
		s.check(r, own.figure.ID)
	}
}

// party finds a side of an offer in its ledger.
func (l *history) party(o *offerEntry, name proof.Side) side {
	s := side{name: name, ledger: l}
	if i := slices.IndexFunc(l.figures, func(f *figure) bool { return f.digest == o.Party(name).Figure }); i >= 0 {
		s.figure = l.figures[i]
	}
	if i := slices.IndexFunc(l.offers, func(mine offerEntry) bool { return mine.digest == o.digest }); i >= 0 {
		s.offer = &l.offers[i]
	}
	return s
}

// worst returns the worst outcome of the lines that are of a ledger as a whole or of one of
// its figures, and says which it was.
func worst(lines []Line, figure string) (verify.Status, string) {
	status, found := verify.True, ""
	for _, l := range lines {
		if (l.Figure == "" || l.Figure == figure) && l.Topic != Overlap && l.Topic != Canaries &&
			l.Status != verify.True && (status == verify.True || status == verify.NotChecked && l.Status != verify.NotChecked) {
			status, found = l.Status, l.What+": "+l.Found
		}
	}
	return status, found
}

// pending is something that the other side has not done yet: nothing shows that it will not.
type pending struct{ error }

// status is false for an error, but not checked for what is pending or nobody dated.
func status(err error) verify.Status {
	switch {
	case err == nil:
		return verify.True
	case errors.As(err, &pending{}):
		return verify.NotChecked
	}
	return verify.False
}

// check makes the checks of one session, under the id of the user's figure.
func (s *session) check(r *Result, id string) {
	name := fmt.Sprintf("overlap %.8x: ", s.offer.Session)
	c := check{figure: id, topic: Overlap, what: name + "both ledgers hold the offer, of figures that may be compared",
		proves: "both lists were fixed before the offer, under keys of their own, by rules made beforehand, and stood their audits"}
	err := s.may()
	if !r.add(c, status(err), "%s", text(err)) && status(err) == verify.False {
		return
	}
	c = check{figure: id, topic: Overlap, what: name + "both sides pledged their answers by the deadline",
		proves: "each had its answer ready", not: "when it was shown to the other: an answer follows from key and tags, and cannot be fitted to what was seen"}
	if err = s.pledged(); !r.add(c, status(err), "%s", text(err)) && status(err) == verify.False {
		return
	}
	m, err := s.count()
	c = check{figure: id, topic: Overlap, what: name + "both answers hold",
		proves: fmt.Sprintf("m = %d members are on both lists. Each side learns which members OF ITS OWN LIST the other has; one that invents rows learns that for addresses of its choice, up to %d: the audit does not prevent it", m, s.offer.MaxN),
		not:    "that m is not too low: a side that lists phantoms lowers it"}
	if r.add(c, status(err), "%s", text(err)) {
		r.Lines[len(r.Lines)-1].Found = fmt.Sprintf("m = %d of %d and %d", m, s.sides[0].figure.N, s.sides[1].figure.N)
		s.estimate(r, id, m)
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// may fails unless both sides bring what may be compared. What is false is told before what
// nobody dated.
func (s *session) may() error {
	var open error
	for i := range s.sides {
		side := &s.sides[i]
		if side.offer == nil {
			return pending{fmt.Errorf("the ledger of %.60s does not hold the offer: it did not take it up", side.ledger.origin)}
		}
		if err := side.offer.Admit(side.ledger.offersBefore(side.offer.index)); err != nil {
			return fmt.Errorf("the ledger of %.60s: %w", side.ledger.origin, err)
		}
		err := side.fit()
		if err == nil {
			err = s.dated(side)
		}
		if status(err) == verify.False {
			return err
		}
		open = earlier(open, err)
	}
	return open
}

// earlier returns the first of what is open.
func earlier(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// offersBefore returns the offers below an entry.
func (l *history) offersBefore(index uint64) []proof.Offer {
	n, _ := slices.BinarySearchFunc(l.offers, index, func(o offerEntry, i uint64) int { return cmp.Compare(o.index, i) })
	return l.offered[:n:n]
}

// fit fails unless a figure may be offered: bound to the ledger, in list mode, under a key of
// its own, by a rule on time, its first audit passed.
func (s *side) fit() error {
	f := s.figure
	fail := func(form string, args ...any) error {
		return fmt.Errorf("%s of %.60s: %s", f.ID, s.ledger.origin, fmt.Sprintf(form, args...))
	}
	switch {
	case f.bound != nil:
		return fail("%v", f.bound)
	case f.Mode != proof.ModeList || !f.listed:
		return fail("its tags are not published, or do not hold")
	case slices.ContainsFunc(s.ledger.figures, func(g *figure) bool { return g != f && g.Key == f.Key }):
		return fail("its key is of other figures, too")
	case f.dates && f.late > 0:
		return fail("its rule was logged late")
	case f.first == failed:
		return fail("its first audit was not passed")
	case !f.dates:
		return pending{fail("when its rule was logged is not known")}
	case f.first != passed:
		return pending{fail("its first audit is not shown to be passed")}
	}
	return nil
}

// dated fails unless a side's statement and key were dated before either ledger's offer.
func (s *session) dated(one *side) error {
	f := one.figure
	if max(f.index, f.Key) >= one.offer.index {
		return fmt.Errorf("%s of %.60s was not stated before the offer", f.ID, one.ledger.origin)
	}
	stated := max(one.ledger.dated(f.index), one.ledger.dated(f.Key))
	for _, other := range s.sides {
		if other.offer == nil {
			continue
		}
		offered := other.ledger.dated(other.offer.index)
		switch {
		case stated == 0 || offered == 0:
			return pending{fmt.Errorf("%s of %.60s: nobody dated it or the offer", f.ID, one.ledger.origin)}
		case stated > offered:
			return fmt.Errorf("%s of %.60s is dated behind the offer", f.ID, one.ledger.origin)
		}
	}
	return nil
}

// pledged fails unless both sides pledged behind the offer and by the deadline.
func (s *session) pledged() (open error) {
	for i := range s.sides {
		err := s.pledgedOne(&s.sides[i])
		if status(err) == verify.False {
			return err
		}
		open = earlier(open, err)
	}
	return open
}

func (s *session) pledgedOne(one *side) error {
	p, ok := one.ledger.pledges[pledger{s.offer.digest, one.name}]
	dated := one.ledger.dated(p.index)
	switch {
	case !ok:
		return s.missing(one, "pledge")
	case one.offer == nil || p.index < one.offer.index:
		return fmt.Errorf("%.60s pledged before it logged the offer", one.ledger.origin)
	case dated > s.offer.Deadline:
		return fmt.Errorf("ABORTED by %.60s: its pledge is dated behind the deadline", one.ledger.origin)
	case dated == 0:
		return pending{fmt.Errorf("nobody dated the pledge of %.60s", one.ledger.origin)}
	}
	return nil
}

// missing says that a side has not done its part: ABORTED, by name, where its own ledger is
// dated behind the deadline.
func (s *session) missing(one *side, what string) error {
	if one.ledger.latest > s.offer.Deadline {
		return fmt.Errorf("ABORTED by %.60s: no %s by the deadline", one.ledger.origin, what)
	}
	return pending{fmt.Errorf("%.60s has shown no %s yet", one.ledger.origin, what)}
}

// count recounts m from both answers.
func (s *session) count() (uint64, error) {
	if !s.sides[0].ledger.mayCompare(&s.sides[0].figure.Statement, &s.sides[1].figure.Statement) {
		return 0, pending{errTooMuch}
	}
	var exhibits [2]proof.Exhibit
	for i := range s.sides {
		f := s.sides[i].figure
		tags, err := f.ledger.archive.read(f.tagsName(), 32*proof.MaxMembers)
		if err != nil {
			return 0, err
		}
		exhibits[i] = proof.Exhibit{Statement: f.ledger.entries[f.index], Key: f.ledger.entries[f.Key], Tags: tags}
	}
	var files, dleqs [2][]byte
	for i := range s.sides {
		var err error
		if files[i], dleqs[i], err = s.answer(&s.sides[i]); err != nil {
			return 0, err
		}
	}
	x, err := s.offer.Examine(exhibits[0], exhibits[1])
	if err != nil {
		return 0, err
	}
	var lists [2][]proof.Point
	for i := range s.sides {
		if lists[i], err = x.Check(s.sides[i].name, files[i], dleqs[i]); err != nil {
			return 0, fmt.Errorf("the answer of %.60s: %w", s.sides[i].ledger.origin, err)
		}
	}
	return proof.Common(lists[0], lists[1]), nil
}

// answer returns a side's answer from whichever bundle has the one that it pledged.
func (s *session) answer(one *side) (file, dleq []byte, err error) {
	pledged, ok := one.ledger.pledges[pledger{s.offer.digest, one.name}]
	if !ok {
		return nil, nil, s.missing(one, "pledge")
	}
	shown := false
	for _, from := range []*archive{one.ledger.archive, s.sides[0].ledger.archive, s.sides[1].ledger.archive} {
		file, dleq, err := from.answer(s.offer.Session, one.name)
		if errors.Is(err, errNoFile) {
			continue
		} else if err != nil {
			return nil, nil, err
		}
		if shown = true; proof.AnswerDigest(file, dleq) == pledged.answer {
			return file, dleq, nil
		}
	}
	if shown {
		return nil, nil, fmt.Errorf("the answer of %.60s is not the one that it pledged", one.ledger.origin)
	}
	return nil, nil, s.missing(one, "answer")
}

// estimate tells how many members there are in all, which only audited lists may say.
func (s *session) estimate(r *Result, id string, m uint64) {
	p, q := s.sides[0].figure, s.sides[1].figure
	c := check{figure: id, topic: Overlap, what: fmt.Sprintf("overlap %.8x: estimate of all members there are, on either list or none (Chapman)", s.offer.Session),
		proves: "how many there are, if both lists catch members independently and with equal chance",
		not:    "that they do: lists that feed on one source make it too low, a side that lowers m makes it too high"}
	e, ok := estimate.NewChapman(p.N, q.N, m)
	switch {
	case p.best == nil || q.best == nil:
		r.add(c, verify.NotChecked, "an audit of either list bounds how many of it are false: without both there is no estimate")
	case !ok:
		r.add(c, verify.True, "none: the lists have no member in common")
	default:
		r.add(c, verify.True, "%.0f, at 95 %% between %.0f and %.0f; of the %d and %d listed at most %d and %d are false",
			e.N, e.Low, e.High, p.N, q.N, p.best.bad, q.best.bad)
	}
}

// About returns the lines of one topic, and those that are not true of the ledger as a whole.
func (r *Result) About(t Topic) *Result {
	part := &Result{}
	for _, l := range r.Lines {
		if l.Topic == t || l.Figure == "" && l.Topic == "" && l.Status != verify.True {
			part.Lines = append(part.Lines, l)
		}
	}
	return part
}

// checkWithPeer checks the overlaps of the bundle, with the other side's bundle where the
// user has it.
func (l *history) checkWithPeer(r *Result, p *Peer) {
	if p == nil {
		l.checkOverlaps(r, nil, nil)
		return
	}
	result, other := checkAll(p.File, p.Size, p.Trust, nil)
	if other == nil {
		for _, line := range result.Lines {
			line.Topic, line.What = Overlap, "the bundle of the other side: "+line.What
			r.Lines = append(r.Lines, line)
		}
	}
	l.checkOverlaps(r, other, result.Lines)
}
