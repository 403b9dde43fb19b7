package measure

import (
	"testing"

	ts "github.com/tallystick/tallystick"
)

// TestSight: a contact shows sight of servers whatever speaks against counting it, a look-up
// only where look-ups count, and a page only a page.
func TestSight(t *testing.T) {
	for _, c := range []struct {
		measure string
		row     ts.Row
		want    bool
	}{
		{"control.servers", ts.Row{Sighting: ts.Sighting{Class: ts.Control, Grade: ts.Attempted, Flags: ts.FlagVetoed}}, true},
		{"control.servers", ts.Row{Sighting: ts.Sighting{Class: ts.Control, Grade: ts.Established, Flags: ts.FlagSinkhole}}, false},
		{"control.servers", ts.Row{Sighting: ts.Sighting{Class: ts.Control, Grade: ts.LookedUp}}, false},
		{"infected.addresses", ts.Row{Sighting: ts.Sighting{Class: ts.Control, Grade: ts.LookedUp, Flags: ts.FlagSinkhole}}, true},
		{"control.servers", ts.Row{Sighting: ts.Sighting{Class: ts.Phishing, Grade: ts.Established}}, false},
	} {
		m, err := ByName(c.measure)
		if err != nil {
			t.Fatal(err)
		}
		if s := m.Sight(); s.Counts(&c.row) != c.want {
			t.Errorf("%s: a row of grade %d and flags %d: %t", c.measure, c.row.Grade, c.row.Flags, !c.want)
		}
	}
	for name, want := range map[string]Member{"control.servers": Victim, "backdoor.attacks": Victim, "phishing.pages": Page, "backdoor.sites": Site, "control.names": Name} {
		m, err := ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Sight().Member; got != want {
			t.Errorf("%s: sight of %s, want %s", name, got, want)
		}
	}
}
