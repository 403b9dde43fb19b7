package bundle

import (
	"errors"
	"fmt"
	"strings"

	"github.com/tallystick/tallystick/verify"
)

// checkElsewhere says what the ledger alone tells of figures whose tags are in other bundles.
func (l *history) checkElsewhere(r *Result, figures []*figure) {
	var ids []string
	for _, f := range figures {
		ids = append(ids, f.ID)
	}
	r.add(check{what: fmt.Sprintf("%d statements of the ledger are of other bundles: they count as attempts only", len(figures))},
		verify.True, "%.500s", strings.Join(ids, " "))
	c := check{what: "audits of those, as far as the ledger tells", audit: true,
		proves: "they were answered within their deadlines, as far as they are due, and their publisher calls no member bad",
		not:    "that what he opened is good: see their bundles"}
	if l.latest == 0 {
		r.add(c, verify.NotChecked, "nothing has a date")
		return
	}
	var all, answered, failed int
	var why error
	for _, f := range figures {
		for _, d := range f.rounds {
			all++
			switch err := f.fromAfar(&d); {
			case err == nil:
				answered++
			case !errors.As(err, &unanswered{}):
				if failed++; why == nil {
					why = fmt.Errorf("%s, round %d: %w", f.ID, d.number, err)
				}
			}
		}
	}
	if failed > 0 {
		r.add(c, verify.False, "%d of %d failed: %v", failed, all, why)
		return
	}
	r.add(c, verify.True, "answered: %d of %d", answered, all)
}

// fromAfar fails where the ledger alone shows that a round was not answered as it had to be;
// unanswered means that it shows nothing.
func (f *figure) fromAfar(d *round) error {
	switch {
	case f.bound != nil:
		return f.bound
	case min(d.k, f.N) == 0:
		return nil // there is none to open
	case !f.inTime(f.index, d.number):
		return unanswered{errors.New("the statement has no date an hour before the round")}
	}
	a, err := f.answer(d.number)
	if err != nil {
		return err
	}
	if err := f.unforeseen(d); err != nil {
		return err
	}
	if a.Bad > 0 {
		return fmt.Errorf("its publisher calls %d members bad", a.Bad)
	}
	return nil
}
