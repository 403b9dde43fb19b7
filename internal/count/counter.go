package count

import "errors"

// counter is a sink that counts distinct members, a group at a time.
type counter struct {
	q       *query
	set     *set
	tallies []tally // by group
	members keyer
	groups  grouper
	part    part
	limit   int64
	batch   *batch // nil where keys go to the set at once
}

// tally is the count of a group.
type tally struct{ members, internal, unknown, records uint64 }

// part is one of several parts of the members, which a scan counts when all together take
// more memory than it may. Parts are disjoint, so their counts add up.
type part struct{ index, of uint64 }

func (p part) holds(k key) bool { return p.of <= 1 || hash(k)%p.of == p.index }

// errMemory says that the members of one part do not fit.
var errMemory = errors.New("count: members do not fit the memory allowed")

func newCounter(q *query, days bool, p part, limit int64) *counter {
	c := &counter{q: q, set: newSet(q.twoPart(), days), members: newKeyer(q), groups: newGrouper(q), part: p, limit: limit}
	if !days && !q.twoPart() {
		c.batch = &batch{}
	}
	return c
}

func (c *counter) visit(v *view, rows []int32) error {
	groups, err := c.groups.of(v, rows)
	if err != nil {
		return err
	}
	keys := c.members.keys(v, rows)
	days := c.spans(v)
	if v.err != nil {
		return v.err
	}
	if c.part.index == 0 && !c.set.days {
		c.evidence(v, rows, groups, keys)
	}
	var last key
	for j, i := range rows {
		k := keys[j]
		if k == unknown {
			continue
		}
		k.a |= uint64(groups[j]+1) << groupShift
		if k == last && !c.set.days || !c.part.holds(k) {
			continue
		}
		last = k
		switch {
		case c.set.days:
			first, last := days.row(i)
			c.add(k, first, last)
		case c.batch == nil:
			c.add(k, 0, 0)
		case c.batch.put(k.a):
			c.flush()
		}
	}
	if c.set.bytes() > c.limit {
		return errMemory
	}
	return v.err
}

func (c *counter) spans(v *view) spans {
	if c.set.days {
		return v.spans()
	}
	return spans{}
}

func (c *counter) add(k key, first, last int32) {
	if c.set.add(k, first) {
		c.count(k)
	}
	if last != first {
		c.set.add(k, last)
	}
}

func (c *counter) flush() { c.batch.empty(func(k key) { c.add(k, 0, 0) }) }

// count counts a key that is new.
func (c *counter) count(k key) {
	t := c.tally(uint32(k.a>>groupShift) - 1)
	if k.internal() {
		t.internal++
	} else {
		t.members++
	}
}

func (c *counter) tally(group uint32) *tally {
	for int(group) >= len(c.tallies) {
		c.tallies = append(c.tallies, tally{})
	}
	return &c.tallies[group]
}

// evidence sums what is not a set: rows without a member, and the records of all others. What it fails by is
// the view's error.
func (c *counter) evidence(v *view, rows []int32, groups []uint32, keys []key) {
	weights := v.weights()
	if v.err != nil {
		return
	}
	t, of := c.tally(groups[0]), groups[0]
	for j, i := range rows {
		if groups[j] != of {
			t, of = c.tally(groups[j]), groups[j]
		}
		n, records := weights.row(i)
		if keys[j] == unknown {
			t.unknown += n
		} else {
			t.records += records
		}
	}
}

// ended forgets the members of a stretch of pairs, once they are counted.
func (c *counter) ended() {
	if c.q.stretched {
		c.finish()
		c.set.clear()
	}
}

// finish counts the keys that are still on their way.
func (c *counter) finish() {
	if c.batch != nil {
		c.flush()
	}
}

// join adds the members and tallies of d to c. Both are finished.
func (c *counter) join(d *counter) {
	for g, t := range d.tallies {
		into := c.tally(uint32(g))
		into.unknown += t.unknown
		into.records += t.records
		if c.q.stretched {
			into.members += t.members
			into.internal += t.internal
		}
	}
	c.set.union(d.set, c.count)
}
