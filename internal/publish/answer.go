package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"

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
	b := parcel{}
	if err := p.packLedger(b); err != nil {
		return nil, err
	}
	var file bytes.Buffer
	if err := b.write(&file, p.Ledger); err != nil {
		return nil, err
	}
	all, err := bundle.Demands(bytes.NewReader(file.Bytes()), int64(file.Len()), trust)
	var open []bundle.Demand
	for _, d := range all {
		if isOf(&d.Statement, reportID(figures)) && d.K > 0 && !answered(v, &d) {
			open = append(open, d)
		}
	}
	return open, err
}

func answered(v *evidence.View, d *bundle.Demand) bool {
	for _, a := range v.Audits {
		if a.Object.Figure == d.Digest && a.Object.Round == d.Round {
			return true
		}
	}
	return false
}

// Answer opens what the round of the beacon draws from each figure for which it is
// demanded, and logs the answers, bad ones too. It returns them in the order of the
// demands.
func (p *Publisher) Answer(ctx context.Context, demands []bundle.Demand, reply Reply) ([]proof.Audit, error) {
	randomness, err := proof.BeaconRandomness(reply.Beacon.Round, reply.Beacon.Signature)
	if err != nil {
		return nil, err
	}
	v, err := evidence.Read(p.Ledger)
	if err != nil {
		return nil, err
	}
	all, err := p.drawAll(ctx, v, demands, reply, randomness)
	if err != nil {
		return nil, err
	}
	if err := p.seekAll(ctx, all); err != nil {
		return nil, err
	}
	if err := p.Ledger.Put(beaconName(reply.Beacon.Round), signatureLine(reply.Beacon.Signature)); err != nil {
		return nil, err
	}
	var audits []proof.Audit
	var entries [][]byte
	for _, a := range all {
		a.seeker.complete(a.list)
		audit, err := p.log(a, reply.Private)
		if err != nil {
			return nil, err
		}
		entry, err := audit.Build()
		if err != nil {
			return nil, err
		}
		audits, entries = append(audits, audit), append(entries, entry)
	}
	return audits, p.commitAnswers(v, all, entries)
}

// drawAll draws from each figure for which the round is demanded.
func (p *Publisher) drawAll(ctx context.Context, v *evidence.View, demands []bundle.Demand, reply Reply, randomness [32]byte) (all []*auditing, err error) {
	for i := range demands {
		if demands[i].Round != reply.Beacon.Round {
			continue
		}
		a, err := p.draw(ctx, v, &demands[i], randomness, reply.Refuse)
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no answer to round %d is owed", reply.Beacon.Round)
	}
	return all, nil
}

// commitAnswers logs the answers, unless the ledger went on in a way that changes them.
func (p *Publisher) commitAnswers(v *evidence.View, all []*auditing, entries [][]byte) error {
	_, err := p.Ledger.Commit(func(ledger.Head) ([][]byte, error) {
		if err := v.Extend(p.Ledger); err != nil {
			return nil, err
		}
		for _, a := range all {
			if answered(v, a.Demand) {
				return nil, fmt.Errorf("%s: round %d was answered meanwhile", a.Statement.ID, a.Round)
			}
			if challenges(v, a.Demand) != len(a.Challenges) {
				return nil, fmt.Errorf("%s: another challenge was logged meanwhile: answer again", a.Statement.ID)
			}
		}
		return entries, nil
	})
	return err
}

// auditing is one figure while a round of it is answered.
type auditing struct {
	*bundle.Demand
	rule   *proof.Rule
	seed   [32]byte
	list   []proof.Opening // as drawn
	seeker *seeker
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
		return nil, fmt.Errorf("%s: %w", d.Statement.ID, err)
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
