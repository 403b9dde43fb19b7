package tallystick

import (
	"fmt"
	"strings"
	"time"
)

// SecondsPerDay is the length of every UTC day in Unix time.
const SecondsPerDay = 86400

// SlotSeconds is the length of the half-hour slots, at fixed UTC halves, in which
// attacks and phishing contacts are distinguished.
const SlotSeconds = 1800

// Day is a UTC day, in days since 1970-01-01.
type Day int32

// DayOf returns the UTC day of a Unix time in seconds.
func DayOf(unix int64) Day {
	d := unix / SecondsPerDay
	if unix%SecondsPerDay < 0 {
		d--
	}
	return Day(d)
}

// ParseDay reads YYYY-MM-DD.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("day %q: want YYYY-MM-DD", s)
	}
	return DayOf(t.Unix()), nil
}

// Start returns the Unix time of the day's first second.
func (d Day) Start() int64 { return int64(d) * SecondsPerDay }

// String formats d as YYYY-MM-DD.
func (d Day) String() string {
	var b [10]byte
	return string(d.appendTo(b[:0]))
}

func (d Day) appendTo(dst []byte) []byte {
	t := time.Unix(d.Start(), 0).UTC()
	year, month, day := t.Date()
	if year < 0 || year > 9999 {
		return t.AppendFormat(dst, time.DateOnly)
	}
	return append(dst, digit(year/1000), digit(year/100), digit(year/10), digit(year), '-',
		digit(int(month)/10), digit(int(month)), '-', digit(day/10), digit(day))
}

// digit returns the last decimal digit of n.
func digit(n int) byte { return '0' + byte(n%10) }

// Window is a set of consecutive days, half-open: From is in it, To is not.
// The zero Window means all days.
type Window struct {
	From, To Day
}

// ParseWindow reads two inclusive days as given on a command line. Both empty is all
// days; one empty leaves that side open.
func ParseWindow(first, last string) (Window, error) {
	if first == "" && last == "" {
		return Window{}, nil
	}
	w := Window{From: minDay, To: maxDay}
	if first != "" {
		d, err := ParseDay(first)
		if err != nil {
			return Window{}, err
		}
		w.From = d
	}
	if last != "" {
		d, err := ParseDay(last)
		if err != nil {
			return Window{}, err
		}
		w.To = d + 1
	}
	if w.To <= w.From {
		return Window{}, fmt.Errorf("window: %s is after %s", first, last)
	}
	return w, nil
}

const (
	minDay Day = 0
	maxDay Day = 2932897 // 10000-01-01, the first day that YYYY cannot write
)

// All reports whether w is the zero Window, all days.
func (w Window) All() bool { return w == Window{} }

// Contains reports whether d is in w.
func (w Window) Contains(d Day) bool { return w.All() || w.From <= d && d < w.To }

// Days returns the number of days, 0 for all days.
func (w Window) Days() int { return int(w.To - w.From) }

// Last returns the last day inside w.
func (w Window) Last() Day { return w.To - 1 }

// String names the window with its inclusive days and their number.
func (w Window) String() string {
	if w.All() {
		return "all days"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s to %s (%d day", w.From, w.Last(), w.Days())
	if w.Days() != 1 {
		b.WriteByte('s')
	}
	b.WriteByte(')')
	return b.String()
}
