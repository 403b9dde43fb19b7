package field

import (
	"net/netip"
	"testing"

	"github.com/tallystick/tallystick"
)

func FuzzAddress(f *testing.F) {
	for _, text := range []string{
		"240.0.0.1", "255.255.255.255", "0.0.0.0", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1..2.3", "1.2.3.", "",
		"::", "::1", "1::", "2001:db8::1", "2001:DB8:0:0:1:2:3:4", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9",
		"1::2::3", ":1", "1:", "1:2", "::ffff:240.0.0.1", "64:ff9b::240.0.0.1", "1:2:3:4:5:6:240.0.0.1", "::240.0.0.1:1",
		"12345::", "::g", "fe80::1%eth0", "fe80::1%", "240.0.0.1%eth0", "1:2:3:4:5:6:7:240.0.0.1", ":::", "::1234.1.1.1",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want, err := netip.ParseAddr(text)
		got, ok := Address([]byte(text))
		if ok != (err == nil) || ok && got != tallystick.Canonical(want) {
			t.Fatalf("%q: %v, %v; netip: %v, %v", text, got, ok, want, err)
		}
	})
}

func TestPort(t *testing.T) {
	for _, tc := range []struct {
		text string
		want uint16
		ok   bool
	}{{"0", 0, true}, {"65535", 65535, true}, {"65536", 0, false}, {"99999999999999999999999", 0, false}, {"", 0, true}, {"-1", 0, false}, {"80/tcp", 0, false}} {
		if got, ok := Port([]byte(tc.text)); ok != tc.ok || ok && got != tc.want {
			t.Errorf("port(%q) = %d, %v", tc.text, got, ok)
		}
	}
}

func FuzzEnd(f *testing.F) {
	for _, text := range []string{
		"240.0.0.1", "240.0.0.1:80", "240.0.0.1:", "240.0.0.1:65536", "240.0.0.1:0080", "2001:db8::1", "2001:db8::1:80", "[2001:db8::1]",
		"[2001:db8::1]:80", "[2001:db8::1]:", "[2001:db8::1]80", "[2001:db8::1", "[240.0.0.1]:80", "[240.0.0.1]", "[::ffff:240.0.0.1]:80",
		"[fe80::1%e]:80", "[]", "[]:1", "host.example:80", ":80", "",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := End([]byte(text))
		want, err := oracle(text)
		if ok != (err == nil) || ok && got != want {
			t.Fatalf("%q: %v, %v; netip: %v, %v", text, got, ok, want, err)
		}
	})
}

// oracle is End in terms of net/netip.
func oracle(text string) (tallystick.End, error) {
	bare := text
	if len(text) > 1 && text[0] == '[' && text[len(text)-1] == ']' {
		bare = text[1 : len(text)-1]
	}
	if a, err := netip.ParseAddr(bare); err == nil {
		return tallystick.End{Addr: tallystick.Canonical(a)}, nil
	}
	both, err := netip.ParseAddrPort(text)
	return tallystick.End{Addr: tallystick.Canonical(both.Addr()), Port: both.Port()}, err
}
