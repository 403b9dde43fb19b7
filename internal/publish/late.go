package publish

import (
	"context"
	"errors"

	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/proof"
)

// tellLate warns of members that no row sealed in time supports: an audit that draws them
// finds them false.
func (p *Publisher) tellLate(ctx context.Context, v *evidence.View, drafts []draft) error {
	d, err := p.readDates()
	if err != nil {
		return err
	}
	for i := range drafts {
		n, err := p.late(ctx, v, d, &drafts[i])
		if err != nil {
			return err
		}
		if n > 0 {
			p.tell("%s: %d of %d members were sealed later than their rule allows, or no witness has seen it yet: an audit that draws them finds them false",
				drafts[i].id, n, len(drafts[i].members))
		}
	}
	return nil
}

// late counts the members of a figure without the segments that were sealed late, and
// returns how many are missing.
func (p *Publisher) late(ctx context.Context, v *evidence.View, d *dates, f *draft) (int, error) {
	any := false
	src := sourceOf(p.Ledger, v, func(b *evidence.Batch, m *proof.Manifest) bool {
		late := f.scope.Window.Contains(m.First) && d.late(&f.rule, b.Index, m.First)
		any = any || late
		return !late
	})
	if !any {
		return 0, nil
	}
	scan := count.New(src, count.Options{})
	list, err := countMembers(ctx, scan, &f.measure, &f.scope)
	return len(under(&f.rule, f.members)) - len(under(&f.rule, list)), errors.Join(err, scan.Close())
}
