package segment

import (
	"cmp"
	"fmt"
	"net/netip"

	ts "github.com/tallystick/tallystick"
)

const (
	maxPort     = 1<<16 - 1
	maxRecords  = 1<<53 - 1  // exact in JavaScript
	endOfDays   = 2932897    // 10000-01-01, the first day that YYYY cannot write
	maxDuration = 1<<32 - 1  // seconds
	maxText     = ts.MaxLine // no line holds more
)

// check reports the first row that cannot be kept, or is out of order. Shares of the rows
// are checked at a time.
func (w *Writer) check(rows []ts.Row) error {
	if len(rows) == 0 {
		return nil
	}
	failed := make([]error, numShares())
	inShares(len(rows), func(share, from, to int) {
		before := &w.last
		if from > 0 {
			before = &rows[from-1]
		}
		failed[share] = checkRows(before, rows[from:to], w.rows+int64(from))
	})
	w.last, w.rows = rows[len(rows)-1], w.rows+int64(len(rows))
	return cmp.Or(failed...)
}

// checkRows checks rows, the first of which is number at of the file and follows last.
func checkRows(last *ts.Row, rows []ts.Row, at int64) error {
	key := keyOf(last)
	for i := range rows {
		r := &rows[i]
		if err := check(r); err != nil {
			return fmt.Errorf("segment row %d: %w", at, err)
		}
		next := keyOf(r)
		c := key.compare(&next)
		if at > 0 && (c > 0 || c == 0 && compareRest(last, r) > 0) {
			return fmt.Errorf("segment row %d is out of order", at)
		}
		last, key = r, next
		at++
	}
	return nil
}

// check reports why r cannot be kept exactly.
func check(r *ts.Row) error {
	switch {
	case r.Class < ts.Attempt || r.Class > ts.Spyware:
		return fmt.Errorf("class %d is none", r.Class)
	case r.Grade < ts.LookedUp || r.Grade > ts.Established:
		return fmt.Errorf("grade %d is none", r.Grade)
	case r.First < 0 || r.Day() >= endOfDays:
		return fmt.Errorf("first %d is not in the years 1970 to 9999", r.First)
	case r.Last < r.First || r.Last-r.First > maxDuration:
		return fmt.Errorf("last %d is before first %d, or over 136 years after it", r.Last, r.First)
	case r.Records > maxRecords:
		return fmt.Errorf("records %d: more than 2^53-1", r.Records)
	}
	for _, a := range [...]netip.Addr{r.Perp, r.Victim, r.Via} {
		if a.IsValid() && a != ts.Canonical(a) {
			return fmt.Errorf("address %s is not canonical", a)
		}
	}
	return checkText(r)
}

func checkText(r *ts.Row) error {
	for _, c := range [...]ts.Country{r.By, r.On} {
		if c != "" && len(c) != 2 {
			return fmt.Errorf("country %.20q: want two letters or none", c)
		}
	}
	if n := textLen(r); n > maxText {
		return fmt.Errorf("%d bytes of text: more than %d", n, maxText)
	}
	return nil
}

// textLen is the number of bytes of free text in r.
func textLen(r *ts.Row) int {
	return len(r.PerpName) + len(r.VictimName) + len(r.Site) + len(r.Path) + len(r.HostID) +
		len(r.Family) + len(r.Rule) + len(r.Feed) + len(r.Indicator) + len(r.Sensor) +
		len(r.ByPlaces) + len(r.OnPlaces)
}
