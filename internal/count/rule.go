package count

import (
	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/place"
	"github.com/tallystick/tallystick/internal/segment"
)

// rule is a condition on the value of one column, given as text or number.
type rule struct {
	col segment.Column
	ok  func(text string, number uint64) bool
}

// countingRules lists the conditions for a row to count, those that keep the fewest rows
// first. Conditions on more than one column are the chooser's.
func (q *query) countingRules() []rule {
	list := []rule{
		classRule(q.Measure.Class), q.dayRule(),
	}
	add := func(asked bool, col segment.Column, ok func(string, uint64) bool) {
		if asked {
			list = append(list, rule{col, ok})
		}
	}
	add(q.By != nil && q.Verdict == place.First, segment.By, func(s string, _ uint64) bool { return q.Verdict.In(ts.Country(s), "", q.By) })
	add(q.On != nil && q.Verdict == place.First, segment.On, func(s string, _ uint64) bool { return q.Verdict.In(ts.Country(s), "", q.On) })
	add(q.ByAS != 0, segment.ByAS, func(_ string, n uint64) bool { return n == uint64(q.ByAS) })
	add(q.OnAS != 0, segment.OnAS, func(_ string, n uint64) bool { return n == uint64(q.OnAS) })
	add(q.Sensor != "", segment.Sensor, func(s string, _ uint64) bool { return s == q.Sensor })
	add(q.Site != "", segment.Site, func(s string, _ uint64) bool { return s == q.Site })
	add(q.Family != "", segment.Family, func(s string, _ uint64) bool { return s == q.Family })
	add(true, segment.Flags, func(_ string, n uint64) bool { return q.Measure.CountsFlags(ts.Flags(n)) })
	list = append(list, gradeRule(q.Measure.Grades))
	add(len(q.words) > 0, segment.Indicator, func(s string, _ uint64) bool { return !q.words[s] })
	add(len(q.words) > 0, segment.PerpName, func(s string, _ uint64) bool { return !q.words[s] })
	add(len(q.facts.catchAll) > 0, segment.Site, func(s string, _ uint64) bool { return !q.facts.catchAll[s] })
	return list
}

func classRule(class ts.Class) rule {
	return rule{segment.Class, func(s string, _ uint64) bool { return s == class.String() }}
}

func gradeRule(grades measure.Grades) rule {
	return rule{segment.Grade, func(s string, _ uint64) bool {
		g, err := ts.ParseGrade(s)
		return err == nil && grades.Has(g)
	}}
}

func (q *query) dayRule() rule {
	return rule{segment.Day, func(_ string, n uint64) bool { return q.Window.Contains(ts.Day(int32(n))) }}
}
