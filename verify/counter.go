package verify

import (
	"cmp"
	"encoding/binary"
	"slices"

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
	unknown uint64 // rows that count and whose member is not known

	grouped pairs
	groups  map[string]uint32 // by encoded key
	keys    [][]string
	buf     []byte

	done *answer
}

// answer is what rows support.
type answer struct {
	total   cell
	unknown uint64
	groups  []group // with a member, by falling value, falling internal, then key
}

// add adds the member that row supports.
func (c *counter) add(row *ts.Row, all *census, f *facts) {
	if !c.counts(row, f) {
		return
	}
	n, ok := all.member(&c.measure, row)
	switch {
	case !ok:
		c.unknown++
	case len(c.groupBy) > 0:
		c.grouped.add(c.group(row), n)
	default:
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
		c.done = &answer{total: c.all.split(all.inside), unknown: c.unknown}
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
	list = slices.DeleteFunc(list, func(g group) bool { return g.Value+g.Internal == 0 })
	slices.SortFunc(list, func(a, b group) int {
		return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(b.Internal, a.Internal), slices.Compare(a.Key, b.Key))
	})
	return list
}

// accumulated is distinct on a day, and distinct up to it.
type accumulated struct {
	day       string
	on, until cell
}

// byDay counts the answer of a counter grouped by day, for every day with a member.
func (c *counter) byDay(all *census) []accumulated {
	list := make([]accumulated, len(c.keys))
	members := make([]bitmap, len(c.keys))
	for i, key := range c.keys {
		list[i].day = key[0]
	}
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(list[a].day, list[b].day) })
	_ = members
	return list
}
