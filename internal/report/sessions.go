package report

import (
	"cmp"
	"context"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/measure"
)

// sessionGap ends a session: so many seconds without a request (doc/measures.md).
const sessionGap = 1800

// slotBytes is the size of the half-hour in the member of an attack.
const slotBytes = 8

// addSessions puts raw requests and sessions beside attacks through web shells, which
// count by fixed half-hours: a session across a boundary is two attacks.
func (d *drafter) addSessions(ctx context.Context, b *ts.FigureBounds, ask Ask, total count.Group) error {
	if ask.Measure.Member != measure.Attack || ask.Measure.Class != ts.Backdoor {
		return nil
	}
	sessions, err := d.sessions(ctx, ask)
	b.Parts = append(b.Parts,
		ts.FigurePart{Name: "requests", Value: total.Records,
			Text: noun(total.Records, "raw request", "raw requests") + " behind the figure. Beside it, never a measure: logs may overlap."},
		ts.FigurePart{Name: "sessions", Value: sessions,
			Text: noun(sessions, "session", "sessions") + " of one source at one target, ended by half an hour without a request. Beside the figure, which counts fixed half-hours."})
	return err
}

// visit is one source at one target, as an attack has them: its member but the half-hour,
// which are the last bytes (doc/formats/row.md).
type visit string

// stay is the time between the first and the last request of one row.
type stay struct{ first, last int64 }

// sessions counts the sessions behind the counted rows.
func (d *drafter) sessions(ctx context.Context, ask Ask) (uint64, error) {
	stays := map[visit][]stay{}
	for r, err := range d.engine.Rows(ctx, ask.question(ask.Measure)) {
		if err != nil {
			return 0, err
		}
		if member, _ := ask.Measure.AppendMember(nil, &r); len(member) > 0 {
			v := visit(member[:len(member)-slotBytes])
			stays[v] = append(stays[v], stay{r.First, r.Last})
		}
	}
	var n uint64
	for _, list := range stays {
		n += sessionsOf(list)
	}
	return n, nil
}

// sessionsOf counts the sessions of one visitor.
func sessionsOf(list []stay) uint64 {
	slices.SortFunc(list, func(a, b stay) int { return cmp.Compare(a.first, b.first) })
	var n uint64
	end := int64(-sessionGap - 1)
	for _, s := range list {
		if s.first-end > sessionGap {
			n++
		}
		end = max(end, s.last)
	}
	return n
}
