package report

import (
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
)

// httpOf is an input of one record that a sensor saw of HTTP on the first day.
func httpOf(sensor string) Input {
	return Input{Sensor: sensor, Tally: ts.Tally{Read: 1, Observed: 1}, Days: ts.Window{From: firstDay, To: firstDay + 1},
		Shows: []ts.Record{ts.RecordHTTP}}
}

// TestNothingRead: a figure of nothing says something only where records were read, of these
// days, of the sensor asked for, and such as can show a member.
func TestNothingRead(t *testing.T) {
	read := func(change func(*Input)) Evidence {
		in := httpOf("s")
		change(&in)
		return Evidence{Listed: []ts.Class{ts.Backdoor, ts.Control, ts.Phishing}, Inputs: []Input{in},
			Sensors: []ts.Sensor{{Name: "s", Role: ts.RoleNetwork, Country: "CN"}}}
	}
	of := func(list ...ts.Record) Evidence { return read(func(in *Input) { in.Shows = list }) }
	whole := read(func(*Input) {})
	header := read(func(in *Input) { in.Tally = ts.Tally{}; in.Days = ts.Window{} })
	undated := read(func(in *Input) { in.Days = ts.Window{} })
	later := ts.Window{From: firstDay + 1, To: firstDay + 9}
	for _, c := range []struct {
		name       string
		evidence   Evidence
		measure    string
		ask        Ask
		observable bool
	}{
		{"all days", whole, "control.servers", Ask{}, true},
		{"the day", whole, "control.servers", Ask{Window: ts.Window{From: firstDay, To: firstDay + 1}}, true},
		{"days behind", whole, "control.servers", Ask{Window: later}, false},
		{"days before", whole, "control.servers", Ask{Window: ts.Window{From: 1, To: firstDay}}, false},
		{"a place, days behind", whole, "control.servers", Ask{Window: later, On: cn}, false},
		{"days that nobody wrote down", undated, "control.servers", Ask{Window: later}, true},
		{"another sensor", whole, "control.servers", Ask{Sensor: "t"}, false},
		{"a header alone", header, "control.servers", Ask{}, false},
		{"a header alone", header, "attempt.sources", Ask{}, false},
		{"no input", Evidence{Listed: whole.Listed}, "control.servers", Ask{}, false},
		{"connections", of(ts.RecordConn), "control.servers", Ask{}, true},
		{"connections", of(ts.RecordConn), "control.names", Ask{}, false},
		{"connections", of(ts.RecordConn), "backdoor.sites", Ask{}, false},
		{"connections", of(ts.RecordConn), "phishing.hosts", Ask{}, true},
		{"connections", of(ts.RecordConn), "phishing.pages", Ask{}, false},
		{"connections", of(ts.RecordConn), "phishing.contacts", Ask{}, false},
		{"connections", of(ts.RecordConn), "attempt.sources", Ask{}, true},
		{"handshakes", of(ts.RecordTLS), "phishing.contacts", Ask{}, true},
		{"handshakes", of(ts.RecordTLS), "phishing.pages", Ask{}, false},
		{"look-ups", of(ts.RecordDNS), "infected.addresses", Ask{}, true},
		{"look-ups", of(ts.RecordDNS), "control.names", Ask{}, true},
		{"look-ups", of(ts.RecordDNS), "control.hosts", Ask{}, false},
		{"look-ups", of(ts.RecordDNS), "attempt.sources", Ask{}, false},
		{"an access log", of(ts.RecordAccess), "backdoor.attacks", Ask{}, true},
		{"an access log", of(ts.RecordAccess), "infected.addresses", Ask{}, false},
		{"reports", of(ts.RecordReport), "infected.addresses", Ask{}, true},
		{"reports", of(ts.RecordReport), "control.servers", Ask{}, false},
		{"logins", of(ts.RecordLogin), "attempt.attacks", Ask{}, true},
		{"logins", of(ts.RecordLogin), "control.servers", Ask{}, false},
		{"two kinds", of(ts.RecordDNS, ts.RecordAlert), "phishing.pages", Ask{}, true},
	} {
		c.ask.Measure = named(t, c.measure)
		f := figureOf(t, &plain{}, c.evidence, c.ask)
		if Observable(&f) != c.observable {
			t.Errorf("%s, %s: observable %t", c.name, c.measure, Observable(&f))
		}
		if !c.observable && !strings.Contains(f.Bounds.Parts[0].Text, "No record that was read") {
			t.Errorf("%s, %s: %s", c.name, c.measure, f.Bounds.Parts[0].Text)
		}
	}
}

// TestRowsShowSight: what rows show was seen, whatever the inputs say; a look-up does not show
// that servers were, nor a contact that names were.
func TestRowsShowSight(t *testing.T) {
	for _, c := range []struct {
		name, measure string
		row           ts.Row
		observable    bool
	}{
		{"an attempt at contact", "control.servers", one(1, 1, graded(ts.Attempted)), true},
		{"a contact vetoed", "control.hosts", one(1, 1, flagged(ts.FlagVetoed)), true},
		{"a contact with a sinkhole", "control.servers", one(1, 1, flagged(ts.FlagSinkhole)), false},
		{"a look-up", "control.servers", one(0, 1, lookedUpName("a.example")), false},
		{"a look-up vetoed", "infected.addresses", one(0, 1, lookedUpName("a.example"), flagged(ts.FlagVetoed)), true},
		{"a bare address", "control.names", one(1, 1, flagged(ts.FlagVetoed)), false},
		{"a bare address that would count", "control.names", one(1, 1), false},
	} {
		ask := Ask{Measure: named(t, c.measure), Window: testWindow, On: cn}
		f := figureOf(t, &plain{rows: []ts.Row{c.row}}, Evidence{Listed: []ts.Class{ts.Control}}, ask)
		if Observable(&f) != c.observable {
			t.Errorf("%s, %s: observable %t", c.name, c.measure, Observable(&f))
		}
	}
}
