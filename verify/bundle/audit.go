package bundle

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"time"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/estimate"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify"
)

// outcome is what audits showed of a figure: at most bad of its members are false.
type outcome struct {
	bad, opened, attempt uint64
	failed               uint64 // of those opened
	most, among          uint64 // what bad is as one of among attempts, by other names too
	words                uint64 // ends of what was opened that stand where their sensor says
}

// checkAudits checks each round, and returns the best bound that one gave, nil for none.
func (f *figure) checkAudits(r *Result) *outcome {
	for i, d := range f.rounds {
		o := f.checkAudit(r, d)
		if o == nil {
			continue
		}
		f.judged++
		if o.failed > 0 {
			f.failed++
		}
		if f.best == nil || o.bad < f.best.bad {
			f.best = o
		}
		if i == 0 {
			f.first = map[bool]stood{true: passed, false: failed}[o.failed == 0]
		}
	}
	return f.best
}

// stood is what came of a figure's first audit.
type stood uint8

// Until it is answered, nobody knows.
const (
	unknown stood = iota
	passed
	failed
)

// unanswered means that a round cannot be judged from this bundle: nothing speaks for the
// publisher, and nothing shows that he is silent or hides what he answered.
type unanswered struct{ error }

// checkAudit checks one round's openings and the bound that follows.
func (f *figure) checkAudit(r *Result, d round) *outcome {
	k := min(d.k, f.N)
	c := check{figure: f.ID, audit: true, what: fmt.Sprintf("audit of round %d: of N = %d, a public beacon draws %d, and they are opened", d.number, f.N, k),
		proves: "how many members can be false at most", not: "rows that were invented while the window ran, and members left out: a figure may be too low"}
	if k == 0 {
		r.add(c, verify.True, "there is none to open")
		return &outcome{attempt: d.attempt, among: d.among}
	}
	if !f.inTime(f.index, d.number) {
		r.add(c, verify.NotChecked, "the statement has no date an hour before the round: who made it may have known what would be drawn")
		return nil
	}
	f.footing = noFooting()
	bad, why, err := f.bad(d, k)
	if err != nil {
		r.add(c, verify.NotChecked, "%v", err)
		return nil
	}
	o := &outcome{bad: estimate.MostBad(f.N, k, bad, d.attempt), opened: k, attempt: d.attempt, failed: bad,
		most: estimate.MostBad(f.N, k, bad, d.among), among: d.among, words: f.footing.words}
	c.proves = fmt.Sprintf("at least %d of %d were seen as the rule says, at the level 1 - %s", f.N-o.bad, f.N, level(d.attempt))
	if bad > 0 {
		r.add(c, verify.False, "%d of %d could not be shown: %s", bad, k, why)
	} else {
		r.add(c, verify.True, "all %d; attempt %d, %d challenges", k, d.attempt, len(d.challenges))
	}
	f.checkPlacesNote(r, fmt.Sprintf("in round %d", d.number), true)
	return o
}

// level formats 0.05 / 2^(attempt-1), which is never 0: nothing here is certain.
func level(attempt uint64) string {
	l := 0.05 * math.Pow(2, -float64(attempt-1))
	if l < leastLevel {
		return fmt.Sprintf("less than %.3g", leastLevel)
	}
	return fmt.Sprintf("%.3g", l)
}

// leastLevel is the least that is printed. That the beacon was known beforehand, or witnesses lied, is
// likelier than anything below.
const leastLevel = 1e-9

// bad counts the drawn positions that were not shown, and says why the first was not.
// Silence, a late answer and a proof that does not hold make all of them bad.
func (f *figure) bad(d round, k uint64) (n uint64, why string, err error) {
	seed, openings, err := f.openings(d)
	if errors.As(err, &unanswered{}) {
		return 0, "", err
	}
	if err != nil {
		return k, err.Error(), nil
	}
	positions := proof.Draw(seed, f.N, k)
	if len(openings) != len(positions) {
		return k, fmt.Sprintf("%d positions drawn, %d answered", len(positions), len(openings)), nil
	}
	for i := range openings {
		if err := f.checkOpening(&openings[i], positions[i], d); err != nil {
			if n++; why == "" {
				why = fmt.Sprintf("position %d: %v", positions[i], err)
			}
		}
	}
	return n, why, nil
}

// openings reads the answer to a round: committed to in the ledger by the deadline, with
// one proof for all tags.
func (f *figure) openings(d round) (seed [32]byte, list []proof.Opening, err error) {
	committed, err := f.answer(d.number)
	if err != nil {
		return seed, nil, err
	}
	if err := f.unforeseen(&d); err != nil {
		return seed, nil, err
	}
	a := f.ledger.archive
	name := fmt.Sprintf("figures/%s/openings-%d", f.ID, d.number)
	drand := fmt.Sprintf("drand/%d", d.number)
	if !a.has(name+".txt", name+".dleq", drand) {
		return seed, nil, unanswered{fmt.Errorf("answered in entry %d, and the answer is not in this bundle: ask its publisher, or the auditor to whom it was given", committed.index)}
	}
	if a.files[name+".txt"].size > maxAnswer || !f.ledger.mayOpen(min(d.k, f.N)) {
		return seed, nil, unanswered{errTooMuch}
	}
	file, errFile := a.read(name+".txt", maxAnswer)
	dleq, errProof := a.read(name+".dleq", 1<<20)
	signature, errBeacon := a.line(drand)
	if err := errors.Join(errFile, errProof, errBeacon); err != nil {
		return seed, nil, err
	}
	if proof.OpeningsDigest(file, dleq) != committed.Openings {
		return seed, nil, errors.New("the openings are not those of the ledger's audit")
	}
	randomness, err := f.ledger.beacon(d.number, signature)
	if err != nil {
		return seed, nil, err
	}
	if bytes.Count(file, []byte("\n")) > proof.MaxAudit {
		return seed, nil, errors.New("more openings than an audit may ask for")
	}
	if list, err = proof.ParseOpenings(file); err != nil {
		return seed, nil, err
	}
	seed = proof.Seed(f.digest, d.number, d.challenges, randomness)
	asked, tags := proof.Opened(list)
	return seed, list, proof.CheckProof(proof.PurposeAudit, proof.AuditContext(f.digest, seed, f.ledger.origin), f.key.K, asked, tags, dleq)
}

// beacon returns the randomness of a round, checked once.
func (l *history) beacon(round uint64, signature string) ([32]byte, error) {
	if r, ok := l.beacons[round]; ok {
		return r, nil
	}
	r, err := proof.BeaconRandomness(round, signature)
	if err == nil {
		l.beacons[round] = r
	}
	return r, err
}

// answer returns the ledger's first answer to a round, which must be dated within the
// deadline. Where there is none, a checkpoint dated behind the deadline shows silence.
func (f *figure) answer(number uint64) (*audit, error) {
	t, err := proof.BeaconTime(number)
	if err != nil {
		return nil, err
	}
	deadline := t + int64(f.AuditDeadline)
	a, ok := f.ledger.audits[asked{f.digest, number}]
	switch {
	case ok:
		if dated := f.ledger.dated(a.index); dated > deadline {
			return nil, errors.New("the audit was not answered within its deadline")
		} else if dated == 0 {
			return nil, f.silent(deadline, "the answer, entry %d, has no date", a.index)
		}
		return &a, nil
	default:
		return nil, f.silent(deadline, "no audit yet: the beacon draws at %s, to be answered by %s", utc(t), utc(deadline))
	}
}

func utc(t int64) string { return time.Unix(t, 0).UTC().Format(time.RFC3339) }

// silent says that an answer is not there yet, or that none came in time.
func (f *figure) silent(deadline int64, format string, args ...any) error {
	if f.ledger.latest > deadline {
		return errors.New("no answer came within the deadline")
	}
	return unanswered{fmt.Errorf(format, args...)}
}

// checkOpening fails unless an opening is GOOD (protocol 3.3).
func (f *figure) checkOpening(o *proof.Opening, position uint64, d round) error {
	if o.Position != position {
		return fmt.Errorf("position %d is opened in its stead", o.Position)
	}
	e, err := o.Check(&f.Statement, &f.rule)
	if err != nil {
		return err
	}
	if f.ledger.excluded(&e.Row, f.EvidenceSize) {
		return errors.New("the ledger excludes it")
	}
	if err := f.committed(o.Entry, e, d); err != nil {
		return err
	}
	if err := f.ledger.declared(&e.Row, o.Entry); err != nil {
		return err
	}
	if err := f.placed(e); err != nil {
		return err
	}
	f.footing.add(&e.Row)
	f.sees(&e.Row, o.Entry)
	return nil
}

// committed fails unless the row's batch is live, and dated in time.
func (f *figure) committed(entry uint64, e *proof.Evidence, d round) error {
	if err := f.live(entry, e); err != nil {
		return err
	}
	if err := f.sealed(entry, e); err != nil {
		return err
	}
	if !f.inTime(entry, d.number) {
		return errors.New("its batch is dated after the audit's beacon could be known")
	}
	return nil
}

// live fails unless the entry is a batch that was counted and names the row's segment.
func (f *figure) live(entry uint64, e *proof.Evidence) error {
	l := f.ledger
	if entry >= f.EvidenceSize || !names(l.entries[entry], e.Digest) {
		return fmt.Errorf("entry %d commits to no such rows", entry)
	}
	if by, gone := l.superseded[entry]; gone && by < f.EvidenceSize {
		return fmt.Errorf("its batch was superseded by entry %d", by)
	}
	return nil
}

// names reports whether an entry is a batch with the segment. It may have as many as fit,
// and every opening asks: it is searched as it is.
func names(entry []byte, segment ts.Digest) bool {
	return bytes.HasPrefix(entry, []byte("tally-batch/v1\n")) && bytes.Contains(entry, []byte("\nsegment "+segment.String()+"\n"))
}

// sealed fails unless the batch is dated behind the row, and within the rule's seal.
func (f *figure) sealed(entry uint64, e *proof.Evidence) error {
	dated := f.ledger.dated(entry)
	end := (e.Row.Day() + 1).Start()
	switch {
	case dated == 0:
		return errors.New("its batch has no date")
	case dated < e.Row.Last-proof.ClockSkew:
		return errors.New("its batch is dated before the row's own time")
	case uint64(max(0, dated-end)) > f.rule.Seal:
		return fmt.Errorf("its batch is dated %d seconds after its day: more than %d", dated-end, f.rule.Seal)
	}
	return nil
}
