package tallystick_test

import (
	"fmt"
	"net/netip"
	"testing"

	ts "github.com/tallystick/tallystick"
)

func TestMemberAddrs(t *testing.T) {
	addr := func(s string) []byte { return ts.AppendAddrMember(nil, netip.MustParseAddr(s)) }
	inside := ts.AppendInternalMember(nil, "border", netip.MustParseAddr("10.0.0.1"))
	site := ts.AppendDomainMember(nil, "site.example")
	for _, c := range []struct {
		member []byte
		want   string
	}{
		{addr("240.0.0.1"), "[240.0.0.1/32]"},
		{addr("2001:db8::1"), "[2001:db8::1/128]"},
		{ts.WidenMember(addr("2001:db8::1")), "[2001:db8::/64]"},
		{site, "[]"},
		{inside, "[]"},
		{ts.AppendPageMember(nil, "a.example", "/"), "[]"},
		{ts.AppendContactMember(nil, addr("240.0.0.1"), "a.example", 1800), "[240.0.0.1/32]"},
		{ts.AppendAttackMember(nil, addr("240.0.0.1"), addr("240.0.0.2"), 1800), "[240.0.0.1/32 240.0.0.2/32]"},
		{ts.AppendAttackMember(nil, addr("240.0.0.1"), site, 1800), "[240.0.0.1/32]"},
		{ts.AppendAttackMember(nil, inside, addr("2001:db8::2"), 1800), "[2001:db8::2/128]"},
		{nil, "[]"}, {[]byte{4, 1}, "[]"}, {[]byte{10}, "[]"}, {[]byte{14, 200}, "[]"},
	} {
		if got := fmt.Sprint(ts.MemberAddrs(c.member)); got != c.want {
			t.Errorf("%x: %s, want %s", c.member, got, c.want)
		}
	}
}
