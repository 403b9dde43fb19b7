package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify/bundle"
)

// Reply says how a round is answered.
type Reply struct {
	Beacon  Beacon
	Refuse  map[uint64]string // why a position stays closed; it counts as false
	Private bool              // for an auditor only: not in the bundle
}

// Demands returns the rounds that are asked of a report's figures and not answered yet.
// trust dates the rows that may be shown; without its policy all count as in time.
func (p *Publisher) Demands(figures []byte, trust bundle.Trust) ([]bundle.Demand, error) {
	v, err := evidence.Read(p.Ledger)
	if err != nil {
		return nil, err
	}
	all, err := p.demanded(trust)
	var open []bundle.Demand
	for _, d := range all {
		if isOf(&d.Statement, reportID(figures)) && d.K > 0 && !answered(v, &d) {
			open = append(open, d)
		}
	}
	return open, err
}

// demanded returns the rounds that are asked of every figure of the ledger, as a verifier
// finds them.
func (p *Publisher) demanded(trust bundle.Trust) ([]bundle.Demand, error) {
	b, err := p.bareBundle()
	if err != nil {
		return nil, err
	}
	return bundle.Demands(b, b.Size(), trust)
}

// bareBundle is a bundle of the ledger alone: what is asked follows from it.
func (p *Publisher) bareBundle() (*bytes.Reader, error) {
	b := parcel{}
	if err := p.packLedger(b); err != nil {
		return nil, err
	}
	var file bytes.Buffer
	err := b.write(&file, p.Ledger)
	return bytes.NewReader(file.Bytes()), err
}

func answered(v *evidence.View, d *bundle.Demand) bool { return answeredRound(v, d.Digest, d.Round) }

func answeredRound(v *evidence.View, figure ts.Digest, round uint64) bool {
	return slices.ContainsFunc(v.Audits, func(a evidence.Logged[proof.Audit]) bool {
		return a.Object.Figure == figure && a.Object.Round == round
	})
}

// Answer opens what the round of the beacon draws from each figure for which it is
// demanded, and logs the answers, bad ones too. It returns those that it logged, in the
// order of the demands. A figure that cannot be answered keeps no other from it: the error
// then tells of the one, and the answers of the others are logged.
func (p *Publisher) Answer(ctx context.Context, demands []bundle.Demand, reply Reply) ([]proof.Audit, error) {
	randomness, err := proof.BeaconRandomness(reply.Beacon.Round, reply.Beacon.Signature)
	if err != nil {
		return nil, err
	}
	v, err := evidence.Read(p.Ledger)
	if err != nil {
		return nil, err
	}
	all, failed := p.drawAll(ctx, v, demands, reply, randomness)
	if len(all) == 0 {
		return nil, failed
	}
	if err := p.seekAll(ctx, all); err != nil {
		return nil, errors.Join(failed, err)
	}
	if err := p.Ledger.Put(beaconName(reply.Beacon.Round), signatureLine(reply.Beacon.Signature)); err != nil {
		return nil, errors.Join(failed, err)
	}
	var made []*auditing
	for _, a := range all {
		a.seeker.complete(a.list)
		if a.audit, err = p.log(a, reply.Private); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", a.Statement.ID, err))
			continue
		}
		made = append(made, a)
	}
	audits, err := p.commitAnswers(v, made)
	return audits, errors.Join(failed, err)
}

// drawAll draws from each figure for which the round is demanded. The error tells of those
// that could not be drawn from.
func (p *Publisher) drawAll(ctx context.Context, v *evidence.View, demands []bundle.Demand, reply Reply, randomness [32]byte) (all []*auditing, failed error) {
	owed := false
	for i := range demands {
		if demands[i].Round != reply.Beacon.Round {
			continue
		}
		owed = true
		a, err := p.draw(ctx, v, &demands[i], randomness, reply.Refuse)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", demands[i].Statement.ID, err))
			continue
		}
		all = append(all, a)
	}
	if !owed {
		failed = fmt.Errorf("no answer to round %d is owed", reply.Beacon.Round)
	}
	return all, failed
}

// commitAnswers logs the answers and returns them, but for those of figures of which the
// ledger demands something else meanwhile: of these the error tells.
func (p *Publisher) commitAnswers(v *evidence.View, all []*auditing) (audits []proof.Audit, err error) {
	var failed error
	_, err = p.Ledger.Commit(func(ledger.Head) (entries [][]byte, err error) {
		audits, failed = nil, nil // another writer may have been faster
		if err := v.Extend(p.Ledger); err != nil {
			return nil, err
		}
		demands, err := p.demanded(bundle.Trust{})
		if err != nil {
			return nil, err
		}
		for _, a := range all {
			if err := a.stillOwed(v, demands); err != nil {
				failed = errors.Join(failed, fmt.Errorf("%s: %w", a.Statement.ID, err))
				continue
			}
			entry, err := a.audit.Build()
			if err != nil {
				return nil, err
			}
			audits, entries = append(audits, a.audit), append(entries, entry)
		}
		return entries, nil
	})
	if err != nil && !errors.Is(err, ledger.ErrCommitted) {
		audits = nil
	}
	return audits, errors.Join(failed, err)
}

// stillOwed fails unless the ledger demands what was answered: the round, drawn by the same
// challenges. One that counts for nothing changes nothing.
func (a *auditing) stillOwed(v *evidence.View, demands []bundle.Demand) error {
	if answered(v, a.Demand) {
		return fmt.Errorf("round %d was answered meanwhile", a.Round)
	}
	same := func(d bundle.Demand) bool {
		return d.Digest == a.Digest && d.Round == a.Round && d.K == a.K && slices.Equal(d.Challenges, a.Challenges)
	}
	if !slices.ContainsFunc(demands, same) {
		return errors.New("another challenge was logged meanwhile: answer again")
	}
	return nil
}

// auditing is one figure while a round of it is answered.
type auditing struct {
	*bundle.Demand
	rule   *proof.Rule
	seed   [32]byte
	list   []proof.Opening // as drawn
	seeker *seeker
	audit  proof.Audit // the answer, once it is made
}

// draw finds out which members are asked for, and where their tags stand.
func (p *Publisher) draw(ctx context.Context, v *evidence.View, d *bundle.Demand, randomness [32]byte, refuse map[uint64]string) (*auditing, error) {
	a := &auditing{Demand: d, seed: proof.Seed(d.Digest, d.Round, d.Challenges, randomness)}
	var err error
	if a.rule, err = ruleAt(v, d.Statement.Rule); err != nil {
		return nil, err
	}
	m, err := p.membersOf(ctx, &d.Statement, a.rule)
	if err != nil {
		return nil, err
	}
	positions := proof.Draw(a.seed, d.Statement.N, d.K)
	if a.list, err = opened(&m, positions); err != nil {
		return nil, err
	}
	var wanted [][]byte
	for i := range a.list {
		if why := refuse[positions[i]]; why != "" {
			a.list[i] = proof.Opening{Position: positions[i], Refused: why}
			continue
		}
		wanted = append(wanted, a.list[i].Member)
	}
	a.seeker, err = p.newSeeker(a.rule, d.Round, wanted)
	return a, err
}

// opened gives positions their members, tags and paths.
func opened(m *members, positions []uint64) ([]proof.Opening, error) {
	list := make([]proof.Opening, len(positions))
	for i, path := range proof.TriePaths(m.tags, positions) {
		at := positions[i]
		if at >= uint64(len(m.tags)) {
			return nil, errors.New("fewer members are kept than were stated")
		}
		list[i] = proof.Opening{Position: at, Member: m.list[at], Tag: m.tags[at], Path: path}
	}
	return list, nil
}

// seekAll finds the rows behind every member asked for, on one way through the rows of each
// state of the ledger that was counted.
func (p *Publisher) seekAll(ctx context.Context, all []*auditing) error {
	bySize := map[uint64][]*seeker{}
	for _, a := range all {
		bySize[a.Statement.EvidenceSize] = append(bySize[a.Statement.EvidenceSize], a.seeker)
	}
	for size, seekers := range bySize {
		v, err := viewAt(p.Ledger, size)
		if err != nil {
			return err
		}
		if err := seek(ctx, p.Ledger, v, seekers); err != nil {
			return err
		}
	}
	return nil
}

// log writes the openings of a figure with their proof, and returns the entry that commits
// to them.
func (p *Publisher) log(a *auditing, private bool) (proof.Audit, error) {
	audit := proof.Audit{Figure: a.Digest, Round: a.Round}
	var text []byte
	for i := range a.list {
		text = a.list[i].AppendTo(text)
		if _, err := a.list[i].Check(&a.Statement, a.rule); err != nil {
			p.tell("%s, position %d: %v", a.Statement.ID, a.list[i].Position, err)
			audit.Bad++
		}
	}
	secret, err := p.secret(a.Statement.Report)
	if err != nil {
		return audit, err
	}
	asked, tags := proof.Opened(a.list)
	dleq, err := secret.Prove(proof.PurposeAudit, proof.AuditContext(a.Digest, a.seed, p.Ledger.Origin()), asked, tags)
	if err != nil {
		return audit, err
	}
	audit.Openings = proof.OpeningsDigest(text, dleq)
	put := p.Ledger.Put
	if private {
		put = p.Ledger.PutPrivate
	}
	return audit, errors.Join(put(openingsName(audit.Openings)+".txt", text), put(openingsName(audit.Openings)+".dleq", dleq))
}
