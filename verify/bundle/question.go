package bundle

import (
	"fmt"
	"net/netip"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// question is what a disclosure says that it was asked. The publisher signs no other answer
// than this, so what is beyond it accuses somebody who asked nothing.
type question struct {
	networks map[netip.Prefix]bool
	parts    map[netip.Prefix]bool // the /64s of networks that are smaller
	single   [][]byte              // members that single addresses would be, in their order
}

// question reads the networks and addresses that a disclosure of the figure was asked for.
func (f *figure) question(asked []netip.Prefix) *question {
	q := &question{networks: map[netip.Prefix]bool{}, parts: map[netip.Prefix]bool{}}
	for _, p := range asked {
		if p.IsSingleIP() {
			a := ts.Canonical(p.Addr())
			p = netip.PrefixFrom(a, a.BitLen())
			q.single = append(q.single, f.memberOf(a))
		}
		q.networks[p.Masked()] = true
		if p.Bits() > 64 {
			q.parts[netip.PrefixFrom(p.Addr(), 64).Masked()] = true
		}
	}
	if f.rule.Member != ts.MemberPerp && f.rule.Member != ts.MemberVictim {
		q.single = nil // no member is an address
	}
	return q
}

func (f *figure) memberOf(a netip.Addr) []byte {
	member := ts.AppendAddrMember(nil, a)
	if f.rule.Net64 {
		member = ts.WidenMember(member)
	}
	return member
}

// asks reports whether a network that was asked for has the address, or a part of the /64.
func (q *question) asks(a netip.Prefix) bool {
	for bits := range a.Bits() + 1 {
		if q.networks[netip.PrefixFrom(a.Addr(), bits).Masked()] {
			return true
		}
	}
	return q.parts[a]
}

// answered fails unless a disclosure tells what was asked, once, and nothing else: members
// with addresses that were asked for, and of each single one whether it is a member, where
// members are addresses.
func (f *figure) answered(d *proof.Disclosure) error {
	q, told, single := f.question(d.Asked), map[string]bool{}, map[string]bool{}
	tell := func(member []byte, asked bool) error {
		addrs := ts.MemberAddrs(member)
		switch {
		case told[string(member)]:
			return fmt.Errorf("%v is told twice", addrs)
		case !asked:
			return fmt.Errorf("%v is told, and was not asked for", addrs)
		}
		told[string(member)] = true
		return nil
	}
	for i := range d.Openings {
		member := d.Openings[i].Member
		if err := tell(member, slices.ContainsFunc(ts.MemberAddrs(member), q.asks)); err != nil {
			return err
		}
	}
	for _, member := range q.single {
		single[string(member)] = true
	}
	for i := range d.Absent {
		member := d.Absent[i].Member
		if err := tell(member, single[string(member)]); err != nil {
			return err
		}
	}
	for _, member := range q.single {
		if !told[string(member)] {
			return fmt.Errorf("nothing is said of %v", ts.MemberAddrs(member))
		}
	}
	return nil
}
