package publish

import (
	"context"
	"net/netip"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/proof"
)

// Held is how many members of a figure have an address of somebody's.
type Held struct {
	Figure  string // id
	Members uint64
	N       uint64 // all members of the figure
	Budget  uint64 // how many of them demands of strangers ever open
}

// Held counts what Disclose would open, in each of a report's figures.
func (p *Publisher) Held(ctx context.Context, figures []byte, asked []netip.Prefix) ([]Held, error) {
	v, err := evidence.Read(p.Ledger)
	if err != nil {
		return nil, err
	}
	var list []Held
	for _, s := range statementsOf(v, reportID(figures)) {
		r, err := ruleAt(v, s.Object.Rule)
		if err != nil {
			return nil, err
		}
		m, err := p.membersOf(ctx, &s.Object, r)
		if err != nil {
			return nil, err
		}
		list = append(list, Held{s.Object.ID, uint64(len(m.having(asked))), s.Object.N, s.Object.Budget})
	}
	return list, nil
}

// Disclose opens everything that a report's figures hold about addresses, to whoever has
// shown that they are his: members that are or have one of them, with a row behind each,
// and for single addresses that they are no member. It writes a file of proof.Disclosure.
func (p *Publisher) Disclose(ctx context.Context, figures []byte, asked []netip.Prefix) ([]byte, error) {
	v, err := evidence.Read(p.Ledger)
	if err != nil {
		return nil, err
	}
	var file []byte
	for _, s := range statementsOf(v, reportID(figures)) {
		d, err := p.disclose(ctx, v, &s, asked)
		if err != nil {
			return nil, err
		}
		file = d.AppendTo(file)
	}
	return file, nil
}

func (p *Publisher) disclose(ctx context.Context, v *evidence.View, s *evidence.Logged[proof.Statement], asked []netip.Prefix) (*proof.Disclosure, error) {
	r, err := ruleAt(v, s.Object.Rule)
	if err != nil {
		return nil, err
	}
	m, err := p.membersOf(ctx, &s.Object, r)
	if err != nil {
		return nil, err
	}
	secret, err := p.secret(s.Object.Report)
	if err != nil {
		return nil, err
	}
	d := &proof.Disclosure{Figure: s.Digest, Asked: asked}
	if d.Openings, err = opened(&m, m.having(asked)); err != nil {
		return nil, err
	}
	if err := p.support(ctx, &s.Object, r, d.Openings); err != nil {
		return nil, err
	}
	if d.Absent, err = m.absent(secret, r, asked); err != nil {
		return nil, err
	}
	points, tags := d.Points()
	d.Proof, err = secret.Prove(proof.PurposeMember, d.Context(p.Ledger.Origin()), points, tags)
	return d, err
}

// support finds the rows behind openings.
func (p *Publisher) support(ctx context.Context, s *proof.Statement, r *proof.Rule, list []proof.Opening) error {
	var wanted [][]byte
	for i := range list {
		wanted = append(wanted, list[i].Member)
	}
	k, err := p.newSeeker(r, 0, wanted)
	if err != nil {
		return err
	}
	v, err := viewAt(p.Ledger, s.EvidenceSize)
	if err == nil {
		err = seek(ctx, p.Ledger, v, []*seeker{k})
	}
	k.complete(list)
	return err
}

// having returns the positions of members that are or have an address of the networks.
func (m *members) having(asked []netip.Prefix) []uint64 {
	var at []uint64
	for i, member := range m.list {
		if slices.ContainsFunc(ts.MemberAddrs(member), func(a netip.Prefix) bool { return slices.ContainsFunc(asked, a.Overlaps) }) {
			at = append(at, uint64(i))
		}
	}
	return at
}

// absent shows of single addresses that they are no member of a figure of addresses.
func (m *members) absent(secret *proof.Secret, r *proof.Rule, asked []netip.Prefix) ([]proof.AbsentMember, error) {
	if r.Member != ts.MemberPerp && r.Member != ts.MemberVictim {
		return nil, nil
	}
	var list []proof.AbsentMember
	for _, a := range asked {
		if !a.IsSingleIP() {
			continue
		}
		member := ts.AppendAddrMember(nil, ts.Canonical(a.Addr()))
		if r.Net64 {
			member = ts.WidenMember(member)
		}
		tag := secret.Tag(member)
		again := slices.ContainsFunc(list, func(a proof.AbsentMember) bool { return a.Tag == tag })
		if again || slices.Contains(m.tags, tag) {
			continue
		}
		absence, err := proof.TrieAbsence(m.tags, tag)
		if err != nil {
			return nil, err
		}
		list = append(list, proof.AbsentMember{Member: member, Tag: tag, Absence: absence})
	}
	return list, nil
}
