package count

import (
	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/segment"
)

// keyer makes the keys of the members that rows support, without their group, for one
// worker.
type keyer struct {
	q     *query
	addrs *local[knownAddr]
	buf   []key
	more  []key
}

// unknown stands for the member of a row whose end is not known.
var unknown = key{a: 1<<64 - 1}

func newKeyer(q *query) keyer {
	return keyer{q: q, addrs: newLocal(q.addrs), buf: make([]key, segment.BlockRows), more: make([]key, segment.BlockRows)}
}

// keys returns the key of each row, valid until the next call. It has the rules of
// measure.Measure.AppendMember.
func (y *keyer) keys(v *view, rows []int32) []key {
	keys := y.buf[:len(rows)]
	switch y.q.Measure.Member {
	case measure.Perp:
		y.ends(v, rows, v.perps(), ts.FlagPerpInternal, keys)
	case measure.Victim:
		y.ends(v, rows, v.victims(), ts.FlagVictimInternal, keys)
	case measure.Name:
		y.domains(v, rows, keys)
	case measure.Site:
		y.texts(v, rows, segment.Site, kindOther, keys)
	case measure.Page:
		y.pages(v, rows, keys)
	case measure.Contact:
		y.contacts(v, rows, keys)
	case measure.Attack:
		y.attacks(v, rows, keys)
	default:
		for j := range keys {
			keys[j] = unknown
		}
	}
	return keys
}

// ends gives the keys of addresses.
func (y *keyer) ends(v *view, rows []int32, e ends, flag ts.Flags, keys []key) {
	internal := y.internals(v, flag)
	if v.err != nil {
		return
	}
	for j, i := range rows {
		h := e.row(i)
		switch {
		case internal != nil && internal.is(i) && h != (halves{}):
			k := knownAddr{h, true, internal.sensor(i)}
			keys[j] = key{a: kindInternal<<kindShift | uint64(y.addrs.of(k))}
		case segment.IsIPv4(h.hi, h.lo):
			keys[j] = key{a: kindIPv4<<kindShift | h.lo&(1<<32-1)}
		case h == halves{}:
			keys[j] = unknown
		default:
			keys[j] = key{a: kindOther<<kindShift | uint64(y.addrs.of(knownAddr{halves: h}))}
		}
	}
}

// internals tells which rows of a block have an end internal to their sensor.
type internals struct {
	flags   *segment.Indexes
	set     []bool
	sensors *segment.Indexes
	names   []string
}

func (n *internals) is(i int32) bool       { return n.set[n.flags.At(int(i))] }
func (n *internals) sensor(i int32) string { return n.names[n.sensors.At(int(i))] }

// internals returns nil where no row has the flag.
func (y *keyer) internals(v *view, flag ts.Flags) *internals {
	dict := v.dictionary(segment.Flags).Numbers
	set, some := make([]bool, len(dict)), false
	for i, n := range dict {
		set[i] = ts.Flags(n).Has(flag)
		some = some || set[i]
	}
	if !some {
		return nil
	}
	return &internals{v.index(segment.Flags), set, v.index(segment.Sensor), v.dictionary(segment.Sensor).Texts}
}

// texts gives the keys of names.
func (y *keyer) texts(v *view, rows []int32, col segment.Column, kind uint64, keys []key) {
	dict, x := v.dictionary(col).Texts, v.index(col)
	if v.err != nil {
		return
	}
	if v.b.names[col] == nil {
		v.b.names[col] = make(numbering, len(dict))
	}
	known := v.b.names[col]
	for j, i := range rows {
		at := x.At(int(i))
		if known[at] == 0 {
			known[at] = y.q.texts.of(dict[at]) + 1
		}
		if dict[at] == "" {
			keys[j] = unknown
		} else {
			keys[j] = key{a: kind<<kindShift | uint64(known[at]-1)}
		}
	}
}

// domains gives the keys of host names, by the rule of ts.DomainOf.
func (y *keyer) domains(v *view, rows []int32, keys []key) {
	indicators := y.more[:len(rows)]
	y.texts(v, rows, segment.PerpName, kindOther, keys)
	y.texts(v, rows, segment.Indicator, kindOther, indicators)
	names, name := v.dictionary(segment.PerpName).Texts, v.index(segment.PerpName)
	values, value := v.dictionary(segment.Indicator).Texts, v.index(segment.Indicator)
	if v.err != nil {
		return
	}
	for j, i := range rows {
		seen := names[name.At(int(i))]
		if keys[j] != unknown && ts.DomainOf(seen, values[value.At(int(i))]) != seen {
			keys[j] = indicators[j]
		}
	}
}

func (y *keyer) pages(v *view, rows []int32, keys []key) {
	paths := y.more[:len(rows)]
	y.texts(v, rows, segment.PerpName, kindOther, keys)
	y.texts(v, rows, segment.Path, kindOther, paths)
	for j := range keys {
		if keys[j] == unknown || paths[j] == unknown {
			keys[j] = unknown
		} else {
			keys[j].b = paths[j].a
		}
	}
}

// slotBits holds every half-hour of the years 1970 to 9999.
const slotBits = 28

func (y *keyer) contacts(v *view, rows []int32, keys []key) {
	hosts := y.more[:len(rows)]
	y.ends(v, rows, v.victims(), ts.FlagVictimInternal, keys)
	y.texts(v, rows, segment.PerpName, kindIPv4, hosts)
	y.slotted(v, rows, keys, hosts)
}

func (y *keyer) attacks(v *view, rows []int32, keys []key) {
	targets := y.more[:len(rows)]
	y.ends(v, rows, v.victims(), ts.FlagVictimInternal, targets)
	y.texts(v, rows, segment.Site, kindSite, keys)
	for j := range keys {
		if keys[j] != unknown {
			targets[j] = keys[j]
		}
	}
	y.ends(v, rows, v.perps(), ts.FlagPerpInternal, keys)
	y.slotted(v, rows, keys, targets)
}

// slotted adds the second part and the half-hour to keys.
func (y *keyer) slotted(v *view, rows []int32, keys, second []key) {
	days, firsts := v.numbers(segment.Day), v.int(segment.First)
	if v.err != nil {
		return
	}
	for j, i := range rows {
		if keys[j] == unknown || second[j] == unknown {
			keys[j] = unknown
		} else {
			keys[j].b = second[j].a<<slotBits | slot(days.row(i), firsts[i])
		}
	}
}
