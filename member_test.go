package tallystick_test

import (
	"encoding/hex"
	"net/netip"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
)

// memberRow is a row that knows every end.
func memberRow() ts.Row {
	return ts.Row{Sighting: ts.Sighting{Perp: netip.MustParseAddr("2001:db8:1:2:3::9"), Victim: netip.MustParseAddr("2001:db8::7"),
		PerpName: "b.test", Site: "v.test", Path: "/p", Sensor: "s1", First: 5401, Last: 5402}}
}

const (
	perp6   = "0620010db8000100020003000000000009"
	victim6 = "0620010db8000000000000000000000007"
	perp64  = "0720010db800010002"
	vict64  = "0720010db800000000"
	inside  = "0e027331"
	site    = "0d0006762e74657374"
	host    = "0006622e74657374"
	slot    = "0000000000001518"
)

// TestRowMembers: each kind of member, with its address as it is and as its /64.
func TestRowMembers(t *testing.T) {
	same := func(*ts.Row) {}
	for _, c := range []struct {
		name     string
		kind     ts.MemberKind
		row      func(*ts.Row)
		member   string
		widened  string
		internal bool
	}{
		{"perpetrator", ts.MemberPerp, same, perp6, perp64, false},
		{"victim", ts.MemberVictim, same, victim6, vict64, false},
		{"IPv4", ts.MemberPerp, func(r *ts.Row) { r.Perp = netip.MustParseAddr("240.0.0.1") }, "04f0000001", "04f0000001", false},
		{"internal perpetrator", ts.MemberPerp, func(r *ts.Row) { r.Flags = ts.FlagPerpInternal }, inside + perp6, inside + perp64, true},
		{"internal victim", ts.MemberVictim, func(r *ts.Row) { r.Flags = ts.FlagVictimInternal }, inside + victim6, inside + vict64, true},
		{"name", ts.MemberName, same, "0d" + host, "0d" + host, false},
		{"site", ts.MemberSite, same, site, site, false},
		{"page", ts.MemberPage, same, "0b" + host + "2f70", "0b" + host + "2f70", false},
		{"contact", ts.MemberContact, same, "0c" + victim6 + host + slot, "0c" + vict64 + host + slot, false},
		{"contact of an internal client", ts.MemberContact, func(r *ts.Row) { r.Flags = ts.FlagVictimInternal }, "0c" + inside + victim6 + host + slot, "0c" + inside + vict64 + host + slot, true},
		{"attack on a site", ts.MemberAttack, same, "0a" + perp6 + site + slot, "0a" + perp64 + site + slot, false},
		{"attack on an address", ts.MemberAttack, func(r *ts.Row) { r.Site = "" }, "0a" + perp6 + victim6 + slot, "0a" + perp64 + vict64 + slot, false},
		{"attack by an internal address", ts.MemberAttack, func(r *ts.Row) { r.Flags = ts.FlagPerpInternal }, "0a" + inside + perp6 + site + slot, "0a" + inside + perp64 + site + slot, true},
		{"attack on an internal address", ts.MemberAttack, func(r *ts.Row) { r.Site, r.Flags = "", ts.FlagVictimInternal }, "0a" + perp6 + inside + victim6 + slot, "0a" + perp64 + inside + vict64 + slot, false},
		{"nobody", ts.MemberPerp, func(r *ts.Row) { r.Perp = netip.Addr{} }, "", "", false},
		{"no client", ts.MemberContact, func(r *ts.Row) { r.Victim = netip.Addr{} }, "", "", false},
		{"contact with no name", ts.MemberContact, func(r *ts.Row) { r.PerpName = "" }, "", "", false},
		{"page without path", ts.MemberPage, func(r *ts.Row) { r.Path = "" }, "", "", false},
		{"attack by nobody", ts.MemberAttack, func(r *ts.Row) { r.Perp = netip.Addr{} }, "", "", false},
		{"attack on nobody", ts.MemberAttack, func(r *ts.Row) { r.Site, r.Victim = "", netip.Addr{} }, "", "", false},
		{"no kind", 0, same, "", "", false},
	} {
		row := memberRow()
		c.row(&row)
		member, internal := row.AppendMember(nil, c.kind)
		if got := hex.EncodeToString(member); got != c.member || internal != c.internal {
			t.Errorf("%s: %s, internal %v; want %s", c.name, got, internal, c.member)
		}
		if got := hex.EncodeToString(ts.WidenMember(member)); got != c.widened {
			t.Errorf("%s by /64: %s, want %s", c.name, got, c.widened)
		}
		if again := ts.WidenMember(ts.WidenMember(member)); hex.EncodeToString(again) != c.widened {
			t.Errorf("%s by /64 twice: %x", c.name, again)
		}
	}
}

// FuzzWidenMember: whatever bytes are widened without a panic, and never to more.
func FuzzWidenMember(f *testing.F) {
	for _, s := range []string{"", perp6, inside + perp6, "0a" + perp6 + victim6 + slot, "0c" + inside + victim6 + host + slot, "0effff", "0a0e", "0dffff61"} {
		b, err := hex.DecodeString(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if got := ts.WidenMember(b); len(got) > len(b) {
			t.Fatalf("%x becomes %x", b, got)
		}
	})
}

func TestMemberKinds(t *testing.T) {
	for kind := ts.MemberPerp; kind <= ts.MemberAttack; kind++ {
		back, err := ts.ParseMemberKind(kind.String())
		if err != nil || back != kind {
			t.Errorf("kind %q comes back as %q, %v", kind, back, err)
		}
		if kind.Slotted() != (kind == ts.MemberContact || kind == ts.MemberAttack) {
			t.Errorf("kind %q: slotted %v", kind, kind.Slotted())
		}
	}
	for _, bad := range []string{"", "Perp", "host-id", "perp "} {
		if k, err := ts.ParseMemberKind(bad); err == nil {
			t.Errorf("%q is kind %q", bad, k)
		}
	}
}

// TestObjectReader: the first error is kept, with the key that it came from.
func TestObjectReader(t *testing.T) {
	o := ts.Object{Type: "t/v1"}
	o.Add("a", "7")
	o.Add("b", "x%0Ay")
	o.Add("c", strings.Repeat("ab", 32))
	o.Add("n", "1")
	o.Add("n", "2")
	r := ts.ObjectReader{Object: &o}
	if a, b, c := r.Number("a"), r.Text("b"), r.Digest("c"); a != 7 || b != "x\ny" || c[0] != 0xab || r.Err != nil {
		t.Errorf("%d, %q, %s, %v", a, b, c, r.Err)
	}
	if all := ts.AllParsed(&r, "n", ts.ParseNumber); len(all) != 2 || all[1] != 2 || r.Err != nil {
		t.Errorf("%v, %v", all, r.Err)
	}
	if n := ts.Parsed(&r, "b", ts.ParseNumber); n != 0 || r.Err == nil || !strings.HasPrefix(r.Err.Error(), "b: ") {
		t.Errorf("%d, %v", n, r.Err)
	}
	first := r.Err
	r.Number("absent")
	r.Keep(nil)
	if r.Err != first {
		t.Errorf("the first error is lost: %v", r.Err)
	}
	for key, read := range map[string]func(*ts.ObjectReader, string){
		"b": func(r *ts.ObjectReader, k string) { r.Digest(k) },
		"c": func(r *ts.ObjectReader, k string) { r.Number(k) },
	} {
		r := ts.ObjectReader{Object: &o}
		if read(&r, key); r.Err == nil {
			t.Errorf("%s: no error", key)
		}
	}
}

func TestParseNumber(t *testing.T) {
	for s, want := range map[string]uint64{"0": 0, "7": 7, "9007199254740991": 1<<53 - 1} {
		if n, err := ts.ParseNumber(s); err != nil || n != want {
			t.Errorf("%s: %d, %v", s, n, err)
		}
	}
	for _, bad := range []string{"", "-", "-1", "+1", "01", "00", "1 ", "1.0", "1e3", "0x1", "1_000", "9007199254740992", "18446744073709551616", "١"} {
		if n, err := ts.ParseNumber(bad); err == nil {
			t.Errorf("%q is %d", bad, n)
		}
	}
}
