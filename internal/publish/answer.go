package publish

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify/bundle"
)

// Beacon is the public beacon's signature of a round, in hex.
type Beacon struct {
	Round     uint64
	Signature string
}

// ParseBeacon reads drand's JSON, or the bare signature, of which the round is found among
// those asked for. It fails with proof.ErrBeacon.
func ParseBeacon(file []byte, asked []uint64) (Beacon, error) {
	text := strings.TrimSpace(string(file))
	if strings.HasPrefix(text, "{") {
		var b Beacon
		if err := json.Unmarshal(file, &b); err != nil {
			return b, fmt.Errorf("beacon: %w", err)
		}
		_, err := proof.BeaconRandomness(b.Round, b.Signature)
		return b, err
	}
	for _, round := range asked {
		if _, err := proof.BeaconRandomness(round, text); err == nil {
			return Beacon{round, text}, nil
		}
	}
	return Beacon{}, fmt.Errorf("%w: of none of the rounds %v that are asked for", proof.ErrBeacon, asked)
}

// margin is how long before its last moment a challenge must come: witnesses need time to
// date it.
const margin = 1800

// maxChallenges bounds those of one figure, well below what makes a bundle malformed. Half are
// kept for the challengers whom its rule names: nobody else can use them up.
const maxChallenges = 1000

// before is how long before a round a statement, and what it opens, must be dated, and
// clockSkew how long a challenge (proof protocol 3.3).
const before = 3600

// Challenge logs what somebody sent, unless it is there, and returns its entry. It refuses
// what came too late to be dated in time.
func (p *Publisher) Challenge(text []byte) (index uint64, err error) {
	c, err := proof.ParseChallenge(text)
	if err == nil {
		err = c.Check()
	}
	if err != nil {
		return 0, err
	}
	t, err := proof.BeaconTime(c.Round)
	if err != nil {
		return 0, err
	}
	_, err = p.Ledger.Commit(func(head ledger.Head) ([][]byte, error) {
		v, err := evidence.Read(p.Ledger)
		if err != nil {
			return nil, err
		}
		for _, old := range v.Challenges {
			if old.Digest == ts.DigestOf(text) {
				index = old.Index
				return nil, nil
			}
		}
		if err := room(v, &c); err != nil {
			return nil, err
		}
		if p.now() > t-clockSkew-margin {
			return nil, fmt.Errorf("too late for round %d: witnesses must date a challenge %d seconds before it, and may take %d", c.Round, clockSkew, margin)
		}
		index = head.Size
		return [][]byte{text}, nil
	})
	return index, err
}

// room fails unless another challenge of its figure may be logged.
func room(v *evidence.View, c *proof.Challenge) error {
	s := statementOf(v, c.Figure)
	if s == nil {
		return fmt.Errorf("no statement here is %s", c.Figure)
	}
	rule, err := ruleAt(v, s.Rule)
	if err != nil {
		return err
	}
	most, others := maxChallenges, 0
	if len(rule.Challengers) > 0 && !slices.Contains(rule.Challengers, c.Challenger) {
		most /= 2
	}
	for _, old := range v.Challenges {
		if old.Object.Figure == c.Figure {
			others++
		}
	}
	if others >= most {
		return fmt.Errorf("%d challenges of this figure are logged: no more fit", others)
	}
	return nil
}

func statementOf(v *evidence.View, d ts.Digest) *proof.Statement {
	for i := range v.Statements {
		if v.Statements[i].Digest == d {
			return &v.Statements[i].Object
		}
	}
	return nil
}

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
	if _, err := b.WriteTo(&file); err != nil {
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

// challenges counts those of a round: they are in its seed.
func challenges(v *evidence.View, d *bundle.Demand) (n int) {
	for _, c := range v.Challenges {
		if c.Object.Figure == d.Digest && c.Object.Round == d.Round && c.Object.Check() == nil {
			n++
		}
	}
	return n
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
	var all []*auditing
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
	_, err = p.Ledger.Commit(func(ledger.Head) ([][]byte, error) {
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
	return audits, err
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
