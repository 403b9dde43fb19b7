package report

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"

	ts "github.com/tallystick/tallystick"
)

var (
	firstDay   = mustDay("2014-03-19")
	testWindow = ts.Window{From: firstDay, To: firstDay + 61}
	us         = []ts.Country{"US"}
	cn         = []ts.Country{"CN"}
)

func mustDay(s string) ts.Day {
	d, err := ts.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

// made makes rows of a made-up ledger, the same for each seed.
type made struct {
	rand *rand.Rand
	rows []ts.Row
}

// block is the n-th made-up address of a country's block.
func block(country ts.Country, n int) netip.Addr {
	if country == ts.Unknown {
		country = "ZZ"
	}
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], 0xf0000000|uint32(country[0]-'A')<<22|uint32(country[1]-'A')<<17|uint32(n))
	return netip.AddrFrom4(b)
}

func (m *made) add(r ts.Row) {
	r.First = (firstDay + ts.Day(m.rand.IntN(61))).Start() + int64(m.rand.IntN(ts.SecondsPerDay))
	r.Last, r.Records = r.First, uint64(1+m.rand.IntN(20))
	if r.Sensor == "" {
		r.Sensor = "backbone"
	}
	m.rows = append(m.rows, r)
}

// control adds contacts of servers placed in by with victims placed in on.
func (m *made) control(by, on ts.Country, servers, victims int, family string) {
	for i := range victims {
		server := m.rand.IntN(1 + m.rand.IntN(servers))
		r := ts.Row{By: by, On: on, ByAS: 64500 + uint32(server%5), OnAS: 64510 + uint32(i%7)}
		r.Class, r.Grade, r.Family, r.Feed = ts.Control, ts.Established, family, "trails.example"
		r.Perp, r.PerpPort, r.Victim = block(by, server), 443+uint16(server%3), block(on, 5000+i)
		r.PerpName = fmt.Sprintf("c%d.%s.example", server, family)
		switch m.rand.IntN(12) {
		case 0:
			r.Grade = ts.Attempted
		case 1:
			r.Flags |= ts.FlagUndated
		case 2:
			r.ByPlaces = fmt.Sprintf("%s/64500;NL/64501", by)
		}
		m.add(r)
	}
}

func (m *made) backdoor(by, on ts.Country, sources, sites, attacks int) {
	for range attacks {
		r := ts.Row{By: by, On: on, ByAS: 64520, OnAS: 64530}
		r.Class, r.Grade, r.Sensor = ts.Backdoor, ts.Established, "web-hotel"
		r.Perp, r.Victim = block(by, 20000+m.rand.IntN(sources)), block(on, 30000)
		r.Site, r.Path = fmt.Sprintf("shop%d.example", m.rand.IntN(sites)), "/x.php"
		m.add(r)
	}
}

func (m *made) phishing(by, on ts.Country, hosts, contacts int) {
	for range contacts {
		h := m.rand.IntN(hosts)
		r := ts.Row{By: by, On: on}
		r.Class, r.Grade = ts.Phishing, ts.Established
		r.Perp, r.Victim = block(by, 40000+h), block(on, 41000+m.rand.IntN(90))
		r.PerpName, r.Path = fmt.Sprintf("bank%d.test", h), fmt.Sprintf("/login%d", m.rand.IntN(4))
		m.add(r)
	}
}

// apart adds contacts that bear a role, one of them written by an attacker.
func (m *made) apart() {
	for i, f := range []ts.Flags{ts.FlagSinkhole, ts.FlagParked, ts.FlagShared, ts.FlagVetoed} {
		for v := range 9 - i {
			r := ts.Row{By: "US", On: "CN"}
			r.Class, r.Grade, r.Flags, r.Family = ts.Control, ts.Established, f, "simda"
			r.Perp, r.PerpPort, r.Victim = block("US", 50000+i), 80, block("CN", 51000+v)
			r.PerpName = hostile
			m.add(r)
		}
	}
	for v := range 6 {
		r := ts.Row{On: "CN"}
		r.Class, r.Grade, r.Family, r.PerpName = ts.Control, ts.LookedUp, "simda", hostile
		r.Flags = ts.FlagVictimInternal | ts.FlagVictimDeclared | ts.FlagNowhere
		r.Victim, r.Sensor = netip.AddrFrom4([4]byte{192, 168, 1, byte(v)}), "office"
		m.add(r)
	}
}

// hostile is a name as an attacker may write it: markup, a formula, and a mark that turns
// the direction of writing.
const hostile = "=<script>alert(1)</script>\u202e\"'&.test"

func madeRows() []ts.Row {
	m := &made{rand: rand.New(rand.NewPCG(1, 2))}
	m.control("US", "CN", 60, 900, "zeus")
	m.control("US", "CN", 20, 300, "njrat")
	m.control("HK", "CN", 12, 150, "zeus")
	m.control("DE", "US", 9, 120, "simda")
	m.control("CN", "US", 15, 80, "plugx")
	m.control("KR", "JP", 4, 30, "njrat")
	m.control("", "CN", 3, 12, "zeus")
	m.backdoor("US", "CN", 40, 25, 400)
	m.backdoor("DE", "CN", 10, 9, 40)
	m.phishing("US", "CN", 9, 200)
	m.apart()
	return m.rows
}

func madeEvidence() Evidence {
	place := func(name string, day string) PlaceLine {
		return PlaceLine{Name: name, Day: mustDay(day), Digest: ts.DigestOf([]byte(name)), Distance: 11}
	}
	return Evidence{
		Listed:     []ts.Class{ts.Attempt, ts.Backdoor, ts.Control, ts.Phishing, ts.Spyware},
		Checkpoint: ts.FigureCheckpoint{Origin: "ledger.example/2014", Size: 7, Root: "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="},
		Recipe: ts.FigureRecipe{Sensors: []string{"backbone", "web-hotel", "office"}, Places: []string{"first.example 2014-03-08 " + ts.DigestOf([]byte("first.example")).String()},
			Rules: []string{ts.DigestOf([]byte("rules")).String()}, Batches: 3, Segments: 61, Rows: 2293, Excluded: []string{"240.0.0.1"}, Tool: "tallystick v0.0.0-test"},
		Inputs: []Input{
			{Name: "logs/backbone/conn.log.gz", Sensor: "backbone", Format: "zeek-conn", Bytes: 73400320, Tally: ts.Tally{Read: 512000, Observed: 511990, Skipped: map[string]uint64{"columns": 7, "time": 3}}, Shows: []ts.Record{ts.RecordConn, ts.RecordHTTP}, Days: testWindow},
			{Name: "logs/web-hotel/access.log", Sensor: "web-hotel", Format: "access", Bytes: 10485760, Tally: ts.Tally{Read: 90000, Observed: 90000}, Shows: []ts.Record{ts.RecordAccess}},
			{Name: "logs/office/<b>dns</b>.log", Sensor: "office", Format: "zeek-dns", Bytes: 2048, Tally: ts.Tally{Read: 20, Observed: 19, Skipped: map[string]uint64{"address": 1}}, Shows: []ts.Record{ts.RecordDNS}, Days: ts.Window{From: firstDay, To: firstDay + 1}},
		},
		Sensors: []ts.Sensor{
			{Name: "backbone", Role: ts.RoleNetwork, Country: "CN", AS: 64510, TreatAsPublic: []netip.Prefix{netip.MustParsePrefix("240.0.0.0/4")}},
			{Name: "web-hotel", Role: ts.RoleWebserver, Country: "CN", Site: "shop1.example"},
			{Name: "office", Role: ts.RoleResolver, Country: "CN", Networks: []netip.Prefix{netip.MustParsePrefix("192.168.0.0/16")}, Sampling: 10},
		},
		Exclusions: []Exclusion{{"240.0.0.1", "the operator's own monitor"}},
		Feeds:      []FeedLine{{"trails.example", 1200, 300}, {"own list", 12, 12}},
		Places:     []PlaceLine{place("first.example", "2014-03-08"), place("second.example", "2014-03-08")},
		Notes:      []string{"synthetic: every address is made up (240.0.0.0/4), and placed by the scenario's own table."},
	}
}

func madeEngine() *plain { return &plain{rows: madeRows()} }
