package main

import (
	"context"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/publish"
)

// The real logs and feeds of TALLYSTICK_DATA, end to end: what was counted there
// independently (its README.md) is what the rows and tallies say.

func realData(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("TALLYSTICK_DATA")
	if dir == "" {
		t.Skip("TALLYSTICK_DATA is not set")
	}
	return dir
}

// session ingests logs with feeds into a new ledger and opens it.
func session(t *testing.T, args ...string) *reading {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "ledger")
	var errs strings.Builder
	args = append([]string{"ingest", "--ledger", dir}, args...)
	if code := run(args, strings.NewReader(""), io.Discard, &errs); code != 0 {
		t.Fatalf("tallystick %s: exit %d\n%s", strings.Join(args, " "), code, errs.String())
	}
	r, err := openReading(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// rows returns the rows of a class that are wanted.
func (r *reading) rows(t *testing.T, class ts.Class, wanted func(*ts.Row) bool) []ts.Row {
	t.Helper()
	any := measure.Measure{Name: "rows", Unit: measure.Addresses, Class: class, Grades: measure.AnyGrade, Member: measure.Victim}
	var list []ts.Row
	for row, err := range r.scan.Rows(context.Background(), count.Question{Measure: any}) {
		if err != nil {
			t.Fatal(err)
		}
		if wanted(&row) {
			list = append(list, row)
		}
	}
	return list
}

// facts are what rows say together.
type facts struct {
	names, victims, perps map[string]bool
	records               uint64
}

func together(rows []ts.Row) facts {
	f := facts{map[string]bool{}, map[string]bool{}, map[string]bool{}, 0}
	for i := range rows {
		r := &rows[i]
		f.records += r.Records
		f.names[r.PerpName] = true
		f.victims[r.Victim.String()] = true
		f.perps[r.Perp.String()] = true
	}
	return f
}

func (r *reading) value(t *testing.T, name string) (public, internal uint64) {
	t.Helper()
	m, err := measure.ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	for g, err := range r.scan.Count(context.Background(), count.Question{Measure: m}) {
		if err != nil {
			t.Fatal(err)
		}
		public, internal = g.Members, g.Internal
	}
	return public, internal
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestRealSimda(t *testing.T) {
	data := realData(t)
	r := session(t, "--country", "CZ", "--intel", filepath.Join(data, "intel/maltrail/trails/static"), filepath.Join(data, "zeek/simda"))
	public, internal := r.value(t, "infected.addresses")
	equal(t, "infected public", public, 0)
	equal(t, "infected internal", internal, 2)

	asked := together(r.rows(t, ts.Control, func(r *ts.Row) bool { return r.Grade == ts.LookedUp && r.Family == "simda" }))
	equal(t, "names asked", len(asked.names), 256)
	equal(t, "rows that ask them", asked.records, 680)
	equal(t, "clients", len(asked.victims), 2)

	visited := func(r *ts.Row) bool { return r.Grade != ts.LookedUp && r.Family == "simda" }
	exactly := together(r.rows(t, ts.Control, func(r *ts.Row) bool { return visited(r) && r.PerpName == r.Indicator }))
	equal(t, "requests to listed hosts", exactly.records, 982)
	equal(t, "listed hosts", len(exactly.names), 196)
	sunk := together(r.rows(t, ts.Control, func(r *ts.Row) bool { return visited(r) && r.Flags.Has(ts.FlagSinkhole) }))
	equal(t, "sinkholes", len(sunk.perps), 5)
	equal(t, "requests to sinkholes", sunk.records, 883)
	equal(t, "104.239.157.210 is a sinkhole", sunk.perps["104.239.157.210"], true)
	parked := together(r.rows(t, ts.Control, func(r *ts.Row) bool { return r.Grade != ts.LookedUp && r.Flags.Has(ts.FlagParked) }))
	equal(t, "parked", len(parked.perps), 9)
	for _, row := range r.rows(t, ts.Control, func(*ts.Row) bool { return true }) {
		if row.On != "CZ" || !row.Flags.Has(ts.FlagVictimDeclared) || !row.Flags.Has(ts.FlagClock) {
			t.Fatalf("row is not declared CZ of 1970: %s", row.AppendLine(nil))
		}
	}
}

// njRAT's control server never answered: attempted, and no server.
func TestRealNjrat(t *testing.T) {
	data := realData(t)
	list := filepath.Join(t.TempDir(), "one.txt")
	if err := os.WriteFile(list, []byte("41.108.179.197:1177\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := session(t, "--country", "CZ", "--intel", list, filepath.Join(data, "zeek/njrat/conn.log"))
	servers, _ := r.value(t, "control.servers")
	equal(t, "servers", servers, 0)
	all := together(r.rows(t, ts.Control, func(*ts.Row) bool { return true }))
	attempted := r.rows(t, ts.Control, func(r *ts.Row) bool { return r.Grade == ts.Attempted })
	equal(t, "flows", all.records, 237)
	equal(t, "flows without a reply", together(attempted).records, 237)
	equal(t, "victim", attempted[0].Victim, netip.MustParseAddr("192.168.1.115"))
}

// Every record of every input is accounted for, and as many as were counted.
func TestRealTallies(t *testing.T) {
	data := realData(t)
	for _, c := range []struct {
		path string
		read uint64
	}{
		{"zeek/portscan/conn.log", 4504},
		{"zeek/mixed-attacks/data/conn.log.labeled", 5663},
		{"zeek/rita/valid_tsv/http.log.gz", 27204},
		{"zeek/rita/valid_json/http.log.gz", 27204},
		{"zeek/zed/dns.log.gz", 53615},
		{"zeek/zed/dns.json.gz", 53615},
		{"eve/slips-test6.eve.json", 5000},
		{"weblog/apache_combined.log", 10000},
		{"honeypot/cowrie/cowrie.json", 6074},
		{"honeypot/cowrie/cowrie.json.2017_11_4", 3833},
		{"shadowserver/reports/event4_sinkhole.csv", 6},
		{"shadowserver/reports/event4_sinkhole_http.csv", 5},
	} {
		r := session(t, filepath.Join(data, c.path))
		e, err := publish.Evidence(r.ledger, r.view, tool())
		if err != nil {
			t.Fatal(err)
		}
		if len(e.Inputs) != 1 || e.Inputs[0].Tally.Read != c.read || !e.Inputs[0].Tally.Balanced() {
			t.Errorf("%s: %+v, want one input of %d records", c.path, e.Inputs, c.read)
		}
	}
}

// A scan infects nobody, and sinkhole reports name their sources as the infected.
func TestRealDirections(t *testing.T) {
	data := realData(t)
	trails := filepath.Join(data, "intel/maltrail/trails/static")
	scan := session(t, "--intel", trails, filepath.Join(data, "zeek/portscan"))
	public, internal := scan.value(t, "infected.addresses")
	equal(t, "infected by a scan", public+internal, 0)

	reports := session(t, filepath.Join(data, "shadowserver/reports/event4_sinkhole.csv"))
	rows := reports.rows(t, ts.Control, func(*ts.Row) bool { return true })
	equal(t, "reported infections", len(rows), 6)
	servers, _ := reports.value(t, "control.servers")
	equal(t, "servers that are sinkholes", servers, 0)

	targets := session(t, filepath.Join(data, "shadowserver/reports/event4_honeypot_ddos_target.csv"))
	equal(t, "infected targets", len(targets.rows(t, ts.Control, func(*ts.Row) bool { return true })), 0)

	pot := session(t, "--role", "honeypot", filepath.Join(data, "honeypot/cowrie/cowrie.json"))
	// One of the 92 sources only hangs up on a session of the day before.
	equal(t, "visitors of a honeypot", len(together(pot.rows(t, ts.Attempt, func(*ts.Row) bool { return true })).perps), 91)
}
