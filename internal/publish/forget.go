package publish

import (
	"errors"
	"fmt"

	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify/bundle"
)

// ErrOwed means that a report's secret may still be needed.
var ErrOwed = errors.New("members may be drawn, and must be opened,")

// Forget destroys the secrets of a report's tags, and the members kept with them: from then
// on nobody can open a member, or find whose a tag is, by what the ledger's folder holds. It
// refuses while an answer is owed, or may still be demanded.
func (p *Publisher) Forget(figures []byte) error {
	v, err := evidence.Read(p.Ledger)
	if err != nil {
		return err
	}
	stated := statementsOf(v, reportID(figures))
	if len(stated) == 0 {
		return errors.New("the ledger has no statements of this report")
	}
	demands, err := p.demanded(bundle.Trust{})
	if err != nil {
		return err
	}
	for i := range stated {
		until, err := openUntil(v, &stated[i], demands)
		if err != nil {
			return err
		}
		if p.now() <= until {
			return fmt.Errorf("%s: %w until %s", stated[i].Object.ID, ErrOwed, utc(until))
		}
	}
	for _, s := range stated {
		for _, name := range []string{secretName(s.Object.Report), membersName(s.Object.Root)} {
			if err := p.Ledger.RemovePrivate(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// openUntil returns the end of the last deadline of a statement: of overlaps, its own round, and of
// every later one that is demanded and no audit has answered. Challenges that count for nothing
// keep nobody.
func openUntil(v *evidence.View, s *evidence.Logged[proof.Statement], demands []bundle.Demand) (last int64, err error) {
	rounds := []uint64{s.Object.AuditRound}
	for _, d := range demands {
		if d.Digest == s.Digest && !answered(v, &d) {
			rounds = append(rounds, d.Round)
		}
	}
	for _, round := range rounds {
		t, err := proof.BeaconTime(round)
		if err != nil {
			return 0, err
		}
		last = max(last, t+int64(s.Object.AuditDeadline))
	}
	for _, o := range v.Offers {
		if o.Object.P.Figure == s.Digest || o.Object.Q.Figure == s.Digest {
			last = max(last, o.Object.Deadline)
		}
	}
	return last, nil
}
