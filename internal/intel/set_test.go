package intel

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"github.com/tallystick/tallystick"
)

func setOf(t testing.TB, list ...Indicator) *Set {
	t.Helper()
	for n := range list {
		v, reason := parseValue(list[n].Value)
		if reason != "" {
			t.Fatalf("%q: %s", list[n].Value, reason)
		}
		list[n].Kind, list[n].Value = v.kind, v.text
	}
	pointers := make([]*Indicator, len(list))
	for n := range list {
		pointers[n] = &list[n]
	}
	s, err := compile(pointers, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func control(value, family string) Indicator {
	return Indicator{Value: value, Class: tallystick.Control, Family: family, Feed: "f"}
}

// unknown reports whether nothing is known.
func unknown(m Match) bool { return m.Indicator == nil && m.Role == 0 && !m.Vetoed }

func value1(m Match) string {
	if m.Indicator == nil {
		return ""
	}
	return m.Indicator.Value
}

func TestAddr(t *testing.T) {
	s := setOf(t,
		control("240.0.0.1:1177", "a"), control("240.0.1.1", "a"), control("240.0.1.1:80", "b"),
		control("240.0.2.0/24", "wide"), control("240.0.2.128/25", "narrow"), control("240.0.2.200", ""),
		control("240.255.255.0/24", "end"), control("[2001:db8::1]:443", "six"), control("2001:db8:1::/48", "six"),
	)
	cases := []struct {
		addr string
		port uint16
		want string
	}{
		{"240.0.0.1", 1177, "240.0.0.1:1177"},
		{"240.0.0.1", 1178, ""},
		{"240.0.0.1", 0, ""},
		{"240.0.0.2", 1177, ""},
		{"240.0.1.1", 80, "240.0.1.1:80"},
		{"240.0.1.1", 81, "240.0.1.1"},
		{"240.0.2.1", 80, "240.0.2.0/24"},
		{"240.0.2.127", 80, "240.0.2.0/24"},
		{"240.0.2.128", 80, "240.0.2.128/25"},
		{"240.0.2.200", 80, "240.0.2.128/25"}, // with family before without
		{"240.0.3.0", 80, ""},
		{"240.255.255.255", 1, "240.255.255.0/24"},
		{"241.0.0.0", 1, ""},
		{"2001:db8::1", 443, "[2001:db8::1]:443"},
		{"2001:db8::1", 80, ""},
		{"2001:db8:1:ffff:ffff:ffff:ffff:ffff", 80, "2001:db8:1::/48"},
		{"2001:db8:2::", 80, ""},
	}
	for _, c := range cases {
		if got := value1(s.Addr(netip.MustParseAddr(c.addr), c.port, 0)); got != c.want {
			t.Errorf("%s port %d: %q, want %q", c.addr, c.port, got, c.want)
		}
	}
	if m := s.Addr(netip.Addr{}, 80, 0); !unknown(m) || s.Knows(netip.Addr{}) || s.Knows(netip.MustParseAddr("240.99.99.99")) {
		t.Errorf("no address matches: %+v", m)
	}
}

func TestName(t *testing.T) {
	exact := control("only.example.net", "")
	exact.Exact = true
	s := setOf(t, control("bad.example.net", ""), control("deep.bad.example.net", ""), exact)
	cases := map[string]string{
		"bad.example.net":        "bad.example.net",
		"www.bad.example.net":    "bad.example.net",
		"a.deep.bad.example.net": "deep.bad.example.net",
		"notbad.example.net":     "",
		"example.net":            "",
		"only.example.net":       "only.example.net",
		"www.only.example.net":   "",
		"net":                    "",
		"":                       "",
		".":                      "",
		"..bad.example.net":      "bad.example.net",
	}
	for name, want := range cases {
		if got := value1(s.Name([]byte(name), 0)); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestURL(t *testing.T) {
	s := setOf(t, control("http://www.example.net/login.php", ""), control("http://example.net/", ""), control("http://[2001:db8::1]/a", ""))
	cases := []struct{ host, path, want string }{
		{"www.example.net", "/login.php", "www.example.net/login.php"},
		{"www.example.net", "/", ""},
		{"www.example.net", "", ""},
		{"www.example.net", "/Login.php", ""},
		{"a.www.example.net", "/login.php", ""},
		{"example.net", "/", "example.net/"},
		{"example.net", "/other", ""},
		{"2001:db8::1", "/a", "[2001:db8::1]/a"},
	}
	for _, c := range cases {
		if got := value1(s.URL([]byte(c.host), []byte(c.path), 0)); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.host, c.path, got, c.want)
		}
	}
	if m := s.Name([]byte("www.example.net"), 0); !unknown(m) {
		t.Errorf("a URL indicator matches by host alone: %+v", m)
	}
}

func TestPath(t *testing.T) {
	s := setOf(t,
		Indicator{Value: "/shell.php", Class: tallystick.Backdoor, Feed: "f"},
		Indicator{Value: "/up/shell.php", Class: tallystick.Backdoor, Feed: "f"},
	)
	cases := map[string]string{
		"/shell.php": "/shell.php", "/a/shell.php": "/shell.php", "/a/up/shell.php": "/up/shell.php",
		"/ashell.php": "", "/shell.php/": "", "/Shell.php": "", "/shell.phpx": "", "shell.php": "", "": "", "/": "",
	}
	for path, want := range cases {
		if got := value1(s.Path([]byte(path), 0)); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

func TestValidity(t *testing.T) {
	i := control("240.0.0.1", "dated")
	i.From, i.To = 100, 110
	s := setOf(t, i, control("240.0.0.1", "undated"))
	for day, want := range map[tallystick.Day]string{99: "undated", 100: "dated", 109: "dated", 110: "undated"} {
		if got := s.Addr(netip.MustParseAddr("240.0.0.1"), 0, day).Indicator.Family; got != want {
			t.Errorf("day %d: %s, want %s", day, got, want)
		}
	}
}

func TestPrecedence(t *testing.T) {
	order := []Indicator{ // each beats all below it
		{Value: "240.0.0.0/24", Class: tallystick.Control, Family: "x", Feed: "f"},
		{Value: "240.0.0.1:80", Class: tallystick.Control, Feed: "f"},
		{Value: "240.0.0.1", Class: tallystick.Control, Feed: "g", From: 1},
		{Value: "240.0.0.1", Class: tallystick.Control, Feed: "f"},
		{Value: "240.0.0.1", Class: tallystick.Control, Feed: "g"},
		{Value: "240.0.0.0/28", Class: tallystick.Control, Feed: "f"},
		{Value: "240.0.0.0/24", Class: tallystick.Control, Feed: "f"},
		{Value: "240.0.0.1:80", Class: tallystick.Spyware, Family: "x", Feed: "f"},
		{Value: "240.0.0.1", Class: tallystick.Phishing, Feed: "f"},
		{Value: "240.0.0.1", Class: tallystick.Backdoor, Feed: "f"},
		{Value: "240.0.0.1", Class: tallystick.Attempt, Feed: "f"},
		{Value: "240.0.0.1", Class: tallystick.Exfiltration, Feed: "f"},
	}
	for n := range order {
		s := setOf(t, append([]Indicator(nil), order[n:]...)...)
		want := order[n]
		want.Kind = s.Addr(netip.MustParseAddr("240.0.0.1"), 80, 5).Indicator.Kind
		if got := *s.Addr(netip.MustParseAddr("240.0.0.1"), 80, 5).Indicator; got != want {
			t.Errorf("from %d on: %+v, want %+v", n, got, want)
		}
	}
}

func TestRoles(t *testing.T) {
	s := setOf(t, control("240.0.0.1", "fam"),
		Indicator{Value: "240.0.0.0/24", Role: RoleShared, Feed: "cdn"},
		Indicator{Value: "240.0.0.1", Role: RoleSinkhole, Feed: "holes"},
		Indicator{Value: "good.example.net", Veto: true, Feed: "top"},
		Indicator{Value: "240.9.0.0/16", Veto: true, Feed: "top"},
		control("x.good.example.net", ""), control("http://good.example.net/a", ""), control("240.9.1.0/24", ""), control("240.8.0.0/15", ""),
	)
	m := s.Addr(netip.MustParseAddr("240.0.0.1"), 80, 0)
	if value1(m) != "240.0.0.1" || m.Role != RoleSinkhole|RoleShared || m.RoleFeed != "holes" || m.RoleValue != "240.0.0.1" || m.Vetoed {
		t.Errorf("family, sinkhole and shared: %+v", m)
	}
	if f := m.Role.Flags(); f != tallystick.FlagSinkhole|tallystick.FlagShared {
		t.Errorf("flags %b", f)
	}
	vetoed := map[string]Match{
		"subdomain of a vetoed name": s.Name([]byte("x.good.example.net"), 0),
		"page at a vetoed name":      s.URL([]byte("good.example.net"), []byte("/a"), 0),
		"prefix in a vetoed prefix":  s.Addr(netip.MustParseAddr("240.9.1.1"), 0, 0),
	}
	for what, m := range vetoed {
		if m.Indicator == nil || !m.Vetoed {
			t.Errorf("%s: %+v", what, m)
		}
	}
	if m := s.Addr(netip.MustParseAddr("240.8.0.1"), 0, 0); m.Vetoed || m.Indicator == nil {
		t.Errorf("outside of the vetoed prefix: %+v", m)
	}
}

// slow answers as Set does, by comparing every indicator.
func slow(list []Indicator, matches func(i *Indicator) bool, day tallystick.Day) (best *Indicator, role Role, veto bool) {
	for n := range list {
		i := &list[n]
		if !i.Valid(day) || !matches(i) {
			continue
		}
		role |= i.Role
		veto = veto || i.Veto
		if i.Class != 0 && (best == nil || precedes(i, best) < 0) {
			best = i
		}
	}
	return best, role, veto
}

func TestAgainstSlow(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for round := range 40 {
		list := make([]Indicator, 1+r.IntN(200))
		for n := range list {
			list[n] = randomIndicator(r)
		}
		s := setOf(t, append([]Indicator(nil), list...)...)
		for n := range list {
			v, _ := parseValue(list[n].Value)
			list[n].Kind, list[n].Value = v.kind, v.text
		}
		for range 300 {
			compareAddr(t, s, list, randomAddr(r), uint16(r.IntN(3)), tallystick.Day(r.IntN(6)))
			compareName(t, s, list, randomName(r), tallystick.Day(r.IntN(6)))
		}
		if t.Failed() {
			t.Fatalf("round %d", round)
		}
	}
}

func randomAddr(r *rand.Rand) netip.Addr {
	if r.IntN(4) == 0 {
		return netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 14: byte(r.IntN(2)), 15: byte(r.IntN(8))})
	}
	return netip.AddrFrom4([4]byte{240, byte(r.IntN(2)), byte(r.IntN(2)), byte(r.IntN(16))})
}

func randomName(r *rand.Rand) string {
	name := "example"
	for range 1 + r.IntN(4) {
		name = string(rune('a'+r.IntN(3))) + "." + name
	}
	return name
}

func randomIndicator(r *rand.Rand) Indicator {
	i := Indicator{Feed: fmt.Sprint(r.IntN(3)), From: tallystick.Day(r.IntN(4))}
	if r.IntN(2) == 0 {
		i.To = i.From + 1 + tallystick.Day(r.IntN(3))
	}
	a := randomAddr(r)
	switch r.IntN(4) {
	case 0:
		i.Value = a.String()
	case 1:
		i.Value = netip.AddrPortFrom(a, uint16(1+r.IntN(2))).String()
	case 2:
		i.Value = netip.PrefixFrom(a, a.BitLen()-r.IntN(20)).Masked().String()
	default:
		i.Value, i.Exact = randomName(r), r.IntN(3) == 0
	}
	switch r.IntN(4) {
	case 0:
		i.Role = 1 << r.IntN(3)
	default:
		i.Class, i.Family = tallystick.Class(1+r.IntN(6)), strings.Repeat("f", r.IntN(2))
	}
	return i
}

func compareAddr(t *testing.T, s *Set, list []Indicator, a netip.Addr, port uint16, day tallystick.Day) {
	t.Helper()
	best, role, veto := slow(list, func(i *Indicator) bool {
		switch i.Kind {
		case KindAddr:
			return i.Value == a.String()
		case KindAddrPort:
			return i.Value == netip.AddrPortFrom(a, port).String()
		case KindPrefix:
			return netip.MustParsePrefix(i.Value).Contains(a)
		}
		return false
	}, day)
	check(t, fmt.Sprint(a, " ", port, " day ", day), s.Addr(a, port, day), best, role, veto)
	if m := s.Addr(a, port, day); !unknown(m) && !s.Knows(a) {
		t.Fatalf("%v is not known, but %+v", a, m)
	}
}

func compareName(t *testing.T, s *Set, list []Indicator, name string, day tallystick.Day) {
	t.Helper()
	best, role, veto := slow(list, func(i *Indicator) bool {
		return i.Kind == KindDomain && (name == i.Value || !i.Exact && strings.HasSuffix(name, "."+i.Value))
	}, day)
	check(t, name, s.Name([]byte(name), day), best, role, veto)
}

func check(t *testing.T, what string, m Match, best *Indicator, role Role, veto bool) {
	t.Helper()
	same := (m.Indicator == nil) == (best == nil) && (best == nil || *m.Indicator == *best)
	if !same || m.Role != role || m.Vetoed != veto {
		t.Errorf("%s: %+v %+v; slow: %+v %v %v", what, m, m.Indicator, best, role, veto)
	}
}
