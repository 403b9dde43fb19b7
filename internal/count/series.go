package count

import (
	"context"
	"iter"

	ts "github.com/tallystick/tallystick"
)

// Point is one day of a Series.
type Point struct {
	Day           ts.Day
	Members       uint64 // distinct on the day
	Internal      uint64
	TotalMembers  uint64 // distinct from the window's first day up to this one
	TotalInternal uint64
}

// Series yields every day of the window in order, days without rows included, with what was
// seen on it and up to it. Over all days it yields those from the first with a member to
// the last. Memory is that of Members without their bytes; Group has no use.
func (s *Scan) Series(ctx context.Context, question Question) iter.Seq2[Point, error] {
	return func(yield func(Point, error) bool) {
		points, err := s.series(ctx, question)
		if err != nil {
			yield(Point{}, err)
			return
		}
		for _, p := range points {
			if !yield(p, nil) {
				return
			}
		}
	}
}

func (s *Scan) series(ctx context.Context, question Question) ([]Point, error) {
	question.Group = nil
	_, c, err := s.dated(ctx, question)
	if err != nil {
		return nil, err
	}
	fresh := make(map[ts.Day]tally)
	c.set.each(func(k key, first, _ int32) {
		t := fresh[ts.Day(first)]
		if k.internal() {
			t.internal++
		} else {
			t.members++
		}
		fresh[ts.Day(first)] = t
	})
	daily, err := s.daily(ctx, question)
	if err != nil {
		return nil, err
	}
	return accumulate(span(question.Window, daily), daily, fresh), nil
}

// daily counts the members of each day.
func (s *Scan) daily(ctx context.Context, question Question) (map[ts.Day]tally, error) {
	question.Group = []Dimension{Date}
	groups, err := s.count(ctx, question)
	if err != nil {
		return nil, err
	}
	daily := make(map[ts.Day]tally)
	for _, g := range groups {
		day, err := ts.ParseDay(g.Key[0])
		if err != nil {
			return nil, err
		}
		if g.Members+g.Internal > 0 {
			daily[day] = tally{members: g.Members, internal: g.Internal}
		}
	}
	return daily, nil
}

// endOfDays is where a window without a last day ends.
const endOfDays ts.Day = 2932897

// span returns the days of a Series: those of the window, an open side of which ends at
// the outermost day with a member.
func span(w ts.Window, daily map[ts.Day]tally) ts.Window {
	seen := ts.Window{}
	for day := range daily {
		if seen.All() {
			seen = ts.Window{From: day, To: day + 1}
		}
		seen.From, seen.To = min(seen.From, day), max(seen.To, day+1)
	}
	if w.All() {
		return seen
	}
	if w.From <= 0 {
		w.From = seen.From
	}
	if w.To >= endOfDays {
		w.To = seen.To
	}
	return w
}

func accumulate(days ts.Window, daily, fresh map[ts.Day]tally) []Point {
	points := make([]Point, 0, days.Days())
	var total tally
	for day := days.From; day < days.To; day++ {
		total.members += fresh[day].members
		total.internal += fresh[day].internal
		points = append(points, Point{day, daily[day].members, daily[day].internal, total.members, total.internal})
	}
	return points
}
