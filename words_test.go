package tallystick_test

import (
	"encoding/hex"
	"net/netip"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
)

func TestWindow(t *testing.T) {
	w, err := ts.ParseWindow("2014-03-19", "2014-05-18")
	if err != nil {
		t.Fatal(err)
	}
	if w.Days() != 61 || w.String() != "2014-03-19 to 2014-05-18 (61 days)" {
		t.Errorf("%d days, %s", w.Days(), w)
	}
	last, _ := ts.ParseDay("2014-05-18")
	if !w.Contains(last) || w.Contains(last+1) || !w.Contains(w.From) || w.Contains(w.From-1) {
		t.Error("the window's edges are wrong")
	}
	all, err := ts.ParseWindow("", "")
	if err != nil || !all.All() || !all.Contains(0) || all.String() != "all days" {
		t.Errorf("no days given: %v, %v", all, err)
	}
	open, err := ts.ParseWindow("2014-03-19", "")
	if err != nil || open.All() || open.Contains(w.From-1) || !open.Contains(30000) {
		t.Errorf("open window: %v, %v", open, err)
	}
	for _, bad := range [][2]string{{"2014-05-18", "2014-03-19"}, {"2014-02-30", ""}, {"", "19.3.2014"}} {
		if _, err := ts.ParseWindow(bad[0], bad[1]); err == nil {
			t.Errorf("window %v accepted", bad)
		}
	}
}

func TestDayOf(t *testing.T) {
	for unix, want := range map[int64]string{0: "1970-01-01", 86399: "1970-01-01", 86400: "1970-01-02",
		-1: "1969-12-31", 1400457599: "2014-05-18", 1400457600: "2014-05-19"} {
		if got := ts.DayOf(unix).String(); got != want {
			t.Errorf("DayOf(%d) = %s, want %s", unix, got, want)
		}
	}
}

func TestRoutable(t *testing.T) {
	for text, want := range map[string]bool{
		"8.8.8.8": true, "10.1.2.3": false, "100.64.0.1": false, "100.128.0.1": true, "127.0.0.1": false,
		"169.254.1.1": false, "172.15.255.255": true, "172.16.0.1": false, "192.0.0.9": true, "192.0.0.8": false,
		"192.0.2.1": false, "192.168.0.1": false, "198.18.0.1": false, "198.20.0.1": true, "224.0.0.1": false,
		"240.0.0.1": false, "255.255.255.255": false, "0.0.0.0": false,
		"2606:4700::1": true, "::1": false, "fe80::1": false, "fd00::1": false, "ff02::1": false,
		"2001:db8::1": false, "2001::1": false, "2001:20::1": true, "2001:200::1": true, "3fff::1": false,
	} {
		if got := ts.Routable(netip.MustParseAddr(text)); got != want {
			t.Errorf("Routable(%s) = %v", text, got)
		}
	}
	// The short way for IPv4 agrees with the blocks, at the first address of every /16.
	for n := range 1 << 16 {
		a := netip.AddrFrom4([4]byte{byte(n >> 8), byte(n), 1, 0})
		if ts.Routable(a) != routableByBlocks(a) {
			t.Fatalf("Routable(%s) = %v", a, ts.Routable(a))
		}
	}
	if ts.Routable(netip.Addr{}) {
		t.Error("nobody is routable")
	}
}

// routableByBlocks is the plain way for IPv4, over the blocks as they are published.
func routableByBlocks(a netip.Addr) bool {
	for _, block := range strings.Fields("0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 " +
		"192.0.0.0/24 192.0.2.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3") {
		if netip.MustParsePrefix(block).Contains(a) {
			return false
		}
	}
	return true
}

func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{"::ffff:240.0.0.1": "240.0.0.1", "64:ff9b::f000:1": "240.0.0.1",
		"fe80::1%eth0": "fe80::1", "2001:db8::1": "2001:db8::1", "240.0.0.1": "240.0.0.1"} {
		if got := ts.Canonical(netip.MustParseAddr(in)); got.String() != want {
			t.Errorf("Canonical(%s) = %s, want %s", in, got, want)
		}
	}
}

func TestObjects(t *testing.T) {
	o := ts.Object{Type: "tally-sensor/v1"}
	o.Add("name", "border-1")
	o.Add("country", "")
	o.Add("networks", "10.0.0.0/8")
	o.Add("networks", "fd00::/8")
	text, err := o.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	const form = "name country as? networks*"
	back, err := ts.ParseObjectAs(text, "tally-sensor/v1", form)
	if err != nil {
		t.Fatal(err)
	}
	if back.Get("country") != "" || len(back.All("networks")) != 2 || back.Get("none") != "" {
		t.Errorf("%+v", back)
	}
	for name, bad := range map[string]string{
		"type":         "tally-batch/v1\nname x\ncountry -\n",
		"no last LF":   "tally-sensor/v1\nname x\ncountry -",
		"CR":           "tally-sensor/v1\r\nname x\ncountry -\n",
		"order":        "tally-sensor/v1\ncountry -\nname x\n",
		"missing":      "tally-sensor/v1\nname x\n",
		"twice":        "tally-sensor/v1\nname x\nname y\ncountry -\n",
		"unknown":      "tally-sensor/v1\nname x\ncountry -\ncolour red\n",
		"not ASCII":    "tally-sensor/v1\nname ü\ncountry -\n",
		"no value":     "tally-sensor/v1\nname\ncountry -\n",
		"space at end": "tally-sensor/v1\nname x \ncountry -\n",
		"empty":        "",
		"too long":     "tally-sensor/v1\nname " + strings.Repeat("x", ts.MaxObject) + "\ncountry -\n",
	} {
		if _, err := ts.ParseObjectAs([]byte(bad), "tally-sensor/v1", form); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	o.Add("site", "a\nb")
	if _, err := o.Bytes(); err == nil {
		t.Error("a value with a line end was written")
	}
}

func FuzzParseObject(f *testing.F) {
	f.Add([]byte("tally-sensor/v1\nname x\ncountry -\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		o, err := ts.ParseObject(b)
		if err != nil {
			return
		}
		if again, err := o.Bytes(); err != nil || string(again) != string(b) {
			t.Errorf("%q read and written is %q, %v", b, again, err)
		}
	})
}

// The bytes of members are those of the proof protocol, 3.2.
func TestMembers(t *testing.T) {
	ip4, ip6 := netip.MustParseAddr("240.0.0.1"), netip.MustParseAddr("2001:db8::1")
	source := ts.AppendAddrMember(nil, ip4)
	for name, c := range map[string]struct {
		got  []byte
		want string
	}{
		"ip4":      {source, "04f0000001"},
		"ip6":      {ts.AppendAddrMember(nil, ip6), "0620010db8000000000000000000000001"},
		"internal": {ts.AppendInternalMember(nil, "s1", ip4), "0e02733104f0000001"},
		"domain":   {ts.AppendDomainMember(nil, "b.example"), "0d0009622e6578616d706c65"},
		"page":     {ts.AppendPageMember(nil, "b.test", "/p"), "0b0006622e746573742f70"},
		"host id":  {ts.AppendHostIDMember(nil, "njrat", "7"), "0f00056e6a7261742037"},
		"contact":  {ts.AppendContactMember(nil, source, "b.test", 1800), "0c04f00000010006622e746573740000000000000708"},
		"attack":   {ts.AppendAttackMember(nil, source, ts.AppendDomainMember(nil, "b.test"), 3600), "0a04f00000010d0006622e746573740000000000000e10"},
	} {
		if got := hex.EncodeToString(c.got); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestTally(t *testing.T) {
	var a, b ts.Tally
	a.Observe()
	a.Skip("time")
	b.Skip("time")
	b.Skip("json")
	sum := a.Plus(b)
	if !sum.Balanced() || sum.String() != "read 4, observed 1, json 1, time 2" || sum.Lost() != 3 {
		t.Error(sum.String())
	}
	sum.Skip("json")
	if a.Skipped["json"] != 0 || b.Skipped["json"] != 1 {
		t.Error("a sum shares its counts with its terms")
	}
	if (&ts.Tally{Read: 1}).Balanced() {
		t.Error("a vanished record balances")
	}
}

func TestCountries(t *testing.T) {
	group, err := ts.ParseCountries("cn+HK")
	if err != nil || len(group) != 2 || group[0] != "CN" || group[1] != "HK" {
		t.Errorf("%v, %v", group, err)
	}
	if any, err := ts.ParseCountries("*"); any != nil || err != nil {
		t.Errorf("%v, %v", any, err)
	}
	for _, bad := range []string{"CHN", "C1", "CN+", "+"} {
		if _, err := ts.ParseCountries(bad); err == nil {
			t.Errorf("%q accepted", bad)
		}
	}
}
