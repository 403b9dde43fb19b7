package count

import (
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/segment"
)

// A row of a run stands for all rows of its segments that are equal once stripped, most
// often one a day; where their class is kept by half-hours, for one row. It has their
// fields, but for these:
//
//	first     start of the half-hour, or of the run's first day where the class has none
//	duration  their days, a bit each from the run's first day on
//	records   the sum of theirs
//	offset    how many they are
//	input     number of their origin, where they have one
//	host_id   their entries, where they have several origins

// fold makes rows of a run from the rows of its segments, which come in the order of their
// stripped form.
type fold struct {
	origins []origin
	key     ts.Row // stripped
	entries []entry
	ready   []ts.Row // to be written
}

// strip drops what counting has no use of, and what the row's entry e has where rows of
// several days are to be equal. It keeps the order of the rows of one day, which is by
// records and input before the half-hour: see segment.Compare.
func strip(r *ts.Row, e entry) {
	if r.Class.Slotted() {
		r.First, r.At = ts.SlotOf(r.First), ts.Locator{Input: e.origin}
	} else {
		r.First, r.At = (r.Day() / runDays * runDays).Start(), ts.Locator{}
		r.Records = 0
	}
	r.Last = r.First
	r.VictimName, r.VictimPort, r.HostID, r.Rule = "", 0, "", ""
}

// add takes the next row, stripped.
func (f *fold) add(r *ts.Row, e entry) {
	if r.Class.Slotted() || f.key != *r {
		f.flush()
		f.key = *r
	}
	f.entries = append(f.entries, e)
}

// flush makes the rows of the entries so far. They are several only where the entries do
// not fit the text of one.
func (f *fold) flush() {
	entries := sumOrigins(f.entries)
	start := len(f.ready)
	for len(entries) > 0 {
		n, text := pack(entries, roomIn(&f.key))
		f.ready = append(f.ready, f.row(entries[:n], text))
		entries = entries[n:]
	}
	slices.SortFunc(f.ready[start:], func(a, b ts.Row) int { return segment.Compare(&a, &b) })
	f.entries = f.entries[:0]
}

func (f *fold) row(entries []entry, text string) ts.Row {
	r := f.key
	r.Records, r.At = 0, ts.Locator{}
	var days uint32
	for _, e := range entries {
		days |= f.origins[e.origin].bit()
		r.At.Offset += e.rows
		r.Records += e.records
	}
	r.Last = r.First + int64(days)
	if r.HostID = text; text == "" {
		r.At.Input = entries[0].origin
	}
	return r
}

// roomIn is how much text a row of a segment can have besides that of a stripped row.
func roomIn(r *ts.Row) int {
	return ts.MaxLine - len(r.PerpName) - len(r.Site) - len(r.Path) - len(r.Family) - len(r.Feed) -
		len(r.Indicator) - len(r.Sensor) - len(r.ByPlaces) - len(r.OnPlaces)
}
