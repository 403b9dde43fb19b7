package proof

import (
	ts "github.com/tallystick/tallystick"
)

// AuditType is the first line of an audit's entry.
const AuditType = "tally-audit/v1"

// Audit commits to the openings of one round: failed audits stay in the ledger too.
type Audit struct {
	Figure   ts.Digest // of the statement
	Round    uint64    // of the beacon
	Openings ts.Digest // SHA-256 of openings.txt and, behind it, openings.dleq
	Bad      uint64    // positions that the publisher could not open or refused
}

// Build writes the audit as a text object.
func (a *Audit) Build() ([]byte, error) {
	o := ts.Object{Type: AuditType}
	o.Add("figure", a.Figure.String())
	o.Add("round", decimal(a.Round))
	o.Add("openings", a.Openings.String())
	o.Add("bad", decimal(a.Bad))
	return o.Bytes()
}

// ParseAudit reads an audit's entry. It accepts exactly what Build writes.
func ParseAudit(b []byte) (Audit, error) {
	return parsedAs(b, AuditType, "figure round openings bad", func(v *ts.ObjectReader) Audit {
		return Audit{Figure: v.Digest("figure"), Round: v.Number("round"), Openings: v.Digest("openings"), Bad: v.Number("bad")}
	})
}

// OpeningsDigest returns the digest that an audit's entry holds.
func OpeningsDigest(openings, proof []byte) ts.Digest {
	return ts.DigestOf(append(append([]byte(nil), openings...), proof...))
}
