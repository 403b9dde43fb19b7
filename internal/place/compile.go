package place

import (
	"encoding/binary"
	"strconv"
	"strings"
)

// opinion is what one data set holds on some day: the step functions that give its
// countries and those that give its ASes. Where several give one, the first that knows
// decides, as when IPv4 and IPv6 come in files of their own.
type opinion struct {
	countries, networks []steps
}

// The first IPv4 address, and the first behind the last.
var (
	firstIPv4  = point{0, 0xffff << 32}
	behindIPv4 = point{0, 1 << 48}
)

// compile merges the data sets into one table by one sweep over all addresses.
func compile(opinions []opinion) *table {
	w := sweep{opinions: opinions, known: map[string]uint32{}, answers: &table{}}
	// Both families begin with a range of their own, whatever the data sets hold.
	w.follow(steps{{at: point{}}, {at: firstIPv4}, {at: behindIPv4}})
	for i := range opinions {
		for _, s := range opinions[i].countries {
			w.follow(s)
		}
		for _, s := range opinions[i].networks {
			w.follow(s)
		}
	}
	t := w.run()
	t.v4.seal(upper4)
	t.v6.seal(upper6)
	return t
}

// sweep walks all step functions side by side.
type sweep struct {
	opinions []opinion
	cursors  []cursor // the borders', then those of each opinion in order
	marks    []mark   // by opinion, at the present point
	key      []byte
	known    map[string]uint32 // answers by the marks that make them
	answers  *table
}

// cursor is a step function with the number of its steps already passed.
type cursor struct {
	steps  steps
	passed int
}

func (c *cursor) mark() mark {
	if c.passed == 0 {
		return mark{}
	}
	return c.steps[c.passed-1].mark
}

func (w *sweep) follow(s steps) { w.cursors = append(w.cursors, cursor{steps: s}) }

func (w *sweep) run() *table {
	t := w.answers
	for at, ok := w.next(); ok; at, ok = w.next() {
		for i := range w.cursors {
			if c := &w.cursors[i]; c.passed < len(c.steps) && c.steps[c.passed].at == at {
				c.passed++
			}
		}
		answer := w.answer()
		if at.compare(firstIPv4) >= 0 && at.compare(behindIPv4) < 0 {
			t.v4.add(uint32(at.lo), answer)
		} else {
			t.v6.add(at, answer)
		}
	}
	return t
}

// next returns the nearest step of any cursor.
func (w *sweep) next() (at point, ok bool) {
	for i := range w.cursors {
		c := &w.cursors[i]
		if c.passed == len(c.steps) {
			continue
		}
		if p := c.steps[c.passed].at; !ok || p.compare(at) < 0 {
			at, ok = p, true
		}
	}
	return at, ok
}

// answer returns the index of the answer at the present point.
func (w *sweep) answer() uint32 {
	w.marks, w.key = w.marks[:0], w.key[:0]
	next := 1
	for i := range w.opinions {
		var m mark
		for range w.opinions[i].countries {
			if m.country == [2]byte{} {
				m.country = w.cursors[next].mark().country
			}
			next++
		}
		for range w.opinions[i].networks {
			if m.as == 0 {
				m.as = w.cursors[next].mark().as
			}
			next++
		}
		w.marks = append(w.marks, m)
		w.key = append(w.key, m.country[:]...)
		w.key = binary.BigEndian.AppendUint32(w.key, m.as)
	}
	n, ok := w.known[string(w.key)]
	if !ok {
		n = uint32(len(w.answers.answers))
		w.known[string(w.key)] = n
		w.answers.answers = append(w.answers.answers, judge(w.opinions, w.marks))
	}
	return n
}

// judge makes the answer of what each data set says. The first data set that holds
// countries gives the country, the first that holds ASes the AS: a table of countries
// only does not hide the ASes of the next. Data sets agree where all that hold countries
// say the same, knowing or not, and all that hold ASes do.
func judge(opinions []opinion, marks []mark) placed {
	var first mark
	var countrySaid, asSaid, differ bool
	for i, m := range marks {
		if len(opinions[i].countries) > 0 {
			if !countrySaid {
				first.country, countrySaid = m.country, true
			}
			differ = differ || m.country != first.country
		}
		if len(opinions[i].networks) > 0 {
			if !asSaid {
				first.as, asSaid = m.as, true
			}
			differ = differ || m.as != first.as
		}
	}
	answer := placed{first: first.place()}
	if differ {
		answer.places = spell(marks)
	}
	return answer
}

// spell writes "CC/AS" a data set, joined by ";", unknown parts empty.
func spell(marks []mark) string {
	var b strings.Builder
	for i, m := range marks {
		if i > 0 {
			b.WriteByte(';')
		}
		p := m.place()
		b.WriteString(string(p.Country))
		b.WriteByte('/')
		if p.AS != 0 {
			b.WriteString(strconv.FormatUint(uint64(p.AS), 10))
		}
	}
	return b.String()
}
