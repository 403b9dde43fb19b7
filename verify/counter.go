package verify

import (
	"cmp"
	"encoding/binary"
	"slices"
	"sort"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
)

// census numbers every member that some row supports, once for all counters.
type census struct {
	numbers map[string]uint32
	inside  bitmap // members known only together with their sensor
	buf     []byte
	known   [measure.Attack + 1]struct { // of the row at hand
		state  uint8 // 0 not looked at, 1 a member, 2 none
		number uint32
	}
}

// turn looks at another row.
func (c *census) turn() { clear(c.known[:]) }

// member returns the number of the member that m counts in row; false where the row does
// not know it.
func (c *census) member(m *measure.Measure, row *ts.Row) (uint32, bool) {
	k := &c.known[m.Member]
	if k.state == 0 {
		k.state = 2
		member, internal := m.AppendMember(c.buf[:0], row)
		c.buf = member
		if len(member) > 0 {
			k.state, k.number = 1, c.number(member, internal)
		}
	}
	return k.number, k.state == 1
}

func (c *census) number(member []byte, internal bool) uint32 {
	n, ok := c.numbers[string(member)]
	if !ok {
		n = uint32(len(c.numbers))
		c.numbers[string(member)] = n
		if internal {
			c.inside.add(n)
		}
	}
	return n
}

// counter counts the answer to one question, in one set or in one a group.
type counter struct {
	question
	all     bitmap
	unknown uint64  // rows that count and whose member is not known
	records uint64  // of the rows that support a member; evidence, never a measure
	visits  *visits // nil where sessions are not asked for

	grouped pairs
	groups  map[string]uint32 // by encoded key
	keys    [][]string
	buf     []byte

	done *answer
}

// answer is what rows support.
type answer struct {
	total    cell
	unknown  uint64
	records  uint64
	sessions uint64
	groups   []group // with a row that counts, by falling value, falling internal, then key
}

// add adds the member that row supports.
func (c *counter) add(row *ts.Row, all *census, f *facts) {
	if !c.counts(row, f) {
		return
	}
	if c.visits != nil {
		c.visits.add(row)
	}
	var g uint32
	if len(c.groupBy) > 0 {
		g = c.group(row)
	}
	n, ok := all.member(&c.measure, row)
	if !ok {
		c.unknown++
		return
	}
	c.records += row.Records
	if len(c.groupBy) > 0 {
		c.grouped.add(g, n)
	} else {
		c.all.add(n)
	}
}

// group returns the number of the row's group.
func (c *counter) group(row *ts.Row) uint32 {
	c.buf = c.buf[:0]
	for _, dim := range c.groupBy {
		text := value(dim, &c.measure, row)
		c.buf = append(binary.AppendUvarint(c.buf, uint64(len(text))), text...)
	}
	n, ok := c.groups[string(c.buf)]
	if !ok {
		n = uint32(len(c.keys))
		c.groups[string(c.buf)] = n
		key := make([]string, len(c.groupBy))
		for i, dim := range c.groupBy {
			key[i] = value(dim, &c.measure, row)
		}
		c.keys = append(c.keys, key)
	}
	return n
}

// answer counts what was added.
func (c *counter) answer(all *census) *answer {
	if c.done == nil {
		c.done = &answer{total: c.all.split(all.inside), unknown: c.unknown, records: c.records}
		if c.visits != nil {
			c.done.sessions = c.visits.sessions()
		}
		if len(c.groupBy) > 0 {
			c.done.groups = c.countGroups(all)
		}
	}
	return c.done
}

func (c *counter) countGroups(all *census) []group {
	list := make([]group, len(c.keys))
	for i, key := range c.keys {
		list[i].Key = key
	}
	for _, pair := range c.grouped.sorted() {
		if g := &list[pair>>32]; all.inside.has(uint32(pair)) {
			g.Internal++
		} else {
			g.Value++
		}
	}
	slices.SortFunc(list, func(a, b group) int {
		return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(b.Internal, a.Internal), slices.Compare(a.Key, b.Key))
	})
	return list
}

// peopled returns the groups that have a member, in their order.
func (a *answer) peopled() []group {
	n := sort.Search(len(a.groups), func(i int) bool { return a.groups[i].Value+a.groups[i].Internal == 0 })
	return a.groups[:n]
}

// dayCount is what is distinct on a day, and from the first day up to it.
type dayCount struct {
	day       string
	on, until cell
}

// byDay counts, for a counter grouped by day, every day with a member, in order.
func (c *counter) byDay(all *census) []dayCount {
	members := make([][]uint64, len(c.keys))
	for list := c.grouped.sorted(); len(list) > 0; {
		g := list[0] >> 32
		n := sort.Search(len(list), func(i int) bool { return list[i]>>32 > g })
		members[g], list = list[:n], list[n:]
	}
	days := make([]int, len(c.keys))
	for i := range days {
		days[i] = i
	}
	slices.SortFunc(days, func(a, b int) int { return cmp.Compare(c.keys[a][0], c.keys[b][0]) })
	var seen bitmap
	var list []dayCount
	for _, g := range days {
		if len(members[g]) == 0 {
			continue
		}
		var today bitmap
		for _, pair := range members[g] {
			today.add(uint32(pair))
			seen.add(uint32(pair))
		}
		list = append(list, dayCount{c.keys[g][0], today.split(all.inside), seen.split(all.inside)})
	}
	return list
}
