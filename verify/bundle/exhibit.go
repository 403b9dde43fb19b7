package bundle

import (
	"errors"
	"fmt"
	"io"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify"
)

// Exhibit is a figure of a bundle as one side brings it into an overlap.
type Exhibit struct {
	proof.Exhibit
	Party     proof.Party
	Statement proof.Statement
	Offers    []proof.Offer // every one that its ledger holds
	Open      []Line        // what is not true, or not checked, of its ledger and of itself

	ledger *history
}

// ExhibitOf finds the one figure of a bundle that is wanted, and checks what must hold before
// it is compared with another's.
func ExhibitOf(file io.ReaderAt, size int64, trust Trust, wanted func(*proof.Statement, ts.Digest) bool) (*Exhibit, error) {
	r, l := checkAll(file, size, trust, nil)
	if l == nil {
		return nil, errors.New(r.Lines[0].What + ": " + r.Lines[0].Found)
	}
	var found *figure
	for _, f := range l.figures {
		if !f.here() || !wanted(&f.Statement, f.digest) {
			continue
		}
		if found != nil {
			return nil, fmt.Errorf("%s and %s of %.60s are both such figures: name one", found.ID, f.ID, l.origin)
		}
		found = f
	}
	if found == nil {
		return nil, fmt.Errorf("the bundle of %.60s has no such figure", l.origin)
	}
	return l.exhibit(r, found)
}

func (l *history) exhibit(r *Result, f *figure) (*Exhibit, error) {
	if f.bound != nil {
		return nil, fmt.Errorf("%s: %w", f.ID, f.bound)
	}
	e := &Exhibit{Statement: f.Statement, ledger: l, Offers: l.offersBefore(l.size())}
	e.Exhibit = proof.Exhibit{Statement: l.entries[f.index], Key: l.entries[f.Key]}
	var err error
	if f.Mode != proof.ModeList {
		return nil, fmt.Errorf("%s does not publish its tags: publish --mode list", f.ID)
	}
	if e.Tags, err = l.archive.read(f.tagsName(), 32*proof.MaxMembers); err != nil {
		return nil, err
	}
	e.Party = proof.Party{Origin: l.origin, Figure: f.digest, Key: ts.DigestOf(e.Key), Tags: ts.DigestOf(e.Tags)}
	for _, line := range r.Lines {
		if line.Status != verify.True && (line.Figure == "" || line.Figure == f.ID) && line.Topic == "" {
			e.Open = append(e.Open, line)
		}
	}
	if err := (&side{ledger: l, figure: f}).fit(); err != nil {
		e.Open = append(e.Open, Line{Line: verify.Line{Status: status(err), What: "it may be compared with another's", Found: err.Error()}, Figure: f.ID})
	}
	return e, nil
}

// Holds reports whether the ledger holds an offer.
func (e *Exhibit) Holds(offer ts.Digest) bool {
	return slices.ContainsFunc(e.ledger.offers, func(o offerEntry) bool { return o.digest == offer })
}

// Pledged returns the digest of the answer that the ledger pledges for an offer.
func (e *Exhibit) Pledged(offer ts.Digest, prover proof.Side) (ts.Digest, bool) {
	p, ok := e.ledger.pledges[pledger{offer, prover}]
	return p.answer, ok
}

// Answer returns the answer that the bundle holds for a session; false where it has none.
func (e *Exhibit) Answer(session [32]byte, prover proof.Side) (file, dleq []byte, ok bool) {
	file, dleq, err := e.ledger.archive.answer(session, prover)
	return file, dleq, err == nil
}

// answer reads one side's answer to a session.
func (a *archive) answer(session [32]byte, prover proof.Side) (file, dleq []byte, err error) {
	name := fmt.Sprintf("overlap/%x/%s.", session, prover)
	file, errFile := a.read(name+"bin", 32*maxTagged)
	dleq, errProof := a.read(name+"dleq", 1<<20)
	return file, dleq, errors.Join(errFile, errProof)
}
