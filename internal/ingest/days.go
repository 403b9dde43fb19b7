package ingest

import ts "github.com/tallystick/tallystick"

// lastDay is 9999-12-31, the last that YYYY-MM-DD can write.
const lastDay ts.Day = 2932896

// days are those on which the records of a part began. A clock that was never set, or runs
// ahead, must not stretch them: such days count only where there are no others.
type days struct{ dated, misdated ts.Window }

func (d *days) add(day, now ts.Day) {
	day = min(max(day, 0), lastDay)
	span := &d.dated
	if misdated(day, now) {
		span = &d.misdated
	}
	if span.All() || !span.Contains(day) {
		*span = union(*span, ts.Window{From: day, To: day + 1})
	}
}

func (d *days) window() ts.Window {
	if d.dated.All() {
		return d.misdated
	}
	return d.dated
}

// misdated reports whether rows of the day bear ts.FlagClock.
func misdated(day, now ts.Day) bool { return day < unsetDays || day > now }

// union is the shortest window with the days of both; a zero one has none.
func union(a, b ts.Window) ts.Window {
	switch {
	case a.All():
		return b
	case b.All():
		return a
	}
	return ts.Window{From: min(a.From, b.From), To: max(a.To, b.To)}
}
