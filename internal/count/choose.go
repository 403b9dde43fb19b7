package count

import (
	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/place"
	"github.com/tallystick/tallystick/internal/segment"
)

// chooser lists the rows of a block that count.
type chooser struct {
	rows [segment.BlockRows]int32
}

// choose returns the rows in [from, to) of the block in v that count, valid until the next
// call.
func (ch *chooser) choose(v *view, from, to int) []int32 {
	rows := ch.rows[:to-from]
	for i := range rows {
		rows[i] = int32(from + i)
	}
	for i := range v.b.checks {
		if rows = v.b.checks[i].keep(v, rows); len(rows) == 0 {
			return nil
		}
	}
	q := v.b.q
	if run := v.b.h.merged; run != nil && run.all&^v.b.days != 0 {
		rows = keepDays(v, rows)
	}
	if q.Verdict != place.First {
		rows = keepPlaced(v, rows, q.By, segment.By, segment.ByPlaces)
		rows = keepPlaced(v, rows, q.On, segment.On, segment.OnPlaces)
	}
	if len(q.ends) > 0 {
		rows = keepNamed(v, rows, v.perps())
		rows = keepNamed(v, rows, v.victims())
	}
	if len(q.facts.asked) > 0 {
		rows = keepHosts(v, rows)
	}
	if v.err != nil {
		return nil
	}
	return rows
}

func (k *check) keep(v *view, rows []int32) []int32 {
	x := v.index(k.col)
	if v.err != nil {
		return nil
	}
	if x.List == nil {
		if k.ok[x.Same] {
			return rows
		}
		return nil
	}
	n := 0
	for _, i := range rows {
		rows[n] = i
		if k.ok[x.List[i]] {
			n++
		}
	}
	return rows[:n]
}

// keepPlaced keeps the rows that the query's verdict places in the group. The verdict is
// asked once for each pair of values that the block has.
func keepPlaced(v *view, rows []int32, group []ts.Country, country, places segment.Column) []int32 {
	if group == nil {
		return rows
	}
	first, firsts := v.index(country), v.dictionary(country).Texts
	all, alls := v.index(places), v.dictionary(places).Texts
	if v.err != nil {
		return nil
	}
	known := make(map[[2]int32]bool)
	n := 0
	for _, i := range rows {
		pair := [2]int32{first.At(int(i)), all.At(int(i))}
		in, ok := known[pair]
		if !ok {
			in = v.b.q.Verdict.In(ts.Country(firsts[pair[0]]), alls[pair[1]], group)
			known[pair] = in
		}
		if in {
			rows[n] = i
			n++
		}
	}
	return rows[:n]
}

// keepNamed keeps the rows whose end is not an excluded address.
func keepNamed(v *view, rows []int32, e ends) []int32 {
	if v.err != nil {
		return nil
	}
	n := 0
	for _, i := range rows {
		if !v.b.q.ends[e.row(i)] {
			rows[n] = i
			n++
		}
	}
	return rows[:n]
}

// keepHosts keeps the rows whose victim did not look up a name as the resolver of others.
func keepHosts(v *view, rows []int32) []int32 {
	grades, names := v.index(segment.Grade), v.dictionary(segment.Grade).Texts
	victims, flags := v.victims(), v.numbers(segment.Flags)
	sensors, sensorNames := v.index(segment.Sensor), v.dictionary(segment.Sensor).Texts
	if v.err != nil {
		return nil
	}
	lookedUp := ts.LookedUp.String()
	n := 0
	for _, i := range rows {
		if names[grades.At(int(i))] == lookedUp {
			k := knownAddr{halves: victims.row(i)}
			if ts.Flags(flags.row(i)).Has(ts.FlagVictimInternal) {
				k.internal, k.sensor = true, sensorNames[sensors.At(int(i))]
			}
			if v.b.q.facts.asked[k] {
				continue
			}
		}
		rows[n] = i
		n++
	}
	return rows[:n]
}
