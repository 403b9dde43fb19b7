package place

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
)

// innermost answers by looking at every span: the oracle of flatten.
func innermost(all spans, p point) mark {
	var m mark
	best := -1
	for i, sp := range all {
		if sp.first.compare(p) > 0 || sp.last.compare(p) < 0 {
			continue
		}
		if best < 0 || inside(sp, all[best]) {
			m, best = sp.mark, i
		}
	}
	return m
}

func inside(a, b span) bool {
	return a.first.compare(b.first) >= 0 && a.last.compare(b.last) <= 0
}

// randomBlocks draws CIDR blocks of both families from a small world, so that they nest
// often. Equal blocks get equal marks.
func randomBlocks(rng *rand.Rand, n int) spans {
	var all spans
	marks := map[netip.Prefix]mark{}
	for range n {
		var p netip.Prefix
		if rng.IntN(2) == 0 {
			a := netip.AddrFrom4([4]byte{240, 0, byte(rng.IntN(2)), byte(rng.IntN(256))})
			p = netip.PrefixFrom(a, 20+rng.IntN(13)).Masked()
		} else {
			b := netip.MustParseAddr("2001:db8::").As16()
			b[15] = byte(rng.IntN(256))
			p = netip.PrefixFrom(netip.AddrFrom16(b), 118+rng.IntN(11)).Masked()
		}
		m, ok := marks[p]
		if !ok {
			m = mark{country: [2]byte{'A', byte('D' + rng.IntN(3))}, as: uint32(rng.IntN(2))}
			marks[p] = m
		}
		all = append(all, spanOf(p, m))
	}
	return all
}

func smallWorld() []netip.Addr {
	var list []netip.Addr
	for _, start := range []string{"239.255.255.250", "2001:db7:ffff:ffff:ffff:ffff:ffff:fffa"} {
		a := netip.MustParseAddr(start)
		for range 600 {
			list = append(list, a)
			a = a.Next()
		}
	}
	return append(list, netip.MustParseAddr("0.0.0.0"), netip.MustParseAddr("255.255.255.255"),
		netip.MustParseAddr("::"), netip.MustParseAddr("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"))
}

// TestFlattenAgainstEverySpan exhausts a small world, through the steps and through the
// compiled table.
func TestFlattenAgainstEverySpan(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 1))
		all := randomBlocks(rng, 1+rng.IntN(60))
		flat, err := slices.Clone(all).flatten()
		if err != nil {
			t.Fatal(err)
		}
		table := compile([]opinion{{countries: []steps{flat}, networks: []steps{flat}}})
		for _, a := range smallWorld() {
			want := innermost(all, pointOf(a))
			if got := flat.at(pointOf(a)); got != want {
				t.Fatalf("seed %d: steps place %s at %v, want %v", seed, a, got, want)
			}
			if got := table.at(a).first; got != want.place() {
				t.Fatalf("seed %d: table places %s at %v, want %v", seed, a, got, want)
			}
		}
	}
}

func (s steps) at(p point) mark {
	var m mark
	for _, step := range s {
		if step.at.compare(p) > 0 {
			break
		}
		m = step.mark
	}
	return m
}

func TestFlattenRefusesWhatHasNoMeaning(t *testing.T) {
	of := func(first, last string, as uint32) span {
		return span{pointOf(netip.MustParseAddr(first)), pointOf(netip.MustParseAddr(last)), mark{as: as}}
	}
	for name, all := range map[string]spans{
		"overlap":       {of("240.0.0.0", "240.0.0.9", 1), of("240.0.0.5", "240.0.0.15", 2)},
		"twice":         {of("240.0.0.0", "240.0.0.9", 1), of("240.0.0.0", "240.0.0.9", 2)},
		"overlap in v6": {of("2001:db8::", "2001:db8::9", 1), of("2001:db8::9", "2001:db8::a", 2)},
	} {
		if got, err := all.flatten(); err == nil {
			t.Errorf("%s: no error, but %v", name, got)
		}
	}
}

func TestSpanOf(t *testing.T) {
	for _, c := range []struct{ prefix, first, last string }{
		{"240.0.0.0/4", "240.0.0.0", "255.255.255.255"},
		{"0.0.0.0/0", "0.0.0.0", "255.255.255.255"},
		{"240.0.0.7/32", "240.0.0.7", "240.0.0.7"},
		{"::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"2001:db8::/64", "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff"},
		{"2001:db8::/65", "2001:db8::", "2001:db8::7fff:ffff:ffff:ffff"},
		{"2001:db8::1/128", "2001:db8::1", "2001:db8::1"},
	} {
		sp := spanOf(netip.MustParsePrefix(c.prefix), mark{})
		if got := fmt.Sprint(sp.first.addr(), sp.last.addr()); got != c.first+" "+c.last {
			t.Errorf("%s: %s", c.prefix, got)
		}
	}
}
