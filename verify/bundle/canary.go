package bundle

import (
	"fmt"
	"net/netip"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify"
)

// planted is one canary: what was shown of it.
type planted struct {
	value  string
	addr   netip.Addr // zero: a name
	seen   uint64     // opened rows that have it
	entry  uint64     // batch of the first of those seen
	absent []string   // figures that were shown not to have it
}

// plant reads a list of canaries; nil for none.
func plant(reveal []byte) (map[string]*planted, error) {
	if reveal == nil {
		return nil, nil
	}
	c, err := proof.ParseCanary(reveal)
	if err != nil {
		return nil, err
	}
	list := map[string]*planted{}
	for _, v := range c.Values {
		p := &planted{value: v}
		if a, err := netip.ParseAddr(v); err == nil {
			p.addr = ts.Canonical(a)
		}
		list[v] = p
	}
	return list, nil
}

// takeCanary takes the values of a reveal out of what is counted from its entry on. A
// commitment, which stands in the neutral's ledger, changes nothing.
func (l *history) takeCanary(i uint64, entry []byte) error {
	commitment, reveal, err := proof.ParseCanaryEntry(entry)
	if err != nil || reveal == nil {
		return err
	}
	if _, again := l.reveals[commitment]; !again {
		l.reveals[commitment] = i
	}
	for _, v := range reveal.Values {
		l.exclude(i, v)
	}
	return nil
}

// sees notes a row that was opened and is good, for every canary that it has. It was sealed
// before the reveal: later ones are excluded.
func (f *figure) sees(row *ts.Row, entry uint64) {
	for _, p := range f.ledger.planted {
		if p.value != row.Indicator && p.value != row.PerpName && (!p.addr.IsValid() || p.addr != row.Perp && p.addr != row.Victim) {
			continue
		}
		if p.seen++; p.seen == 1 || entry < p.entry {
			p.entry = entry
		}
	}
}

// lacks notes the canaries that a figure was shown not to have.
func (f *figure) lacks(d *proof.Disclosure) {
	for i := range d.Absent {
		for _, a := range ts.MemberAddrs(d.Absent[i].Member) {
			for _, p := range f.ledger.planted {
				if p.addr.IsValid() && a.Contains(p.addr) {
					p.absent = append(p.absent, f.ID)
				}
			}
		}
	}
}

// checkCanaries tells which of the user's canaries were seen in rows that were opened.
func (l *history) checkCanaries(r *Result, reveal []byte) {
	c, err := proof.ParseCanary(reveal)
	if err != nil {
		return // plant has said so
	}
	what := check{what: fmt.Sprintf("%d canaries of commitment %s are revealed in the ledger", len(c.Values), c.Commitment()), topic: Canaries,
		proves: "figures that are stated later do not count them", not: "that the commitment was made before their flows: see the neutral's ledger"}
	if i, ok := l.reveals[c.Commitment()]; ok {
		r.add(what, verify.True, "entry %d", i)
	} else {
		r.add(what, verify.NotChecked, "not yet: tallystick canary reveal")
	}
	for _, v := range c.Values {
		l.planted[v].tell(r)
	}
}

func (p *planted) tell(r *Result) {
	c := check{what: fmt.Sprintf("canary %s was recorded", p.value), topic: Canaries,
		proves: "a flow that was made on purpose is among the rows", not: "that others are"}
	switch {
	case p.seen > 0:
		r.add(c, verify.True, "%d opened rows, the first of the batch in entry %d", p.seen, p.entry)
	case len(p.absent) > 0:
		r.add(c, verify.False, "shown to be no member of %d figures, %s the first: left out, or never sent", len(p.absent), p.absent[0])
	default:
		r.add(c, verify.NotChecked, "no opened row has it: ask its publisher to open it (tallystick open --mine)")
	}
}
