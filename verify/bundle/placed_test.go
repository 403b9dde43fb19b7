package bundle

import (
	"net/netip"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/place"
)

// contact is a row of a server in 240.0.0.0/16 with a machine in 240.1.0.0/16.
func contact(by, on ts.Country, flags ts.Flags) ts.Row {
	r := ts.Row{By: by, On: on}
	r.Perp, r.Victim, r.Sensor, r.Flags = netip.MustParseAddr("240.0.0.1"), netip.MustParseAddr("240.1.0.1"), "border", flags
	return r
}

// TestAgain: the countries of a row are those of the table, for the ends that it places.
func TestAgain(t *testing.T) {
	s, err := place.Open("made", 16148, strings.NewReader("240.0.0.0/16,US,1\n240.1.0.0/16,CN,2\n"))
	if err != nil {
		t.Fatal(err)
	}
	atlas, err := place.New(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		by, on ts.Country
		flags  ts.Flags
		says   string
	}{
		{"US", "CN", 0, ""},
		{"FR", "CN", 0, `240.0.0.1 is in "US" by the table, in "FR" by the row`},
		{"US", "FR", 0, `240.1.0.1 is in "CN"`},
		{"US", "", 0, `240.1.0.1 is in "CN"`},
		{"", "CN", ts.FlagSinkhole, ""},         // a role takes the country away
		{"US", "FR", ts.FlagVictimDeclared, ""}, // TestDeclared looks at these
		{"US", "FR", ts.FlagVictimInternal, ""},
		{"FR", "CN", ts.FlagPerpInternal, ""},
	} {
		row := contact(c.by, c.on, c.flags)
		if err := again(atlas, &row); (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s on %s, %v: %v, want %q", c.by, c.on, c.flags.Words(), err, c.says)
		}
	}
}

// TestDeclared: what no table can tell, the declaration of its sensor that held must. An end
// that claims to need no table, and does, shows nothing.
func TestDeclared(t *testing.T) {
	l := &history{sensors: map[string][]declaration{
		"border": {{index: 3, country: "CZ", role: ts.RoleNetwork, asPublic: []netip.Prefix{netip.MustParsePrefix("240.0.0.0/8")}},
			{index: 10, country: "FR", role: ts.RoleNetwork}},
		"web": {{index: 3, country: "CZ", role: ts.RoleWebserver}},
	}}
	private, none := netip.MustParseAddr("10.0.0.1"), netip.Addr{}
	on := func(victim netip.Addr, sensor, site string) func(*ts.Row) {
		return func(r *ts.Row) { r.Victim, r.Sensor, r.Site = victim, sensor, site }
	}
	for name, c := range map[string]struct {
		by, on ts.Country
		flags  ts.Flags
		change func(*ts.Row)
		batch  uint64
		says   string
	}{
		"by tables":                {"US", "CN", 0, nil, 5, ""},
		"internal victim":          {"US", "CZ", ts.FlagVictimInternal, on(private, "border", ""), 5, ""},
		"internal perpetrator":     {"CZ", "CN", ts.FlagPerpInternal, func(r *ts.Row) { r.Perp = private }, 5, ""},
		"victim without address":   {"US", "CZ", ts.FlagVictimDeclared, on(none, "border", ""), 5, ""},
		"victim nobody knows of":   {"US", "", 0, on(none, "nobody", ""), 5, ""},
		"site of a web server":     {"US", "CZ", ts.FlagVictimDeclared, on(netip.MustParseAddr("11.0.0.1"), "web", "shop.example"), 5, ""},
		"reserved, declared":       {"US", "CN", ts.FlagSynthetic, nil, 5, ""},
		"declared before":          {"US", "CZ", ts.FlagVictimInternal, on(private, "border", ""), 10, ""},
		"declared otherwise since": {"US", "CZ", ts.FlagVictimInternal, on(private, "border", ""), 11, `is in "CZ", where`},
		"declared too late":        {"US", "FR", ts.FlagVictimInternal, on(private, "border", ""), 10, `is in "FR", where`},
		"nothing declared yet":     {"US", "CZ", ts.FlagVictimInternal, on(private, "border", ""), 3, `is in "CZ", where`},
		"nobody's sensor":          {"US", "CZ", ts.FlagVictimInternal, on(private, "nobody", ""), 5, `is in "CZ", where`},
		"perpetrator elsewhere":    {"US", "CN", ts.FlagPerpInternal, func(r *ts.Row) { r.Perp = private }, 5, `the perpetrator: is in "US", where`},
		"public victim, internal":  {"US", "CZ", ts.FlagVictimInternal, on(netip.MustParseAddr("11.0.0.1"), "border", ""), 5, "called internal, and 11.0.0.1"},
		"counted victim, internal": {"US", "CZ", ts.FlagVictimInternal, on(netip.MustParseAddr("240.0.0.1"), "border", ""), 5, "called internal, and 240.0.0.1"},
		"no address, internal":     {"CZ", "CN", ts.FlagPerpInternal, func(r *ts.Row) { r.Perp = none }, 5, "called internal"},
		"no address, a country":    {"US", "CN", 0, func(r *ts.Row) { r.Perp = none }, 5, "the perpetrator: has a country and no address"},
		"no victim, a country":     {"US", "CN", 0, on(none, "border", ""), 5, "the victim: has a country and no address"},
		"declared, of no site":     {"US", "CZ", ts.FlagVictimDeclared, on(netip.MustParseAddr("11.0.0.1"), "web", ""), 5, "serves no site"},
		"declared, no web server":  {"US", "CZ", ts.FlagVictimDeclared, on(netip.MustParseAddr("11.0.0.1"), "border", "shop.example"), 5, "serves no site"},
		"reserved, not declared":   {"US", "CN", ts.FlagSynthetic, on(netip.MustParseAddr("11.0.0.1"), "nobody", ""), 5, "counts 240.0.0.1 as public"},
	} {
		row := contact(c.by, c.on, c.flags)
		if c.change != nil {
			c.change(&row)
		}
		if err := l.declared(&row, c.batch); (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}
