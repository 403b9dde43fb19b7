package verify

import (
	"fmt"
	"net/netip"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
)

// tallied is the plain recount of one published figure.
type tallied struct {
	figure         *figure
	what           string
	measure        measure.Measure
	window         ts.Window
	public, inside map[string]struct{}
	skip           string // why it is not recounted
}

// recount counts every figure again, row by row into plain sets, and compares.
func recount(r *Result, c *claim, rows *rowCheck) {
	list := prepare(r, c)
	cross, err := readCrossFacts(rows, list)
	if err == nil {
		rows.segments, rows.rows = 0, 0
		err = rows.each(func(row *ts.Row) {
			for _, t := range list {
				t.add(row, cross)
			}
		})
	}
	if err != nil {
		r.add(False, "rows are those that the ledger committed to", "%v", err)
		return
	}
	r.add(True, fmt.Sprintf("%d rows in %d segments are those that the ledger committed to", rows.rows, rows.segments), "")
	for _, t := range list {
		t.compare(r)
	}
}

func prepare(r *Result, c *claim) []*tallied {
	var list []*tallied
	for i := range c.Figures {
		list = append(list, newTallied(r, &c.Figures[i], ""))
	}
	for i := range c.Mirror {
		list = append(list, newTallied(r, &c.Mirror[i], "mirror "))
	}
	return list
}

func newTallied(r *Result, f *figure, prefix string) *tallied {
	t := &tallied{figure: f, public: map[string]struct{}{}, inside: map[string]struct{}{}}
	t.what = fmt.Sprintf("%s%s by %s on %s", prefix, f.Measure, orAny(f.By), orAny(f.On))
	var err error
	if t.measure, err = measure.ByName(f.Measure); err != nil {
		t.skip = err.Error()
	} else if t.window, err = ts.ParseWindow(f.Window.From, f.Window.To); err != nil {
		t.skip = err.Error()
	} else if f.Verdict != "first" {
		t.skip = "verdict " + f.Verdict + " is not recounted"
	} else if f.Value == nil || f.Internal == nil {
		t.skip = "the figure is not observable"
	}
	return t
}

func orAny(group []ts.Country) string {
	if len(group) == 0 {
		return "any"
	}
	return words(group)
}

// add adds the member that row supports, by the definition of the measure.
func (t *tallied) add(row *ts.Row, cross *crossFacts) {
	if t.skip != "" || !t.measure.Counts(row) || !t.window.Contains(row.Day()) ||
		!in(t.figure.By, row.By) || !in(t.figure.On, row.On) || cross.forbids(t, row) {
		return
	}
	member, internal := t.measure.AppendMember(nil, row)
	switch {
	case len(member) == 0:
	case internal:
		t.inside[string(member)] = struct{}{}
	default:
		t.public[string(member)] = struct{}{}
	}
}

func in(group []ts.Country, c ts.Country) bool {
	if len(group) == 0 {
		return true
	}
	for _, g := range group {
		if g == c {
			return true
		}
	}
	return false
}

func (t *tallied) compare(r *Result) {
	if t.skip != "" {
		if t.figure.Observable != nil && !*t.figure.Observable {
			return // nothing was claimed
		}
		r.add(NotChecked, t.what, "%s", t.skip)
		return
	}
	public, inside := uint64(len(t.public)), uint64(len(t.inside))
	what := fmt.Sprintf("%s: %d public and %d internal, recounted", t.what, *t.figure.Value, *t.figure.Internal)
	r.check(public == *t.figure.Value && inside == *t.figure.Internal, what,
		"rows support %d public and %d internal", public, inside)
}

// crossFacts are the two facts that only other rows show, for each window asked.
type crossFacts struct {
	resolvers map[resolver]bool
	paths     map[sitePath]bool
	catchAll  map[siteWindow]int
}

type resolver struct {
	window ts.Window
	sensor string // "" where the address is public
	addr   netip.Addr
}

type siteWindow struct {
	window ts.Window
	site   string
}

type sitePath struct {
	siteWindow
	path string
}

// readCrossFacts collects the resolvers that were asked and the paths that sites
// answered, in each window.
func readCrossFacts(rows *rowCheck, list []*tallied) (*crossFacts, error) {
	f := &crossFacts{resolvers: map[resolver]bool{}, paths: map[sitePath]bool{}, catchAll: map[siteWindow]int{}}
	windows := map[ts.Window]bool{}
	for _, t := range list {
		windows[t.window] = true
	}
	err := rows.each(func(row *ts.Row) {
		for w := range windows {
			if w.Contains(row.Day()) {
				f.add(w, row)
			}
		}
	})
	return f, err
}

func (f *crossFacts) add(w ts.Window, row *ts.Row) {
	if row.Grade == ts.LookedUp && row.Via.IsValid() {
		f.resolvers[resolverAt(w, row.Sensor, row.Via)] = true
	}
	if row.Class == ts.Backdoor && row.Grade == ts.Established && row.Site != "" {
		p := sitePath{siteWindow{w, row.Site}, row.Path}
		if !f.paths[p] {
			f.paths[p] = true
			f.catchAll[p.siteWindow]++
		}
	}
}

// resolverAt names an address as everybody's, or one sensor's where it is not routable.
func resolverAt(w ts.Window, sensor string, a netip.Addr) resolver {
	if ts.Routable(a) {
		sensor = ""
	}
	return resolver{w, sensor, a}
}

// forbids reports whether other rows take this one out of the figure.
func (f *crossFacts) forbids(t *tallied, row *ts.Row) bool {
	if t.measure.Resolvers && row.Grade == ts.LookedUp && row.Victim.IsValid() &&
		f.resolvers[resolverAt(t.window, row.Sensor, row.Victim)] {
		return true
	}
	return t.measure.CatchAll && f.catchAll[siteWindow{t.window, row.Site}] >= measure.CatchAllPaths
}
