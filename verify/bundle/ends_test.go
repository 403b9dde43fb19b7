package bundle

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"

	ts "github.com/tallystick/tallystick"
)

// update writes doc/proof/vectors/ends.json anew.
var update = flag.Bool("update", false, "write the test vectors anew")

// endsVector is a row, the declaration of its sensor that holds, and what comes of them.
type endsVector struct {
	Name     string         `json:"name"`
	Line     string         `json:"line"`
	Role     ts.Role        `json:"role"`
	Country  ts.Country     `json:"country"`
	AsPublic []netip.Prefix `json:"treat_as_public"`
	OK       bool           `json:"ok"`    // rules 7 and 8 but for tables
	Rests    [2]string      `json:"rests"` // perpetrator, victim: "", "table" or "word"
}

var grounds = map[ground]string{noGround: "", byTable: "table", byWord: "word"}

// declarations are of a network and of a web server.
func declarations() (border, web declaration) {
	return declaration{country: "CZ", role: ts.RoleNetwork, asPublic: []netip.Prefix{netip.MustParsePrefix("240.0.0.0/8")}},
		declaration{country: "CZ", role: ts.RoleWebserver, asPublic: []netip.Prefix{}}
}

// endsCases are what a row may claim of its ends, rightly or not.
func endsCases() (list []endsVector) {
	border, web := declarations()
	private, public, reserved, none := netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("11.0.0.1"), netip.MustParseAddr("240.1.0.1"), netip.Addr{}
	add := func(name string, ok bool, perp, victim string, d declaration, change func(*ts.Row)) {
		row := contact("US", "CN", 0)
		row.Class, row.Grade, row.Perp = ts.Control, ts.Established, netip.MustParseAddr("11.0.0.2")
		row.First, row.Last = 1690848000, 1690848000
		row.Victim = public
		change(&row)
		list = append(list, endsVector{name, string(row.AppendLine(nil)), d.role, d.country, d.asPublic, ok, [2]string{perp, victim}})
	}
	perp := func(a netip.Addr, by ts.Country, flags ts.Flags) func(*ts.Row) {
		return func(r *ts.Row) { r.Perp, r.By, r.Flags = a, by, flags }
	}
	victim := func(a netip.Addr, on ts.Country, site string, flags ts.Flags) func(*ts.Row) {
		return func(r *ts.Row) { r.Victim, r.On, r.Site, r.Flags = a, on, site, flags }
	}
	backdoor := func(a netip.Addr, on ts.Country, site string) func(*ts.Row) {
		return func(r *ts.Row) {
			r.Class, r.Victim, r.On, r.Site, r.Flags = ts.Backdoor, a, on, site, ts.FlagVictimDeclared
		}
	}
	add("both by tables", true, "table", "table", border, func(*ts.Row) {})
	add("a perpetrator without country", true, "", "table", border, perp(public, "", ts.FlagSinkhole))
	add("an internal perpetrator", true, "word", "table", border, perp(private, "CZ", ts.FlagPerpInternal))
	add("an internal perpetrator without country", true, "", "table", border, perp(private, "", ts.FlagPerpInternal))
	add("an internal perpetrator elsewhere", false, "word", "table", border, perp(private, "US", ts.FlagPerpInternal))
	add("a public perpetrator, called internal", false, "word", "table", border, perp(public, "CZ", ts.FlagPerpInternal))
	add("no perpetrator, called internal", false, "word", "table", border, perp(none, "CZ", ts.FlagPerpInternal))
	add("no perpetrator, and a country", false, "table", "table", border, perp(none, "US", 0))
	add("an internal victim", true, "table", "word", border, victim(private, "CZ", "", ts.FlagVictimInternal))
	add("an internal victim elsewhere", false, "table", "word", border, victim(private, "CN", "", ts.FlagVictimInternal))
	add("a public victim, called internal", false, "table", "word", border, victim(public, "CZ", "", ts.FlagVictimInternal))
	add("a victim that counts as public, called internal", false, "table", "word", border, victim(reserved, "CZ", "", ts.FlagVictimInternal))
	add("a victim without address or country", true, "table", "", border, victim(none, "", "", 0))
	add("a victim without address, declared", true, "table", "word", border, victim(none, "CZ", "", ts.FlagVictimDeclared))
	add("a victim without address, not declared", false, "table", "table", border, victim(none, "CZ", "", 0))
	add("a victim with an address and no country", true, "table", "table", border, victim(public, "", "", 0))
	add("a site of a web server", true, "table", "word", web, backdoor(public, "CZ", "shop.example"))
	add("a site of a network", false, "table", "word", border, backdoor(public, "CZ", "shop.example"))
	add("a web server's victim of no site", false, "table", "word", web, backdoor(public, "CZ", ""))
	add("a site elsewhere", false, "table", "word", web, backdoor(public, "CN", "shop.example"))
	add("a site of a web server, and no backdoor", false, "table", "word", web, victim(public, "CZ", "shop.example", ts.FlagVictimDeclared))
	add("no address, at a web server", true, "table", "word", web, backdoor(none, "CZ", "shop.example"))
	add("reserved, counted as public", true, "table", "table", border, victim(reserved, "CN", "", ts.FlagSynthetic))
	add("reserved, not counted as public", false, "table", "table", web, victim(reserved, "CN", "", ts.FlagSynthetic))
	return list
}

// TestVectorsEnds: what no table can tell, the declaration of its sensor must; an end that
// claims to need no table, and does, shows nothing.
func TestVectorsEnds(t *testing.T) {
	path := filepath.Join("..", "..", "doc", "proof", "vectors", "ends.json")
	var made bytes.Buffer
	e := json.NewEncoder(&made)
	e.SetIndent("", " ")
	if err := e.Encode(map[string]any{"ends": endsCases()}); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, made.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(file, made.Bytes()) {
		t.Fatalf("%s is not what this program makes: go test ./verify/bundle -run Vectors -update (%v)", path, err)
	}
	for _, c := range endsCases() {
		row, err := ts.ParseLine(c.Line)
		if err != nil {
			t.Fatal(err)
		}
		l := &history{sensors: map[string][]declaration{"border": {{role: c.Role, country: c.Country, asPublic: c.AsPublic}}}}
		if err := l.declared(&row, 1); (err == nil) != c.OK {
			t.Errorf("%s: %v", c.Name, err)
		}
		ends := endsOf(&row)
		if got := [2]string{grounds[ends[0].ground], grounds[ends[1].ground]}; got != c.Rests {
			t.Errorf("%s: rest on %v, want %v", c.Name, got, c.Rests)
		}
	}
}

// TestDeclarationThatHeld is the last before the row's batch: what was declared otherwise since,
// or is declared only then, says nothing.
func TestDeclarationThatHeld(t *testing.T) {
	l := &history{sensors: map[string][]declaration{"border": {{index: 3, country: "CZ"}, {index: 10, country: "FR"}}}}
	var got []ts.Country
	for _, batch := range []uint64{3, 4, 10, 11} {
		got = append(got, l.declarationAt("border", batch).country)
	}
	if want := []ts.Country{"", "CZ", "CZ", "FR"}; !slices.Equal(got, want) || l.declarationAt("nobody", 5).country != "" {
		t.Errorf("%q, want %q", got, want)
	}
}
