package count

import (
	"errors"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/segment"
)

// grouper numbers the groups of rows, for one worker.
type grouper struct {
	q       *query
	tuples  []*local[uint64]
	servers *local[knownAddr] // only where a Server is asked for
	names   map[uint32]uint32 // of a server: text
	groups  []uint32
	values  []uint32
}

func newGrouper(q *query) grouper {
	g := grouper{
		q: q, names: make(map[uint32]uint32), servers: newLocal(q.addrs),
		groups: make([]uint32, segment.BlockRows), values: make([]uint32, segment.BlockRows),
	}
	for _, t := range q.tuples {
		g.tuples = append(g.tuples, newLocal(t))
	}
	return g
}

var errGroups = errors.New("count: too many groups")

// of returns the number of each row's group, valid until the next call.
func (g *grouper) of(v *view, rows []int32) ([]uint32, error) {
	groups := g.groups[:len(rows)]
	clear(groups)
	for d := range g.q.Group {
		values := g.dimension(v, rows, d)
		if v.err != nil {
			return nil, v.err
		}
		// Rows are sorted by pair: neighbours are most often of one group.
		last, number := uint64(1<<64-1), uint32(0)
		for j, value := range values {
			if tuple := uint64(groups[j])<<32 | uint64(value); tuple != last {
				last, number = tuple, g.tuples[d].of(tuple)
			}
			groups[j] = number
		}
		if slices.Max(groups) > maxGroups {
			return nil, errGroups
		}
	}
	return groups, nil
}

// dimension returns the number of each row's text in one dimension.
func (g *grouper) dimension(v *view, rows []int32, d int) []uint32 {
	dim := g.q.Group[d]
	if dim == Server {
		return g.serversOf(v, rows)
	}
	col := dim.column(&g.q.Measure)
	dict, x, known := v.dictionary(col), v.index(col), v.b.dims[d]
	values := g.values[:len(rows)]
	if v.err != nil {
		return values
	}
	for j, i := range rows {
		at := x.At(int(i))
		if known[at] == 0 {
			known[at] = g.q.texts.of(dim.text(dict, at)) + 1
		}
		values[j] = known[at] - 1
	}
	return values
}

func (g *grouper) serversOf(v *view, rows []int32) []uint32 {
	values := g.values[:len(rows)]
	perps, flags := v.perps(), v.numbers(segment.Flags)
	sensors, names := v.index(segment.Sensor), v.dictionary(segment.Sensor).Texts
	if v.err != nil {
		return values
	}
	for j, i := range rows {
		k := knownAddr{halves: perps.row(i)}
		if ts.Flags(flags.row(i)).Has(ts.FlagPerpInternal) && k.halves != (halves{}) {
			k.internal, k.sensor = true, names[sensors.At(int(i))]
		}
		n := g.servers.of(k)
		text, ok := g.names[n]
		if !ok {
			text = g.q.texts.of(serverText(k))
			g.names[n] = text
		}
		values[j] = text
	}
	return values
}

func serverText(k knownAddr) string {
	a := segment.AddrOf(k.hi, k.lo)
	switch {
	case !a.IsValid():
		return ""
	case k.internal:
		return a.String() + "@" + k.sensor
	default:
		return a.String()
	}
}
