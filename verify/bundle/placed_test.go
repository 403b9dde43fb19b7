package bundle

import (
	"net/netip"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/place"
)

// contact is a row of a server in 240.0.0.0/16 with a machine in 240.1.0.0/16.
func contact(by, on ts.Country, flags ts.Flags) ts.Row {
	r := ts.Row{By: by, On: on}
	r.Perp, r.Victim, r.Sensor, r.Flags = netip.MustParseAddr("240.0.0.1"), netip.MustParseAddr("240.1.0.1"), "border", flags
	return r
}

// TestAgain: the countries of a row are those of the table, for the ends that it places.
func TestAgain(t *testing.T) {
	s, err := place.Open("made", 16148, strings.NewReader("240.0.0.0/16,US,1\n240.1.0.0/16,CN,2\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		by, on ts.Country
		flags  ts.Flags
		says   string
	}{
		{"US", "CN", 0, ""},
		{"FR", "CN", 0, `240.0.0.1 is in "US" by the table, in "FR" by the row`},
		{"US", "FR", 0, `240.1.0.1 is in "CN"`},
		{"US", "", 0, `240.1.0.1 is in "CN"`},
		{"", "CN", ts.FlagSinkhole, ""},         // a role takes the country away
		{"US", "FR", ts.FlagVictimDeclared, ""}, // TestDeclared looks at these
		{"US", "FR", ts.FlagVictimInternal, ""},
		{"FR", "CN", ts.FlagPerpInternal, ""},
	} {
		row := contact(c.by, c.on, c.flags)
		if err := again([]*place.Snapshot{s}, &row); (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s on %s, %v: %v, want %q", c.by, c.on, c.flags.Words(), err, c.says)
		}
	}
}
