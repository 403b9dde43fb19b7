package count_test

import (
	"bytes"
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/measure"
)

// The oracle counts rows in plain maps, by measure.Counts and AppendMember alone. It is
// slow and has nothing in common with Scan but the question.

// ledger is the rows of named segments.
type ledger struct {
	names    []string
	rows     [][]ts.Row
	excluded []string
	shadowed func(segment string, input uint32) bool
}

// counted lists the rows that count, with the name of their segment.
func (l *ledger) counted(q count.Question) (rows []ts.Row, segments []string) {
	resolvers, catchAll := l.resolvers(q.Window), l.catchAll(q.Window)
	for s, list := range l.rows {
		for _, r := range list {
			if !asked(q, &r) || l.isExcluded(&r) {
				continue
			}
			if q.Measure.Resolvers && r.Grade == ts.LookedUp && resolvers[resolverKey(&r, r.Victim, r.Flags.Has(ts.FlagVictimInternal))] {
				continue
			}
			if q.Measure.CatchAll && catchAll[r.Site] {
				continue
			}
			rows, segments = append(rows, r), append(segments, l.names[s])
		}
	}
	return rows, segments
}

func asked(q count.Question, r *ts.Row) bool {
	return q.Measure.Counts(r) && q.Window.Contains(r.Day()) &&
		q.Verdict.In(r.By, r.ByPlaces, q.By) && q.Verdict.In(r.On, r.OnPlaces, q.On) &&
		(q.ByAS == 0 || q.ByAS == r.ByAS) && (q.OnAS == 0 || q.OnAS == r.OnAS) &&
		(q.Sensor == "" || q.Sensor == r.Sensor) && (q.Site == "" || q.Site == r.Site) &&
		(q.Family == "" || q.Family == r.Family)
}

func (l *ledger) isExcluded(r *ts.Row) bool {
	return slices.ContainsFunc(l.excluded, func(value string) bool {
		a, err := netip.ParseAddr(value)
		return value == r.Indicator || value == r.PerpName || err == nil && (a == r.Perp || a == r.Victim)
	})
}

func resolverKey(r *ts.Row, a netip.Addr, internal bool) string {
	if internal {
		return r.Sensor + " " + a.String()
	}
	return a.String()
}

func (l *ledger) resolvers(w ts.Window) map[string]bool {
	found := make(map[string]bool)
	for _, list := range l.rows {
		for _, r := range list {
			if r.Grade == ts.LookedUp && r.Via.IsValid() && w.Contains(r.Day()) {
				found[resolverKey(&r, r.Via, true)], found[resolverKey(&r, r.Via, false)] = true, true
			}
		}
	}
	return found
}

func (l *ledger) catchAll(w ts.Window) map[string]bool {
	listed := make(map[string]map[string]bool)
	for _, list := range l.rows {
		for _, r := range list {
			if r.Class == ts.Backdoor && r.Grade == ts.Established && r.Indicator != "" && r.Site != "" && w.Contains(r.Day()) {
				if listed[r.Site] == nil {
					listed[r.Site] = make(map[string]bool)
				}
				listed[r.Site][r.Indicator] = true
			}
		}
	}
	found := make(map[string]bool)
	for site, paths := range listed {
		found[site] = len(paths) >= measure.CatchAllPaths
	}
	return found
}

// count returns what Scan.Count must.
func (l *ledger) count(q count.Question) []count.Group {
	groups := make(map[string]*count.Group)
	members := make(map[string]bool)
	rows, segments := l.counted(q)
	for i := range rows {
		r := &rows[i]
		key := make([]string, len(q.Group))
		for d, dim := range q.Group {
			key[d] = dimension(dim, &q.Measure, r)
		}
		name := strings.Join(key, "\x00")
		g := groups[name]
		if g == nil {
			g = &count.Group{Key: key}
			groups[name] = g
		}
		member, internal := q.Measure.AppendMember(nil, r)
		if len(member) == 0 {
			g.Unknown++
			continue
		}
		if l.shadowed == nil || !l.shadowed(segments[i], r.At.Input) {
			g.Records += r.Records
		}
		if at := name + "\x01" + string(member); !members[at] {
			members[at] = true
			if internal {
				g.Internal++
			} else {
				g.Members++
			}
		}
	}
	return l.ordered(q, groups)
}

func (l *ledger) ordered(q count.Question, groups map[string]*count.Group) []count.Group {
	var list []count.Group
	for _, g := range groups {
		list = append(list, *g)
	}
	if len(q.Group) == 0 && len(list) == 0 {
		list = []count.Group{{Key: []string{}}}
	}
	slices.SortFunc(list, func(a, b count.Group) int {
		return cmp.Or(cmp.Compare(b.Members, a.Members), cmp.Compare(b.Internal, a.Internal), slices.Compare(a.Key, b.Key))
	})
	return list
}

func dimension(d count.Dimension, m *measure.Measure, r *ts.Row) string {
	number := func(n uint64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatUint(n, 10)
	}
	switch d {
	case count.By:
		return string(r.By)
	case count.On:
		return string(r.On)
	case count.ByAS:
		return number(uint64(r.ByAS))
	case count.OnAS:
		return number(uint64(r.OnAS))
	case count.AS:
		if m.Member == measure.Victim || m.Member == measure.Site || m.Member == measure.Contact {
			return number(uint64(r.OnAS))
		}
		return number(uint64(r.ByAS))
	case count.Family:
		return r.Family
	case count.Date:
		return r.Day().String()
	case count.Server:
		return server(r)
	case count.Sensor:
		return r.Sensor
	case count.Site:
		return r.Site
	case count.Name:
		return r.PerpName
	case count.Feed:
		return r.Feed
	case count.Indicator:
		return r.Indicator
	case count.Class:
		return r.Class.String()
	case count.Grade:
		return r.Grade.String()
	default:
		return number(uint64(r.PerpPort))
	}
}

func server(r *ts.Row) string {
	switch {
	case !r.Perp.IsValid():
		return ""
	case r.Flags.Has(ts.FlagPerpInternal):
		return r.Perp.String() + "@" + r.Sensor
	default:
		return r.Perp.String()
	}
}

// members returns what Scan.Members must.
func (l *ledger) members(q count.Question) []count.Member {
	found := make(map[string]*count.Member)
	rows, _ := l.counted(q)
	for i := range rows {
		member, internal := q.Measure.AppendMember(nil, &rows[i])
		day := rows[i].Day()
		m := found[string(member)]
		if m == nil {
			m = &count.Member{Bytes: member, Internal: internal, First: day, Last: day}
			found[string(member)] = m
		}
		m.First, m.Last = min(m.First, day), max(m.Last, day)
	}
	delete(found, "")
	var list []count.Member
	for _, m := range found {
		list = append(list, *m)
	}
	slices.SortFunc(list, func(a, b count.Member) int { return bytes.Compare(a.Bytes, b.Bytes) })
	return list
}

// series returns what Scan.Series must for a window with both ends.
func (l *ledger) series(q count.Question) []count.Point {
	var points []count.Point
	for day := q.Window.From; day < q.Window.To; day++ {
		p := count.Point{Day: day}
		q := q
		whole := q.Window
		q.Window = ts.Window{From: day, To: day + 1}
		p.Members, p.Internal = tell(l.within(q, whole))
		q.Window.From = whole.From
		p.TotalMembers, p.TotalInternal = tell(l.within(q, whole))
		points = append(points, p)
	}
	return points
}

// within lists the members of q whose rules across rows look at all of whole.
func (l *ledger) within(q count.Question, whole ts.Window) []count.Member {
	days := q.Window
	q.Window = whole
	rows, _ := l.counted(q)
	one := &ledger{names: []string{""}, rows: [][]ts.Row{nil}}
	for _, r := range rows {
		if days.Contains(r.Day()) {
			one.rows[0] = append(one.rows[0], r)
		}
	}
	q.Window, q.Measure.Resolvers, q.Measure.CatchAll = days, false, false
	return one.members(q)
}

func tell(list []count.Member) (members, internal uint64) {
	for _, m := range list {
		if m.Internal {
			internal++
		} else {
			members++
		}
	}
	return members, internal
}
