package verify

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	ts "github.com/tallystick/tallystick"
)

// checkSources compares what the report says that it was counted from with the entries
// and manifests: batches, segments, rows, rules, exclusions, sensors and places.
func checkSources(r *Result, c *claim, e *evidence) {
	const what = "batches, segments, rows, exclusions, sensors and places are those of the ledger"
	sensors, places := e.sensors(), e.places()
	want := recipe{
		Sensors: []string{}, Places: []string{}, Rules: slices.Compact(slices.Sorted(slices.Values(e.rules))),
		Batches: e.batches, Segments: uint64(len(e.segments)), Rows: e.rows, Excluded: []string{}, Tool: c.Recipe.Tool,
	}
	for _, s := range sensors {
		want.Sensors = append(want.Sensors, s.Name)
	}
	for _, p := range places {
		want.Places = append(want.Places, string(ts.AppendEscaped(nil, p.Name))+" "+p.Day+" "+p.Digest)
	}
	for _, x := range e.history.exclusions {
		want.Excluded = append(want.Excluded, x.Value)
	}
	for _, x := range []struct {
		name      string
		same      bool
		got, want any
	}{
		{"recipe", same(&c.Recipe, &want), c.Recipe, want},
		{"exclusions", slices.Equal(c.Exclusions, e.history.exclusions), c.Exclusions, e.history.exclusions},
		{"sensors", slices.EqualFunc(c.Sensors, sensors, sensorLine.equal), c.Sensors, sensors},
		{"places", slices.Equal(c.Places, places), c.Places, places},
	} {
		if !x.same {
			r.add(False, what, "%s: the report says %s, the ledger %s", x.name, fmt.Sprintf("%.300v", x.got), fmt.Sprintf("%.300v", x.want))
			return
		}
	}
	r.add(True, what, "")
}

func same(a, b *recipe) bool {
	lists := slices.Equal(a.Sensors, b.Sensors) && slices.Equal(a.Places, b.Places) &&
		slices.Equal(a.Rules, b.Rules) && slices.Equal(a.Excluded, b.Excluded)
	return lists && a.Batches == b.Batches && a.Segments == b.Segments && a.Rows == b.Rows
}

func (s sensorLine) equal(o sensorLine) bool {
	lists := slices.Equal(s.Networks, o.Networks) && slices.Equal(s.TreatAsPublic, o.TreatAsPublic)
	s.Networks, s.TreatAsPublic, o.Networks, o.TreatAsPublic = nil, nil, nil, nil
	return lists && reflect.DeepEqual(s, o)
}

// sensors lists the newest declaration of each sensor, by name.
func (e *evidence) sensors() []sensorLine {
	var list []sensorLine
	for _, name := range slices.Sorted(maps.Keys(e.history.sensors)) {
		list = append(list, e.history.sensors[name])
	}
	return list
}

// places lists the editions that placed rows, in the order of the manifests, each with
// its greatest distance to the first day of a segment.
func (e *evidence) places() []placeLine {
	var list []placeLine
	for i := range e.segments {
		for _, p := range e.segments[i].Places {
			line := placeLine{Name: p.Name, Day: p.Day.String(), Digest: p.Digest.String()}
			n := slices.IndexFunc(list, func(l placeLine) bool { return l.Name == line.Name && l.Digest == line.Digest })
			if n < 0 {
				n = len(list)
				list = append(list, line)
			}
			days := max(p.Day-e.segments[i].First, e.segments[i].First-p.Day)
			list[n].Distance = max(list[n].Distance, uint64(days))
		}
	}
	return list
}

// sources returns what a plan must know of e. Editions of one data set are one.
func (e *evidence) sources() sources {
	names := map[string]bool{}
	for _, p := range e.places() {
		names[p.Name] = true
	}
	return sources{places: len(names), mixed: len(slices.Compact(slices.Clone(e.rules))) > 1}
}
