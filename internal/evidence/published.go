package evidence

import (
	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// Published is what a ledger holds of the proof: nothing in it changes what is counted.
type Published struct {
	Rules      []Logged[proof.Rule]
	Keys       []Logged[proof.Key]
	Statements []Logged[proof.Statement]
	Challenges []Logged[proof.Challenge]
	Audits     []Logged[proof.Audit]
	Offers     []Logged[proof.Offer] // of overlaps with other ledgers
	Pledges    []Logged[proof.Pledge]
}

// Logged is an object with its entry.
type Logged[T any] struct {
	Index  uint64
	Digest ts.Digest
	Object T
}

// add reads an entry of the proof; known is false for every other type.
func (p *Published) add(typ string, i uint64, entry []byte) (known bool, err error) {
	switch typ {
	case proof.RuleType:
		p.Rules, err = keep(p.Rules, i, entry, proof.ParseRule)
	case proof.KeyType:
		p.Keys, err = keep(p.Keys, i, entry, proof.ParseKey)
	case proof.StatementType:
		p.Statements, err = keep(p.Statements, i, entry, proof.ParseStatement)
	case proof.ChallengeType:
		p.Challenges, err = keep(p.Challenges, i, entry, proof.ParseChallenge)
	case proof.AuditType:
		p.Audits, err = keep(p.Audits, i, entry, proof.ParseAudit)
	case proof.OverlapType:
		err = p.addOverlap(i, entry)
	case typePeer:
	default:
		return false, nil
	}
	return true, err
}

// typePeer says nothing of a figure's members.
const typePeer = "tally-peer/v1"

func (p *Published) addOverlap(i uint64, entry []byte) error {
	offer, pledge, err := proof.ParseOverlap(entry)
	switch {
	case err != nil:
		return err
	case offer != nil:
		p.Offers = append(p.Offers, Logged[proof.Offer]{i, ts.DigestOf(entry), *offer})
	default:
		p.Pledges = append(p.Pledges, Logged[proof.Pledge]{i, ts.DigestOf(entry), *pledge})
	}
	return nil
}

func keep[T any](list []Logged[T], i uint64, entry []byte, parse func([]byte) (T, error)) ([]Logged[T], error) {
	o, err := parse(entry)
	return append(list, Logged[T]{i, ts.DigestOf(entry), o}), err
}
