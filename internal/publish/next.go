package publish

import (
	"fmt"
	"slices"
	"time"

	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/proof"
)

// Next tells what is still to do for the first audits of a report's figures, a sentence each:
// to have the statements dated, and to open what the public beacon draws.
func (p *Publisher) Next(figures []byte) ([]string, error) {
	v, err := evidence.Read(p.Ledger)
	if err != nil {
		return nil, err
	}
	d, err := p.readDates()
	if err != nil {
		return nil, err
	}
	var list []string
	for _, s := range statementsOf(v, reportID(figures)) {
		if auditedBy(v, &s) {
			continue
		}
		t, err := proof.BeaconTime(s.Object.AuditRound)
		if err != nil {
			return nil, err
		}
		if d.seen(s.Index) == 0 && d.now <= t-proof.Foreseen {
			list = append(list, fmt.Sprintf("witnesses must date the statements before %s, or no audit counts: tallystick witness ask", utc(t-proof.Foreseen)))
		}
		list = append(list, fmt.Sprintf("round %d of the public beacon, at %s, draws up to %d members of each figure; open them by %s: tallystick challenge answer",
			s.Object.AuditRound, utc(t), s.Object.AuditK, utc(t+int64(s.Object.AuditDeadline))))
	}
	slices.Sort(list)
	slices.Reverse(list) // the witnesses first
	return slices.Compact(list), nil
}

func auditedBy(v *evidence.View, s *evidence.Logged[proof.Statement]) bool {
	return slices.ContainsFunc(v.Audits, func(a evidence.Logged[proof.Audit]) bool {
		return a.Object.Figure == s.Digest && a.Object.Round == s.Object.AuditRound
	})
}

func utc(t int64) string { return time.Unix(t, 0).UTC().Format(time.RFC3339) }
