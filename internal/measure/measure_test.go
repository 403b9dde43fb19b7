package measure_test

import (
	"encoding/hex"
	"net/netip"
	"slices"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
)

func TestEveryMeasureOfTheRulesIsDefined(t *testing.T) {
	want := map[string]measure.Unit{
		"control.servers": measure.Addresses, "control.hosts": measure.Addresses, "infected.addresses": measure.Addresses,
		"control.names": measure.Domains, "backdoor.sources": measure.Addresses, "backdoor.sites": measure.Sites,
		"backdoor.attacks": measure.Attacks, "phishing.hosts": measure.Addresses, "phishing.pages": measure.Pages,
		"phishing.contacts": measure.Contacts, "attempt.sources": measure.Addresses, "attempt.targets": measure.Addresses,
		"attempt.attacks": measure.Attacks, "spyware.devices": measure.Addresses, "spyware.servers": measure.Addresses,
		"exfiltration.candidates": measure.Addresses,
	}
	for _, m := range measure.All() {
		if want[m.Name] != m.Unit {
			t.Errorf("%s counts %s, want %q", m.Name, m.Unit, want[m.Name])
		}
		delete(want, m.Name)
		if m.Class == 0 || m.Grades == 0 || m.Member == 0 {
			t.Errorf("%s is half defined", m.Name)
		}
	}
	if len(want) > 0 {
		t.Errorf("not defined: %v", want)
	}
	if _, err := measure.ByName("control.events"); err == nil {
		t.Error("an unknown measure was found")
	}
}

func row(class ts.Class, grade ts.Grade, flags ts.Flags) *ts.Row {
	return &ts.Row{Sighting: ts.Sighting{Class: class, Grade: grade, Flags: flags, Sensor: "s1",
		Perp: netip.MustParseAddr("240.0.0.1"), Victim: netip.MustParseAddr("240.0.0.2"),
		PerpName: "b.test", Path: "/p", Site: "v.test", First: 5400, Last: 5400, Records: 1}}
}

func TestWhatCounts(t *testing.T) {
	for _, c := range []struct {
		measure string
		row     *ts.Row
		want    bool
	}{
		{"control.servers", row(ts.Control, ts.Established, 0), true},
		{"control.servers", row(ts.Control, ts.Attempted, 0), false},
		{"control.servers", row(ts.Control, ts.LookedUp, 0), false},
		{"control.servers", row(ts.Control, ts.Established, ts.FlagSinkhole), false},
		{"control.servers", row(ts.Control, ts.Established, ts.FlagShared), false},
		{"control.servers", row(ts.Control, ts.Established, ts.FlagVetoed), false},
		{"control.servers", row(ts.Control, ts.Established, ts.FlagUndated|ts.FlagClock), true},
		{"control.servers", row(ts.Backdoor, ts.Established, 0), false},
		{"infected.addresses", row(ts.Control, ts.LookedUp, ts.FlagSinkhole), true},
		{"infected.addresses", row(ts.Control, ts.LookedUp, ts.FlagResolver), false},
		{"backdoor.attacks", row(ts.Backdoor, ts.Attempted, 0), false},
		{"backdoor.attacks", row(ts.Backdoor, ts.Established, ts.FlagScanner), false},
		{"phishing.hosts", row(ts.Phishing, ts.Established, ts.FlagShared), false},
		{"phishing.pages", row(ts.Phishing, ts.Established, ts.FlagShared), true},
		{"attempt.sources", row(ts.Attempt, ts.Attempted, 0), true},
		{"attempt.sources", row(ts.Attempt, ts.Attempted, ts.FlagUnverified), false},
	} {
		m, err := measure.ByName(c.measure)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Counts(c.row); got != c.want {
			t.Errorf("%s counts %s %s %v: %v", c.measure, c.row.Class, c.row.Grade, c.row.Flags.Words(), got)
		}
	}
}

func TestBearing(t *testing.T) {
	m, _ := measure.ByName("control.hosts")
	m.Without &^= ts.FlagSinkhole
	m.Bearing = ts.FlagSinkhole
	if m.Counts(row(ts.Control, ts.Established, 0)) || !m.Counts(row(ts.Control, ts.Established, ts.FlagSinkhole)) {
		t.Error("a measure of what bears a flag counts what does not")
	}
}

func TestMembers(t *testing.T) {
	internal := row(ts.Control, ts.Established, ts.FlagVictimInternal)
	nobody := row(ts.Backdoor, ts.Established, 0)
	nobody.Site, nobody.Perp, nobody.PerpName = "", netip.Addr{}, ""
	for _, c := range []struct {
		measure  string
		row      *ts.Row
		want     string // hex
		internal bool
	}{
		{"control.servers", row(ts.Control, ts.Established, 0), "04f0000001", false},
		{"control.hosts", row(ts.Control, ts.Established, 0), "04f0000002", false},
		{"control.hosts", internal, "0e02733104f0000002", true},
		{"control.names", row(ts.Control, ts.LookedUp, 0), "0d0006622e74657374", false},
		{"backdoor.sites", row(ts.Backdoor, ts.Established, 0), "0d0006762e74657374", false},
		{"backdoor.attacks", row(ts.Backdoor, ts.Established, 0), "0a04f00000010d0006762e746573740000000000001518", false},
		{"attempt.attacks", internal, "0a04f00000010d0006762e746573740000000000001518", false},
		{"phishing.pages", row(ts.Phishing, ts.Established, 0), "0b0006622e746573742f70", false},
		{"phishing.contacts", internal, "0c0e02733104f00000020006622e746573740000000000001518", true},
		{"backdoor.sources", nobody, "", false},
		{"backdoor.sites", nobody, "", false},
		{"backdoor.attacks", nobody, "", false},
		{"control.names", nobody, "", false},
		{"phishing.contacts", nobody, "", false},
	} {
		m, err := measure.ByName(c.measure)
		if err != nil {
			t.Fatal(err)
		}
		got, internal := m.AppendMember(nil, c.row)
		if hex.EncodeToString(got) != c.want || internal != c.internal {
			t.Errorf("%s: member %x internal %v, want %s %v", c.measure, got, internal, c.want, c.internal)
		}
		if with, _ := m.AppendMember([]byte{1}, c.row); !slices.Equal(with, append([]byte{1}, got...)) {
			t.Errorf("%s: member is not appended: %x", c.measure, with)
		}
	}
}

// Captions hold for one and many and with any end open, and never leave a placeholder.
func TestCaptions(t *testing.T) {
	for _, m := range measure.All() {
		for _, n := range []uint64{0, 1, 2} {
			for _, ends := range [][2]string{{"", ""}, {"US", ""}, {"", "CN+HK"}, {"US", "CN+HK"}} {
				text := m.Caption(n, ends[0], ends[1])
				if strings.ContainsAny(text, "{}") || strings.Contains(text, "  ") || strings.HasSuffix(text, " ") {
					t.Errorf("%s: %q", m.Name, text)
				}
				if m.HasBy && strings.Contains(text, "placed in US") != (ends[0] != "") ||
					strings.Contains(text, "placed in CN+HK") != (ends[1] != "") {
					t.Errorf("%s by %q on %q: %q", m.Name, ends[0], ends[1], text)
				}
			}
		}
	}
	m, _ := measure.ByName("control.servers")
	if got := m.Caption(2077, "US", "CN"); got != "IP addresses placed in US answered as control servers to addresses placed in CN" {
		t.Error(got)
	}
	if got := m.Caption(1, "US", ""); got != "IP address placed in US answered as a control server" {
		t.Error(got)
	}
}

// TestDomain: names below a listed domain are that domain.
func TestDomain(t *testing.T) {
	for _, c := range []struct{ name, indicator, want string }{
		{"c2.example", "c2.example", "c2.example"},
		{"a.b.c2.example", "c2.example", "c2.example"},
		{"notc2.example", "c2.example", "notc2.example"},
		{"c2.example", "a.c2.example", "c2.example"},
		{"c2.example", "240.0.0.1:80", "c2.example"},
		{"c2.example", "c2.example/gate.php", "c2.example"},
		{"x.240.0.0.1", "240.0.0.1", "x.240.0.0.1"},
		{"c2.example", "", "c2.example"},
	} {
		if got := ts.DomainOf(c.name, c.indicator); got != c.want {
			t.Errorf("%s by %s counts as %s, want %s", c.name, c.indicator, got, c.want)
		}
	}
}
