package bundle

import (
	"net/netip"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// TestAnswered: a disclosure tells what was asked, and nothing else: who reads it takes all of
// it as his.
func TestAnswered(t *testing.T) {
	member := func(s string) []byte { return ts.AppendAddrMember(nil, netip.MustParseAddr(s)) }
	attack := append(append([]byte{0x0a}, member("240.9.9.9")...), member("240.0.0.7")...)
	type list = []string
	for name, c := range map[string]struct {
		asked, opened, absent list
		ok                    bool
	}{
		"all":                      {list{"240.0.0.0/24", "240.1.0.1/32"}, list{"240.0.0.1", "240.0.0.2"}, list{"240.1.0.1"}, true},
		"nothing":                  {list{"240.0.0.0/24"}, nil, nil, true},
		"a single one, opened":     {list{"240.0.0.1/32"}, list{"240.0.0.1"}, nil, true},
		"a single one, untold":     {list{"240.0.0.1/32"}, nil, nil, false},
		"a neighbour":              {list{"240.0.0.0/24"}, list{"240.0.1.1"}, nil, false},
		"everybody":                {list{"0.0.0.0/0"}, list{"240.0.1.1"}, nil, true},
		"IPv6, of all IPv4":        {list{"0.0.0.0/0"}, list{"2001:db8::1"}, nil, false},
		"opened twice":             {list{"240.0.0.0/24"}, list{"240.0.0.1", "240.0.0.1"}, nil, false},
		"absent twice":             {list{"240.0.0.1/32"}, nil, list{"240.0.0.1", "240.0.0.1"}, false},
		"opened and absent":        {list{"240.0.0.1/32"}, list{"240.0.0.1"}, list{"240.0.0.1"}, false},
		"absent, of a network":     {list{"240.0.0.0/24"}, nil, list{"240.0.0.1"}, false},
		"absent, unasked":          {list{"240.0.0.1/32"}, nil, list{"240.0.0.1", "240.0.0.2"}, false},
		"asked twice":              {list{"240.0.0.1/32", "240.0.0.1/32"}, nil, list{"240.0.0.1"}, true},
		"IPv4, asked as IPv6":      {list{"::ffff:240.0.0.1/128"}, list{"240.0.0.1"}, nil, true},
		"IPv4, absent, asked as 6": {list{"64:ff9b::f000:1/128"}, nil, list{"240.0.0.1"}, true},
	} {
		var asked []netip.Prefix
		for _, s := range c.asked {
			asked = append(asked, netip.MustParsePrefix(s))
		}
		d := proof.Disclosure{Asked: asked}
		for _, s := range c.opened {
			d.Openings = append(d.Openings, proof.Opening{Member: member(s)})
		}
		for _, s := range c.absent {
			d.Absent = append(d.Absent, proof.AbsentMember{Member: member(s)})
		}
		if err := (&figure{rule: hostsRule(t)}).answered(&d); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}

	rule := hostsRule(t)
	rule.Net64 = true
	wide := ts.WidenMember(member("2001:db8::9"))
	for asked, ok := range map[string]bool{"2001:db8::1/128": true, "2001:db8::/96": true, "2001:db8::/32": true, "2001:db8:0:1::1/128": false} {
		d := proof.Disclosure{Asked: []netip.Prefix{netip.MustParsePrefix(asked)}, Openings: []proof.Opening{{Member: wide}}}
		if err := (&figure{rule: rule}).answered(&d); (err == nil) != ok {
			t.Errorf("a /64, asked for by %s: %v", asked, err)
		}
	}
	both := []netip.Prefix{netip.MustParsePrefix("2001:db8::1/128"), netip.MustParsePrefix("2001:db8::2/128")}
	if err := (&figure{rule: rule}).answered(&proof.Disclosure{Asked: both, Absent: []proof.AbsentMember{{Member: wide}}}); err != nil {
		t.Errorf("two addresses of an absent /64: %v", err)
	}

	rule = hostsRule(t)
	rule.Member = ts.MemberAttack
	for asked, ok := range map[string]bool{"240.9.9.9/32": true, "240.0.0.0/24": true, "240.1.0.0/24": false} {
		d := proof.Disclosure{Asked: []netip.Prefix{netip.MustParsePrefix(asked)}, Openings: []proof.Opening{{Member: attack}}}
		if err := (&figure{rule: rule}).answered(&d); (err == nil) != ok {
			t.Errorf("an attack, asked for by %s: %v", asked, err)
		}
		d.Openings, d.Absent = nil, []proof.AbsentMember{{Member: member("240.9.9.9")}}
		if err := (&figure{rule: rule}).answered(&d); err == nil {
			t.Errorf("%s is absent where no member is an address", asked)
		}
	}
}
