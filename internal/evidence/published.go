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
	case typeOverlap, typeCanary, typePeer:
	default:
		return false, nil
	}
	return true, err
}

// The types of the proof that say nothing of a figure's members.
const (
	typeOverlap = "tally-overlap/v1"
	typeCanary  = "tally-canary/v1"
	typePeer    = "tally-peer/v1"
)

func keep[T any](list []Logged[T], i uint64, entry []byte, parse func([]byte) (T, error)) ([]Logged[T], error) {
	o, err := parse(entry)
	return append(list, Logged[T]{i, ts.DigestOf(entry), o}), err
}
