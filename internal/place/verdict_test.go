package place

import (
	"testing"

	ts "github.com/tallystick/tallystick"
)

// TestVerdictFixture is the fixture of doc/method.md 4: what three data sets say of ten
// addresses, "-" being no answer, and how many lie in each country under each verdict.
func TestVerdictFixture(t *testing.T) {
	says := []string{"AAA", "AAB", "ABB", "BBB", "A-A", "A--", "---", "BBA", "AAA", "CAB"}
	codes := map[byte]ts.Country{'A': "US", 'B': "CN", 'C': "HK", '-': ""}
	for _, c := range []struct {
		country byte
		l, p, u int
	}{{'A', 3, 5, 8}, {'B', 1, 3, 5}, {'C', 0, 0, 1}} {
		got := map[Verdict]int{}
		for _, s := range says {
			places := string(codes[s[0]]) + "/1;" + string(codes[s[1]]) + "/;" + string(codes[s[2]]) + "/2"
			for _, v := range []Verdict{L, P, U} {
				if v.In(codes[s[0]], places, []ts.Country{codes[c.country]}) {
					got[v]++
				}
			}
		}
		if got[L] != c.l || got[P] != c.p || got[U] != c.u {
			t.Errorf("%c: L, P, U are %d, %d, %d, want %d, %d, %d", c.country, got[L], got[P], got[U], c.l, c.p, c.u)
		}
	}
}

func TestVerdictIn(t *testing.T) {
	china := []ts.Country{"CN", "HK"}
	for _, c := range []struct {
		name   string
		v      Verdict
		first  ts.Country
		places string
		group  []ts.Country
		want   bool
	}{
		{"any holds the unknown", L, "", "", nil, true},
		{"first", First, "CN", "CN/;US/", china, true},
		{"first knows nothing", First, "", "/;CN/", china, false},
		{"one data set is no bound", L, "HK", "", china, true},
		{"lower: all inside the group, in different countries", L, "CN", "CN/;HK/", china, true},
		{"lower: one answer is not two", L, "CN", "CN/;/", china, false},
		{"majority: half is not more", P, "CN", "CN/;US/", china, false},
		{"upper: the second", U, "US", "US/1;HK/2", china, true},
		{"unknown is in no group", U, "", "", china, false},
	} {
		if got := c.v.In(c.first, c.places, c.group); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestParseVerdict(t *testing.T) {
	for _, v := range []Verdict{First, L, P, U} {
		if got, err := ParseVerdict(v.String()); err != nil || got != v {
			t.Errorf("%v: %v, %v", v, got, err)
		}
	}
	if _, err := ParseVerdict("most"); err == nil {
		t.Error("most: no error")
	}
}
