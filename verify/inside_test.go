package verify

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
)

// TestVerdicts has ten addresses as three data sets place them, and what method and
// arithmetic by hand make of them (doc/measures.md, Places).
func TestVerdicts(t *testing.T) {
	addresses := []string{"AA;AA;AA", "AA;AA;BB", "AA;BB;BB", "BB;BB;BB", "AA;;AA", "AA;;", ";;", "BB;BB;AA", "AA;AA;AA", "CC;AA;BB"}
	for _, c := range []struct {
		country              ts.Country
		lower, plural, upper int
	}{{"AA", 3, 5, 8}, {"BB", 1, 3, 5}, {"CC", 0, 0, 1}} {
		got := map[verdict]int{}
		for _, a := range addresses {
			said := strings.Split(a, ";")
			places := fmt.Sprintf("%s/1;%s/;%s/3", said[0], said[1], said[2])
			for _, v := range []verdict{lower, majority, upper} {
				if v.in(ts.Country(said[0]), places, []ts.Country{c.country}) {
					got[v]++
				}
			}
		}
		if got[lower] != c.lower || got[majority] != c.plural || got[upper] != c.upper {
			t.Errorf("%s: L %d P %d U %d, want %d %d %d", c.country, got[lower], got[majority], got[upper], c.lower, c.plural, c.upper)
		}
	}
}

// TestVerdictsAgree: where all data sets agree, and where any country will do.
func TestVerdictsAgree(t *testing.T) {
	for _, v := range []verdict{first, lower, majority, upper} {
		if !v.in("AA", "", []ts.Country{"BB", "AA"}) || v.in("AA", "", []ts.Country{"BB"}) || !v.in("", "AA/;BB/", nil) {
			t.Errorf("verdict %s", v)
		}
	}
}

// TestSets compares both sets with a map.
func TestSets(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 100, 5000} {
		var members, inside bitmap
		var list pairs
		seen, in := map[uint32]bool{}, map[uint32]bool{}
		both := map[uint64]bool{}
		for range n {
			member, group := random.Uint32N(3000), random.Uint32N(5)
			members.add(member)
			list.add(group, member)
			seen[member], both[uint64(group)<<32|uint64(member)] = true, true
			if other := random.Uint32N(4000); random.IntN(3) == 0 {
				inside.add(other)
				in[other] = true
			}
		}
		var want cell
		for member := range seen {
			if in[member] {
				want.Internal++
			} else {
				want.Value++
			}
		}
		if got := members.split(inside); got != want {
			t.Errorf("%d adds: %+v, want %+v", n, got, want)
		}
		if got := list.sorted(); len(got) != len(both) || !slices.IsSorted(got) {
			t.Errorf("%d adds: %d pairs, want %d in order", n, len(got), len(both))
		}
	}
}

func TestSessions(t *testing.T) {
	for _, c := range []struct {
		stays []stay
		want  uint64
	}{
		{nil, 0},
		{[]stay{{0, 5, 5}}, 1},
		{[]stay{{0, 0, 0}, {0, 1800, 1800}}, 1},                // a gap of just half an hour
		{[]stay{{0, 1801, 1801}, {0, 0, 0}}, 2},                // one second more, in any order
		{[]stay{{0, 0, 9000}, {0, 100, 200}, {0, 9500, 1}}, 1}, // a short one inside a long one
		{[]stay{{0, 0, 0}, {1, 10, 10}}, 2},                    // two visitors
	} {
		v := visits{stays: c.stays}
		if got := v.sessions(); got != c.want {
			t.Errorf("%v: %d sessions, want %d", c.stays, got, c.want)
		}
	}
}

// TestVisits: a session is of one source at one target, the site or else the victim, where
// internal ends are known by their sensor.
func TestVisits(t *testing.T) {
	source, public, private := netip.MustParseAddr("240.0.0.1"), netip.MustParseAddr("240.9.0.1"), netip.MustParseAddr("10.0.0.1")
	row := func(perp, victim netip.Addr, site, sensor string, flags ts.Flags) *ts.Row {
		return &ts.Row{Sighting: ts.Sighting{Perp: perp, Victim: victim, Site: site, Sensor: sensor, Flags: flags}}
	}
	for _, c := range []struct {
		name string
		rows []*ts.Row
		want uint64
	}{
		{"a site of two addresses", []*ts.Row{row(source, public, "shop.example", "s1", 0), row(source, private, "shop.example", "s1", ts.FlagVictimInternal)}, 1},
		{"an address behind two sensors", []*ts.Row{row(source, public, "", "s1", 0), row(source, public, "", "s2", 0)}, 1},
		{"internal addresses behind two", []*ts.Row{row(source, private, "", "s1", ts.FlagVictimInternal), row(source, private, "", "s2", ts.FlagVictimInternal)}, 2},
		{"internal sources behind two", []*ts.Row{row(private, public, "", "s1", ts.FlagPerpInternal), row(private, public, "", "s2", ts.FlagPerpInternal)}, 2},
		{"a site and an address", []*ts.Row{row(source, public, "shop.example", "s1", 0), row(source, public, "", "s1", 0)}, 2},
		{"nobody and nothing", []*ts.Row{row(netip.Addr{}, public, "shop.example", "s1", 0), row(source, netip.Addr{}, "", "s1", 0)}, 0},
	} {
		v := visits{numbers: map[string]uint32{}}
		for _, r := range c.rows {
			v.add(r)
		}
		if got := v.sessions(); got != c.want {
			t.Errorf("%s: %d sessions, want %d", c.name, got, c.want)
		}
	}
}

// TestRequests: records of a row that knows no member are in no sum; the row is one unknown.
func TestRequests(t *testing.T) {
	m, err := measure.ByName("backdoor.attacks")
	if err != nil {
		t.Fatal(err)
	}
	c := counter{question: question{measure: m, verdict: first}}
	facts, all := newFacts([]*counter{&c}), census{numbers: map[string]uint32{}}
	for i, site := range []string{"shop.example", ""} {
		row := ts.Row{Sighting: ts.Sighting{Class: ts.Backdoor, Grade: ts.Established, Site: site, Perp: netip.MustParseAddr("240.0.0.1"), Records: uint64(3 + i)}}
		all.turn()
		c.add(&row, &all, facts)
	}
	if got := c.answer(&all); got.records != 3 || got.unknown != 1 || got.total.Value != 1 {
		t.Errorf("%+v; want 1 attack of 3 requests, 1 row unknown", got)
	}
}

func TestCheckJSON(t *testing.T) {
	for text, good := range map[string]bool{
		`{}`: true, `[0, 9007199254740991, {"a": {"a": null}}]`: true, `{"a": true, "b": "\u0041"}`: true,
		``: false, `{`: false, `{} {}`: false, `{}]`: false, `[01]`: false, `[1.0]`: false, `[-0]`: false, `[1e1]`: false,
		`[9007199254740992]`: false, `[18446744073709551616]`: false, `{"a":1,"a":1}`: false, `{"a":1,"\u0061":1}`: false,
		`{"A":1}`: false, "{\"\u017f\":1}": false, "\"\xff\"": false, `[,]`: false,
		strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1): false,
		strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth):     true,
	} {
		if err := checkJSON([]byte(text)); err == nil != good {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}

func FuzzReadDocument(f *testing.F) {
	f.Add([]byte(`{"figures": [{"value": null, "bounds": {"parts": [{}]}}], "x": 1}`))
	f.Add([]byte(`{"checkpoint": {"size": 9007199254740991}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		doc, _, err := readDocument(b)
		if err == nil && doc == nil {
			t.Error("no document and no error")
		}
	})
}

var hash44 = base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))

func TestParseHead(t *testing.T) {
	good := "ledger.example\n12\n" + hash44 + "\n"
	if h, err := parseHead(good); err != nil || h.size != 12 || h.origin != "ledger.example" {
		t.Errorf("%+v, %v", h, err)
	}
	for _, bad := range []string{"", "\n", good[1:][13:], strings.Replace(good, "12", "012", 1), strings.Replace(good, "12", "+1", 1),
		strings.Replace(good, "12", "9007199254740992", 1), strings.Replace(good, "=", "", 1), good + "extension\n", strings.TrimSuffix(good, "\n"),
		strings.Replace(good, "c=\n", "d=\n", 1), strings.Replace(good, "\n12", "\n12\r", 1), "\n12\n" + hash44 + "\n"} {
		if h, err := parseHead(bad); err == nil {
			t.Errorf("%q is read as %+v", bad, h)
		}
	}
}

func FuzzParseHead(f *testing.F) {
	f.Add("ledger.example\n12\n" + hash44 + "\n")
	f.Add("a\n0\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := parseHead(text)
		if again := fmt.Sprintf("%s\n%d\n%s\n", h.origin, h.size, h.root); err == nil && again != text {
			t.Errorf("%q is read as %q", text, again)
		}
	})
}

func FuzzParseProof(f *testing.F) {
	f.Add([]byte("c2sp.org/tlog-proof@v1\nindex 3\n" + hash44 + "\n\nledger\n"))
	f.Add([]byte("c2sp.org/tlog-proof@v1\nindex 0\n\n"))
	f.Add([]byte("c2sp.org/tlog-proof@v1\nextra AA==\nindex 0\n\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := parseProof(b)
		if err != nil {
			return
		}
		again := fmt.Appendf(nil, "c2sp.org/tlog-proof@v1\nindex %d\n", p.index)
		for _, h := range p.path {
			again = fmt.Appendln(again, h)
		}
		if again = append(append(again, '\n'), p.checkpoint...); !bytes.Equal(again, b) || len(p.path) > maxProofPath {
			t.Errorf("%q is read as %q", b, again)
		}
	})
}
