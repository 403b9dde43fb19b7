package intel

import (
	"bytes"
	"maps"
	"net/netip"
	"slices"

	"github.com/tallystick/tallystick"
)

// Set is a compiled, immutable set of indicators. It is safe for concurrent use and its
// lookups allocate nothing.
type Set struct {
	indicators []*Indicator // in order of precedence
	feeds      []Feed
	classes    map[tallystick.Class]int
	digest     tallystick.Digest
	vetoed     []uint64 // bit i: a warning list holds the value of indicator i
	names      *table
	urls       *table
	paths      *table
	addrs      *addrTable
}

// Knows reports whether an address, which must be Canonical, or a network that holds it
// has some indicator. It is the quick question where nearly all have none.
func (s *Set) Knows(a netip.Addr) bool {
	_, node := s.addrs.find(a)
	return node >= 0
}

// Addr returns what is known of an address, which must be Canonical, on a port. An
// indicator of address and port matches that port only.
func (s *Set) Addr(a netip.Addr, port uint16, day tallystick.Day) Match {
	in, node := s.addrs.find(a)
	if node < 0 {
		return Match{}
	}
	f := none()
	for ; node >= 0; node = in.parents[node] {
		for _, r := range in.groups.of(uint32(node)) {
			if i := s.indicators[r]; i.Kind != KindAddrPort || portOf(i.Value) == port {
				f.add(r, i, day)
			}
		}
	}
	return s.match(&f)
}

// portOf reads the port of a canonical address and port.
func portOf(value string) uint16 {
	port, unit := 0, 1
	for i := len(value) - 1; value[i] != ':'; i-- {
		port += int(value[i]-'0') * unit
		unit *= 10
	}
	return uint16(port)
}

// Name returns what is known of a host name, in lower-case A-labels without final dot,
// and of the domains above it.
func (s *Set) Name(name []byte, day tallystick.Day) Match {
	f := none()
	last := bytes.LastIndexByte(name, '.')
	for from := 0; from < last; {
		for _, r := range s.names.find(name[from:], nil) {
			if i := s.indicators[r]; from == 0 || !i.Exact {
				f.add(r, i, day)
			}
		}
		from += bytes.IndexByte(name[from:], '.') + 1
	}
	return s.match(&f)
}

// URL returns what is known of a page: its host (a name as for Name, or an address) and
// its path without query, as PlainPath spells it. Host and path must both match.
func (s *Set) URL(host, path []byte, day tallystick.Day) Match {
	if len(path) == 0 {
		return Match{}
	}
	f := none()
	for _, r := range s.urls.find(host, path) {
		f.add(r, s.indicators[r], day)
	}
	return s.match(&f)
}

// Path returns what is known of a path on any host, as PlainPath spells it. An indicator matches the end of the
// path from a "/" on, in its case.
func (s *Set) Path(path []byte, day tallystick.Day) Match {
	f := none()
	end := len(path)
	for range s.paths.depth {
		if end = bytes.LastIndexByte(path[:end], '/'); end < 0 {
			break
		}
		for _, r := range s.paths.find(path[end:], nil) {
			f.add(r, s.indicators[r], day)
		}
	}
	return s.match(&f)
}

// found gathers the matches of one value, as indexes, so that lower means better.
type found struct {
	best     uint32
	role     Role
	roleFrom uint32
	veto     bool
}

const nothing = ^uint32(0)

func none() found { return found{best: nothing, roleFrom: nothing} }

func (f *found) add(r uint32, i *Indicator, day tallystick.Day) {
	switch {
	case !i.Valid(day):
		return
	case i.Veto:
		f.veto = true
	case i.Class != 0:
		f.best = min(f.best, r)
	}
	if i.Role == 0 {
		return
	}
	old, now := f.role.First(), i.Role.First()
	if old == 0 || now < old || now == old && r < f.roleFrom {
		f.roleFrom = r
	}
	f.role |= i.Role
}

func (s *Set) match(f *found) Match {
	if *f == none() {
		return Match{}
	}
	m := Match{Role: f.role, Vetoed: f.veto}
	if f.best != nothing {
		m.Indicator = s.indicators[f.best]
		m.Vetoed = m.Vetoed || s.vetoed[f.best/64]&(1<<(f.best%64)) != 0
	}
	if f.roleFrom != nothing {
		m.RoleFeed, m.RoleValue = s.indicators[f.roleFrom].Feed, s.indicators[f.roleFrom].Value
	}
	return m
}

// markVetoed notes the indicators whose own value a warning list holds: whoever lists
// a known-good domain lists its subdomains too.
func (s *Set) markVetoed() {
	s.vetoed = make([]uint64, len(s.indicators)/64+1)
	if !slices.ContainsFunc(s.indicators, func(i *Indicator) bool { return i.Veto }) {
		return
	}
	for n := range s.indicators {
		if i := s.indicators[n]; i.Class != 0 && s.vetoes(i) {
			s.vetoed[n/64] |= 1 << (n % 64)
		}
	}
}

// vetoes reports whether a warning list holds the host, or all addresses, of i.
func (s *Set) vetoes(i *Indicator) bool {
	switch i.Kind {
	case KindPath:
		return false
	case KindDomain:
		return s.Name([]byte(i.Value), 0).Vetoed
	case KindURL:
		host, _ := i.key()
		if a, err := netip.ParseAddr(host); err == nil {
			return s.vetoesPrefix(netip.PrefixFrom(a, a.BitLen()))
		}
		return s.Name([]byte(host), 0).Vetoed
	}
	p, ok := i.prefix()
	return ok && s.vetoesPrefix(p)
}

func (s *Set) vetoesPrefix(p netip.Prefix) bool {
	in, node := s.addrs.find(p.Addr())
	for last := lastOf(p); node >= 0; node = in.parents[node] {
		for _, r := range in.groups.of(uint32(node)) {
			i := s.indicators[r]
			if q, ok := i.prefix(); ok && i.Veto && i.Kind != KindAddrPort && !lastOf(q).less(last) && q.Bits() <= p.Bits() {
				return true
			}
		}
	}
	return false
}

// Digest returns the SHA-256 of the listing that WriteTo writes.
func (s *Set) Digest() tallystick.Digest { return s.digest }

// Len returns the number of indicators.
func (s *Set) Len() int { return len(s.indicators) }

// Classes returns how many indicators speak of each class. The map is the caller's.
func (s *Set) Classes() map[tallystick.Class]int { return maps.Clone(s.classes) }

// Feeds returns what was read, by name.
func (s *Set) Feeds() []Feed { return s.feeds }
