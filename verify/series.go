package verify

import (
	"fmt"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/wording"
)

// series plans the days of a series, each of the window's, and what is distinct up to
// them. Records of unset clocks are not in it.
func (p *plan) series(doc *claim, s *series) {
	what := fmt.Sprintf("series of %s: %s, all recounted", about(s.Measure, s.By, s.On), wording.Plural(uint64(len(s.Points)), "day", "days"))
	q, err := newQuestion(s.Measure, doc.Window, s.By, s.On, doc.Verdict)
	if err == nil && s.Unit != string(q.measure.Unit) {
		err = fmt.Errorf("unit %.30q", s.Unit)
	}
	if err != nil {
		p.notChecked(what, err)
		return
	}
	q.measure.Without |= ts.FlagClock
	q.groupBy = []string{"day"}
	c := p.ask(q)
	p.later(func(r *Result, all *census) {
		err := s.compare(q.window, c.byDay(all))
		r.check(err == nil, what, "%v", err)
	})
}

func (s *series) compare(w ts.Window, days []dayCount) error {
	w, err := span(w, days)
	if err != nil {
		return err
	}
	if len(s.Points) != w.Days() {
		return fmt.Errorf("%d days, rows support %d", len(s.Points), w.Days())
	}
	var until cell
	for i, got := range s.Points {
		want := point{Day: (w.From + ts.Day(i)).String()}
		if len(days) > 0 && days[0].day == want.Day {
			want.Value, until, days = days[0].on, days[0].until, days[1:]
		}
		want.Total = until
		if got != want {
			return fmt.Errorf("day %d is %.20s with %v, up to it %v; rows support %s with %v, up to it %v",
				i+1, got.Day, got.Value, got.Total, want.Day, want.Value, want.Total)
		}
	}
	return nil
}

// span is the window whose open sides end at the outermost days with members.
func span(w ts.Window, days []dayCount) (ts.Window, error) {
	open, err := ts.ParseWindow("1970-01-01", "9999-12-31")
	if err != nil || len(days) == 0 && (w.All() || w.From <= open.From || w.To >= open.To) {
		return ts.Window{}, err
	}
	if len(days) == 0 {
		return w, nil
	}
	seen, err := ts.ParseWindow(days[0].day, days[len(days)-1].day)
	if w.All() {
		return seen, err
	}
	if w.From <= open.From {
		w.From = seen.From
	}
	if w.To >= open.To {
		w.To = seen.To
	}
	return w, err
}
