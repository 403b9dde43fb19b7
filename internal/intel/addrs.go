package intel

import (
	"cmp"
	"encoding/binary"
	"net/netip"
	"slices"
)

// addrTable finds the indicators of an address: its own and those of the prefixes that
// hold it. A bitmap of IPv4 /24 blocks answers most questions for what is not in it.
type addrTable struct {
	blocks []uint64 // bit a/256: some IPv4 address of the /24 is listed; nil for none
	v4, v6 spans
}

// u128 is an address as a number; IPv4 in the low 32 bits.
type u128 struct{ hi, lo uint64 }

func (a u128) less(b u128) bool { return a.hi < b.hi || a.hi == b.hi && a.lo < b.lo }

func (a u128) next() u128 {
	if a.lo++; a.lo == 0 {
		a.hi++
	}
	return a
}

func number(a netip.Addr) u128 {
	if a.Is4() {
		b := a.As4()
		return u128{lo: uint64(binary.BigEndian.Uint32(b[:]))}
	}
	b := a.As16()
	return u128{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
}

// network is a prefix with its indicators; an address is one of full length.
type network struct {
	first, last u128
	ref         uint32
}

func newAddrTable(list []*Indicator, refs []uint32) *addrTable {
	t := &addrTable{}
	v4 := make([]network, 0, len(refs))
	var v6 []network
	for _, r := range refs {
		p, ok := list[r].prefix()
		if !ok {
			continue
		}
		n := network{number(p.Addr()), lastOf(p), r}
		if p.Addr().Is4() {
			v4 = append(v4, n)
			t.mark(n)
		} else {
			v6 = append(v6, n)
		}
	}
	t.v4, t.v6 = newSpans(v4, true), newSpans(v6, false)
	return t
}

// prefix returns the addresses that an indicator of an address kind is for.
func (i *Indicator) prefix() (netip.Prefix, bool) {
	switch i.Kind {
	case KindPrefix:
		p, err := netip.ParsePrefix(i.Value)
		return p, err == nil
	case KindAddrPort:
		ap, err := netip.ParseAddrPort(i.Value)
		return netip.PrefixFrom(ap.Addr(), ap.Addr().BitLen()), err == nil
	}
	a, err := netip.ParseAddr(i.Value)
	return netip.PrefixFrom(a, a.BitLen()), err == nil
}

func lastOf(p netip.Prefix) u128 {
	n, host := number(p.Addr()), p.Addr().BitLen()-p.Bits()
	if host >= 64 {
		return u128{n.hi | (1<<(host-64) - 1), ^uint64(0)}
	}
	return u128{n.hi, n.lo | (1<<host - 1)}
}

func (t *addrTable) mark(n network) {
	if t.blocks == nil {
		t.blocks = make([]uint64, 1<<24/64)
	}
	for b := n.first.lo >> 8; b <= n.last.lo>>8; b++ {
		t.blocks[b/64] |= 1 << (b % 64)
	}
}

// find returns the spans and the innermost network that hold a, -1 for none.
func (t *addrTable) find(a netip.Addr) (*spans, int32) {
	if !a.Is4() {
		if !a.IsValid() {
			return nil, -1
		}
		return &t.v6, t.v6.find(number(a))
	}
	b := a.As4()
	n := binary.BigEndian.Uint32(b[:])
	if t.blocks == nil || t.blocks[n>>14]&(1<<(n>>8%64)) == 0 {
		return nil, -1
	}
	return &t.v4, t.v4.find(u128{lo: uint64(n)})
}

// spans cuts the address space where a network begins or ends: from starts[i] on,
// nodes[i] is the innermost network, and parents lead outwards.
type spans struct {
	starts  []u128
	nodes   []int32
	parents []int32
	groups  groups
	index   []uint32 // IPv4: first span that begins in or behind each /16
}

func newSpans(nets []network, indexed bool) spans {
	slices.SortStableFunc(nets, func(a, b network) int {
		return cmp.Or(compareNumber(a.first, b.first), compareNumber(b.last, a.last))
	})
	s := spans{
		starts:  make([]u128, 0, 2*len(nets)),
		nodes:   make([]int32, 0, 2*len(nets)),
		parents: make([]int32, 0, len(nets)),
	}
	refs, keys := make([]uint32, len(nets)), make([]uint32, len(nets))
	var open []network // networks around the current one, by node
	var nodes []int32
	leave := func(until u128, all bool) {
		for len(open) > 0 && (all || open[len(open)-1].last.less(until)) {
			end := open[len(open)-1].last.next()
			open, nodes = open[:len(open)-1], nodes[:len(nodes)-1]
			if end != (u128{}) {
				s.cut(end, top(nodes))
			}
		}
	}
	for i, n := range nets {
		if i == 0 || nets[i-1].first != n.first || nets[i-1].last != n.last {
			leave(n.first, false)
			s.parents = append(s.parents, top(nodes))
			open, nodes = append(open, n), append(nodes, int32(len(s.parents)-1))
			s.cut(n.first, top(nodes))
		}
		refs[i], keys[i] = n.ref, uint32(len(s.parents)-1)
	}
	leave(u128{}, true)
	s.groups = group(refs, keys, len(s.parents))
	if indexed {
		s.makeIndex()
	}
	return s
}

func top(nodes []int32) int32 {
	if len(nodes) == 0 {
		return -1
	}
	return nodes[len(nodes)-1]
}

func compareNumber(a, b u128) int {
	return cmp.Or(cmp.Compare(a.hi, b.hi), cmp.Compare(a.lo, b.lo))
}

// cut lets node begin at a place; a place that is cut again keeps the last node.
func (s *spans) cut(at u128, node int32) {
	if n := len(s.starts); n > 0 && s.starts[n-1] == at {
		s.nodes[n-1] = node
		return
	}
	s.starts, s.nodes = append(s.starts, at), append(s.nodes, node)
}

func (s *spans) makeIndex() {
	s.index = make([]uint32, 1<<16+1)
	i := 0
	for b := range s.index {
		for i < len(s.starts) && s.starts[i].lo>>16 < uint64(b) {
			i++
		}
		s.index[b] = uint32(i)
	}
}

// find returns the innermost network that holds a, -1 for none.
func (s *spans) find(a u128) int32 {
	lo, hi := 0, len(s.starts)
	if s.index != nil {
		b := a.lo >> 16
		lo, hi = int(s.index[b]), int(s.index[b+1])
	}
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if a.less(s.starts[mid]) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	if lo == 0 {
		return -1
	}
	return s.nodes[lo-1]
}
