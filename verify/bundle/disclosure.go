package bundle

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify"
)

// Beside is what the user has from elsewhere; nil is nothing.
type Beside struct {
	Opened    []byte // what the publisher opened for him (proof.Disclosure)
	Challenge []byte // a challenge that was sent to the publisher in time
	Canary    []byte // the reveal of a list of canaries, which he or a neutral planted
	Peer      *Peer  // the bundle of the other side of an overlap
}

// Peer is another bundle, and whom the user trusts there.
type Peer struct {
	File  io.ReaderAt
	Size  int64
	Trust Trust
}

// CheckBeside makes the checks of Check, and those of what the user has beside the bundle.
func CheckBeside(file io.ReaderAt, size int64, trust Trust, b Beside) *Result {
	canaries, err := plant(b.Canary)
	if err != nil {
		r := &Result{}
		r.add(check{what: "your canaries are well formed", topic: Canaries}, verify.Malformed, "%v", err)
		return r
	}
	r, l := checkAll(file, size, trust, canaries)
	if l == nil {
		return r
	}
	l.checkWithPeer(r, b.Peer)
	if b.Challenge != nil {
		l.checkChallenge(r, b.Challenge)
	}
	if b.Opened != nil {
		l.checkOpened(r, b.Opened)
	}
	if b.Canary != nil {
		l.checkCanaries(r, b.Canary)
	}
	return r
}

// checkChallenge tells whether the ledger took a challenge.
func (l *history) checkChallenge(r *Result, text []byte) {
	c := check{what: "your challenge is in the ledger in time", audit: true,
		proves: "your nonce is in the seed that draws what is opened", not: "anything of other challenges"}
	mine, err := proof.ParseChallenge(text)
	if err == nil {
		err = mine.Check()
	}
	if err != nil {
		r.add(c, verify.Malformed, "%v", err)
		return
	}
	i := slices.IndexFunc(l.challenges[mine.Figure], func(c challenge) bool { return c.digest == ts.DigestOf(text) })
	t, err := proof.BeaconTime(mine.Round)
	answer, answered := l.audits[asked{mine.Figure, mine.Round}]
	switch {
	case err != nil:
		r.add(c, verify.False, "%v", err)
		return
	case i < 0 && (answered || l.latest > t-proof.ClockSkew):
		r.add(c, verify.False, "OMITTED: if you sent it in time, and can show that, the publisher withheld it")
		return
	case i < 0:
		r.add(c, verify.NotChecked, "it is not here, and may be logged until %s: this bundle is older, or has no dates: ask for a newer one", utc(t-proof.ClockSkew))
		return
	}
	logged := l.challenges[mine.Figure][i]
	switch dated := l.dated(logged.index); {
	case answered && answer.index < logged.index:
		r.add(c, verify.False, "it is entry %d, behind the answer, entry %d: it was not counted", logged.index, answer.index)
	case !l.counted(&logged):
		r.add(c, verify.False, "it is entry %d, and counts for nothing: its round is before the statement's or more than a year behind, or no budget or round is left for it", logged.index)
	case dated == 0:
		r.add(c, verify.NotChecked, "it is entry %d, which has no date", logged.index)
	case dated > t-proof.ClockSkew:
		r.add(c, verify.False, "it is entry %d, dated too late for its round", logged.index)
	default:
		r.add(c, verify.True, "entry %d", logged.index)
	}
}

// counted reports whether a challenge joined a round of its figure.
func (l *history) counted(c *challenge) bool {
	return slices.ContainsFunc(l.figures, func(f *figure) bool {
		return f.digest == c.Figure && f.bound == nil && slices.ContainsFunc(f.rounds, func(d round) bool {
			return d.number == c.Round && slices.Contains(d.challenges, c.digest)
		})
	})
}

func (l *history) checkOpened(r *Result, opened []byte) {
	list, err := proof.ParseDisclosures(opened)
	switch {
	case err != nil:
	case len(list) == 0:
		err = errors.New("it holds nothing")
	case len(list) > maxObjects:
		err = fmt.Errorf("it is about %d figures: more than %d", len(list), maxObjects)
	}
	if err != nil {
		r.add(check{what: "the openings of your addresses are well formed"}, verify.Malformed, "%v", err)
		return
	}
	for i := range list {
		l.checkDisclosure(r, &list[i])
	}
}

// checkDisclosure checks one figure's members with the user's addresses.
func (l *history) checkDisclosure(r *Result, d *proof.Disclosure) {
	i := slices.IndexFunc(l.figures, func(f *figure) bool { return f.digest == d.Figure })
	c := check{what: "what was opened of your addresses"}
	if i < 0 {
		r.add(c, verify.False, "no statement of the ledger is %s", d.Figure)
		return
	}
	f := l.figures[i]
	c = check{figure: f.ID, what: fmt.Sprintf("%d members with addresses of %s are opened, %d addresses are shown to be none", len(d.Openings), prefixes(d.Asked), len(d.Absent)),
		proves: "these are in the figure, each by a row that the ledger committed to, and have addresses that you asked for; the absent ones are not",
		not:    "that no other member has your addresses: ask for each single address"}
	if f.bound != nil {
		r.add(c, verify.False, "%v", f.bound)
		return
	}
	if !l.mayOpen(uint64(len(d.Openings) + len(d.Absent))) {
		r.add(c, verify.NotChecked, "%v", errTooMuch)
		return
	}
	f.footing = noFooting()
	if err := f.disclosed(d); err != nil {
		r.add(c, verify.False, "%v", err)
		return
	}
	if l.latest == 0 && len(d.Openings) > 0 {
		r.add(c, verify.NotChecked, "all but their dates: nothing has a date")
		return
	}
	r.add(c, verify.True, "")
	f.checkPlacesNote(r, "of your addresses", false)
	f.lacks(d)
}

func prefixes(list []netip.Prefix) string {
	var words []string
	for _, p := range list {
		words = append(words, p.String())
	}
	return strings.Join(words, ", ")
}

func (f *figure) disclosed(d *proof.Disclosure) error {
	points, tags := d.Points()
	if err := proof.CheckProof(proof.PurposeMember, d.Context(f.ledger.origin), f.key.K, points, tags, d.Proof); err != nil {
		return err
	}
	for i := range d.Openings {
		if err := f.disclosedOne(&d.Openings[i]); err != nil {
			return fmt.Errorf("position %d: %w", d.Openings[i].Position, err)
		}
	}
	for i := range d.Absent {
		a := &d.Absent[i]
		if err := proof.CheckAbsence(f.Root, f.N, a.Tag, a.Absence); err != nil {
			return fmt.Errorf("%v: %w", ts.MemberAddrs(a.Member), err)
		}
	}
	return f.answered(d)
}

// disclosedOne checks an opening as an audit does, without a beacon; where nothing is
// dated, without dates.
func (f *figure) disclosedOne(o *proof.Opening) error {
	e, err := o.Check(&f.Statement, &f.rule)
	if err != nil {
		return err
	}
	if f.ledger.excluded(&e.Row, f.EvidenceSize) {
		return errors.New("the ledger excludes it")
	}
	if err := f.live(o.Entry, e); err != nil {
		return err
	}
	if err := f.ledger.declared(&e.Row, o.Entry); err != nil {
		return err
	}
	if f.ledger.latest > 0 {
		if err := f.sealed(o.Entry, e); err != nil {
			return err
		}
		if err := f.placed(e); err != nil {
			return err
		}
	}
	f.footing.add(&e.Row)
	f.sees(&e.Row, o.Entry)
	return nil
}
