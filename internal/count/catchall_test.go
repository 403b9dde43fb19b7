package count_test

import (
	"context"
	"net/netip"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/segment/segmenttest"
)

// used is a web shell answered 2xx: a request path, and the listed path that it ends in.
func used(site, path, listed string, hour int64) ts.Row {
	return ts.Row{Sighting: ts.Sighting{
		Class: ts.Backdoor, Grade: ts.Established, Perp: netip.MustParseAddr("240.0.0.1"), Site: site, Path: path,
		Indicator: listed, Sensor: "www", Records: 1,
		First: segmenttest.FirstDay.Start() + hour*3600, Last: segmenttest.FirstDay.Start() + hour*3600,
	}}
}

// TestCatchAll: three copies of one listed shell are a backdoored site, three listed shells
// a site that answers everything.
func TestCatchAll(t *testing.T) {
	l := &ledger{}
	l.add([]ts.Row{
		used("copies.example", "/c99.php", "/c99.php", 0),
		used("copies.example", "/up/c99.php", "/c99.php", 1),
		used("copies.example", "/up/img/c99.php", "/c99.php", 2),
		used("two.example", "/c99.php", "/c99.php", 0),
		used("two.example", "/wso.php", "/wso.php", 1),
		used("all.example", "/c99.php", "/c99.php", 0),
		used("all.example", "/wso.php", "/wso.php", 1),
	})
	l.add([]ts.Row{used("all.example", "/r57.php", "/r57.php", 2)}) // the third is in another segment
	s := count.New(l.source(t), count.Options{})
	defer s.Close()
	for name, want := range map[string]uint64{"backdoor.sites": 2, "backdoor.attacks": 5, "backdoor.sources": 1} {
		for g, err := range s.Count(context.Background(), count.Question{Measure: byName(t, name)}) {
			if err != nil || g.Members != want {
				t.Errorf("%s: %d, %v, want %d", name, g.Members, err, want)
			}
		}
	}
}
