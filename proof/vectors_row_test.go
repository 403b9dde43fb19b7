package proof

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
)

type rowVectors struct {
	Salts    []saltVector    `json:"salts"`
	Leaves   []leafVector    `json:"leaves"`
	Lines    []lineVector    `json:"lines"`
	Rules    []string        `json:"rules"`
	Supports []supportVector `json:"supports"`
}

type saltVector struct {
	Key        hexBytes `json:"key"`
	Segment    hexBytes `json:"segment"`
	Segmentkey hexBytes `json:"segmentkey"`
	Row        uint64   `json:"row"`
	Salt       hexBytes `json:"salt"`
}

type leafVector struct {
	Salt hexBytes `json:"salt"`
	Line string   `json:"line"`
	Leaf hexBytes `json:"leaf"`
}

type lineVector struct {
	Name string `json:"name"`
	Line string `json:"line"`
	Ok   bool   `json:"ok"`
}

// supportVector is the member that a row supports under rule number Rule; none where empty.
type supportVector struct {
	Name   string   `json:"name"`
	Rule   int      `json:"rule"`
	Line   string   `json:"line"`
	Member hexBytes `json:"member"`
}

// support is a change of exampleRule and exampleRow, and the member in hex that then is
// supported, "" for none.
type support struct {
	name   string
	rule   func(*Rule)
	row    func(*ts.Row)
	member string
}

func same[T any](*T) {}

// kind makes exampleRule one of another measure.
func kind(m ts.MemberKind, c ts.Class) func(*Rule) {
	return func(r *Rule) {
		r.Member, r.Unit, r.Classes, r.Without = m, unitOf(m), []ts.Class{c}, 0
		if m.Slotted() {
			r.Bucket = ts.SlotSeconds
		}
	}
}

func net64(m ts.MemberKind, c ts.Class) func(*Rule) {
	return func(r *Rule) { kind(m, c)(r); r.Net64 = true }
}

// slot is the half-hour of exampleRow in a member.
const slot = "0000000064c85910"

// web makes exampleRow one of a web shell or a phishing page.
func web(c ts.Class) func(*ts.Row) {
	return func(r *ts.Row) { r.Class, r.Site, r.Path = c, "v.test", "/p" }
}

func supports() []support {
	a4, a6, b6 := netip.MustParseAddr("240.0.0.9"), netip.MustParseAddr("2001:db8::7"), netip.MustParseAddr("2001:db8::8")
	return []support{
		{"address of the perpetrator", same[Rule], same[ts.Row], "04f0000001"},
		{"any perpetrator's country", func(r *Rule) { r.By = nil }, func(r *ts.Row) { r.By = "" }, "04f0000001"},
		{"IPv6", same[Rule], func(r *ts.Row) { r.Perp = a6 }, "0620010db8000000000000000000000007"},
		{"IPv6 by /64", net64(ts.MemberPerp, ts.Control), func(r *ts.Row) { r.Perp = a6 }, "0720010db800000000"},
		{"one host's other IPv6 address is one member", net64(ts.MemberPerp, ts.Control), func(r *ts.Row) { r.Perp = b6 }, "0720010db800000000"},
		{"IPv4 where IPv6 is by /64", net64(ts.MemberPerp, ts.Control), same[ts.Row], "04f0000001"},
		{"victim", kind(ts.MemberVictim, ts.Control), same[ts.Row], "0620010db8000000000000000000000007"},
		{"name", kind(ts.MemberName, ts.Control), same[ts.Row], "0d000a" + "63322e6578616d706c65"},
		{"name below the listed domain", kind(ts.MemberName, ts.Control), func(r *ts.Row) { r.PerpName, r.Indicator = "a.b.c2.example", "c2.example" }, "0d000a" + "63322e6578616d706c65"},
		{"name that ends like the listed one", kind(ts.MemberName, ts.Control), func(r *ts.Row) { r.PerpName, r.Indicator = "xc2.example", "c2.example" }, "0d000b" + "7863322e6578616d706c65"},
		{"name below an address is none", kind(ts.MemberName, ts.Control), func(r *ts.Row) { r.PerpName, r.Indicator = "a.240.0.0.1", "240.0.0.1" }, "0d000b" + "612e3234302e302e302e31"},
		{"site", kind(ts.MemberSite, ts.Backdoor), web(ts.Backdoor), "0d0006762e74657374"},
		{"page", kind(ts.MemberPage, ts.Phishing), web(ts.Phishing), "0b000a" + "63322e6578616d706c65" + "2f70"},
		{"contact", kind(ts.MemberContact, ts.Phishing), web(ts.Phishing), "0c0620010db8000000000000000000000007000a63322e6578616d706c65" + slot},
		{"contact by /64", net64(ts.MemberContact, ts.Phishing), web(ts.Phishing), "0c0720010db800000000000a63322e6578616d706c65" + slot},
		{"attack on a site", kind(ts.MemberAttack, ts.Backdoor), web(ts.Backdoor), "0a04f00000010d0006762e74657374" + slot},
		{"attack on an address by /64", net64(ts.MemberAttack, ts.Backdoor), func(r *ts.Row) { r.Class = ts.Backdoor }, "0a04f00000010720010db800000000" + slot},
		{"attack on an internal address", kind(ts.MemberAttack, ts.Backdoor), func(r *ts.Row) { r.Class, r.Flags = ts.Backdoor, r.Flags|ts.FlagVictimInternal },
			"0a04f00000010e08626f726465722d310620010db8000000000000000000000007" + slot},
		{"last second of the last day", same[Rule], func(r *ts.Row) { r.First = (day0 + 2).Start() - 1; r.Last = r.First }, "04f0000001"},

		{"day before the window", same[Rule], func(r *ts.Row) { r.First = day0.Start() - 1; r.Last = r.First }, ""},
		{"day after the window", same[Rule], func(r *ts.Row) { r.First = (day0 + 2).Start(); r.Last = r.First }, ""},
		{"last before first", same[Rule], func(r *ts.Row) { r.Last = r.First - 1 }, ""},
		{"last on the next day", same[Rule], func(r *ts.Row) { r.Last = (day0 + 1).Start() }, ""},
		{"another class", same[Rule], func(r *ts.Row) { r.Class = ts.Spyware }, ""},
		{"another grade", same[Rule], func(r *ts.Row) { r.Grade = ts.Attempted }, ""},
		{"a flag that disqualifies", same[Rule], func(r *ts.Row) { r.Flags |= ts.FlagSinkhole }, ""},
		{"another perpetrator's country", same[Rule], func(r *ts.Row) { r.By = "CZ" }, ""},
		{"perpetrator's country unknown", same[Rule], func(r *ts.Row) { r.By = "" }, ""},
		{"another victim's country", same[Rule], func(r *ts.Row) { r.On = "CZ" }, ""},
		{"no perpetrator", same[Rule], func(r *ts.Row) { r.Perp = netip.Addr{} }, ""},
		{"internal perpetrator, by flag", func(r *Rule) { r.Without = 0 }, func(r *ts.Row) { r.Flags |= ts.FlagPerpInternal }, ""},
		{"perpetrator's address is not public, and not declared so", same[Rule], func(r *ts.Row) { r.Flags = 0 }, ""},
		{"victim's address is not public, and not declared so", kind(ts.MemberVictim, ts.Control), func(r *ts.Row) { r.Flags, r.Victim = 0, a4 }, ""},
		{"name in upper case", kind(ts.MemberName, ts.Control), func(r *ts.Row) { r.PerpName = "C2.example" }, ""},
		{"name with a dot at its end", kind(ts.MemberName, ts.Control), func(r *ts.Row) { r.PerpName = "c2.example." }, ""},
		{"name with an empty label", kind(ts.MemberName, ts.Control), func(r *ts.Row) { r.PerpName = "c2..example" }, ""},
		{"name with a byte that none has", kind(ts.MemberName, ts.Control), func(r *ts.Row) { r.PerpName = "c2.example\x00" }, ""},
		{"name with a label of 64", kind(ts.MemberName, ts.Control), func(r *ts.Row) { r.PerpName = strings.Repeat("a", 64) + ".example" }, ""},
		{"name in letters of its own", kind(ts.MemberName, ts.Control), func(r *ts.Row) { r.PerpName = "b\u00fccher.example" }, ""},
		{"site with a port", kind(ts.MemberVictim, ts.Control), func(r *ts.Row) { r.Site = "shop.example:80" }, ""},
		{"no name", kind(ts.MemberName, ts.Control), func(r *ts.Row) { r.PerpName = "" }, ""},
		{"no site", kind(ts.MemberSite, ts.Backdoor), func(r *ts.Row) { r.Class = ts.Backdoor }, ""},
		{"page without path", kind(ts.MemberPage, ts.Phishing), func(r *ts.Row) { r.Class = ts.Phishing }, ""},
		{"attack over two half-hours", kind(ts.MemberAttack, ts.Backdoor), func(r *ts.Row) { web(ts.Backdoor)(r); r.Last = r.First + 1800 }, ""},
		{"contact over two half-hours", kind(ts.MemberContact, ts.Phishing), func(r *ts.Row) { web(ts.Phishing)(r); r.Last = r.First + 1800 }, ""},
		{"attack without target", kind(ts.MemberAttack, ts.Backdoor), func(r *ts.Row) { r.Class, r.Victim = ts.Backdoor, netip.Addr{} }, ""},
	}
}

func TestVectorsRows(t *testing.T) {
	v := rowVectors{}
	key, segment := [32]byte(unhex(t, strings.Repeat("ab", 32))), [16]byte{1, 2, 3}
	for _, row := range []uint64{0, 1, 1 << 40} {
		segmentKey := SegmentKey(key, segment)
		salt := RowSalt(segmentKey, row)
		v.Salts = append(v.Salts, saltVector{key[:], segment[:], segmentKey[:], row, salt[:]})
	}
	row := exampleRow(1)
	line := string(row.AppendLine(nil))
	for _, text := range []string{line, "", strings.Repeat("a", 4096)} {
		leaf := RowLeaf(Salt{5}, []byte(text))
		v.Leaves = append(v.Leaves, leafVector{append(hexBytes{5}, make([]byte, 15)...), text, leaf[:]})
	}
	v.Lines = lineVectors(t, line)
	for _, c := range supports() {
		rule, row := exampleRule(t), exampleRow(1)
		c.rule(rule)
		c.row(&row)
		v.add(string(built(t, rule)), supportVector{c.name, 0, string(row.AppendLine(nil)), unhex(t, c.member)})
	}
	vectors(t, "rows", v, checkRowVectors)
}

// add adds a case, and its rule unless it is there.
func (v *rowVectors) add(rule string, c supportVector) {
	for c.Rule < len(v.Rules) && v.Rules[c.Rule] != rule {
		c.Rule++
	}
	if c.Rule == len(v.Rules) {
		v.Rules = append(v.Rules, rule)
	}
	v.Supports = append(v.Supports, c)
}

func lineVectors(t *testing.T, line string) []lineVector {
	list := []lineVector{{"good", line, true}}
	for _, edit := range [][2]string{
		{`{"day"`, `{ "day"`}, {`"day":"2023-08-01"`, `"day":"2023-08-02"`}, {`"class":"control"`, `"class":"other"`}, {`240.0.0.1","victim"`, `::ffff:240.0.0.1","victim"`},
		{`240.0.0.1","victim"`, `64:ff9b::f000:1","victim"`}, {`240.0.0.1","victim"`, `240.0.0.01","victim"`}, {"2001:db8::7", "2001:DB8::7"}, {"2001:db8::7", "2001:db8:0::7"},
		{"2001:db8::7", "2001:db8::7%1"}, {`"records":3`, `"records":03`}, {`"records":3`, `"records":3.0`}, {`"records":3`, `"records":9007199254740992`}, {`"perp_port":1177`, `"perp_port":65536`},
		{`"by":"US"`, `"by":"U%53"`}, {`"path":""`, `"path":"\\u002f"`}, {`"path":""`, `"path":"%2f"`}, {`"path":""`, `"path":null`}, {`"flags":`, `"flags":9`}, {`"site":"",`, ""}, {`"}`, `","x":1}`}, {`"}`, "\"}\n"},
	} {
		list = append(list, lineVector{edit[1], string(replaced(t, []byte(line), edit[0], edit[1])), false})
	}
	return list
}

func checkRowVectors(t *testing.T, v rowVectors) {
	for _, c := range v.Salts {
		key := SegmentKey([32]byte(c.Key), [16]byte(c.Segment))
		if salt := RowSalt(key, c.Row); !bytes.Equal(key[:], c.Segmentkey) || !bytes.Equal(salt[:], c.Salt) {
			t.Errorf("row %d: key %x, salt %x", c.Row, key, salt)
		}
	}
	for _, c := range v.Leaves {
		if leaf := RowLeaf(Salt(c.Salt), []byte(c.Line)); !bytes.Equal(leaf[:], c.Leaf) {
			t.Errorf("leaf of %.60q: %x", c.Line, leaf)
		}
	}
	for _, c := range v.Lines {
		_, err := ts.ParseLine(c.Line)
		agree(t, "line with "+c.Name, err, c.Ok)
	}
	for _, c := range v.Supports {
		rule, err := ParseRule([]byte(v.Rules[c.Rule]))
		if err != nil {
			t.Fatal(err)
		}
		row, err := ts.ParseLine(c.Line)
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		member, err := rule.Supports(&row)
		if agree(t, c.Name, err, len(c.Member) > 0); !bytes.Equal(member, c.Member) {
			t.Errorf("%s: member %x, want %x", c.Name, member, []byte(c.Member))
		}
	}
}
