package verify

import (
	"fmt"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
)

// TestCatchAll: copies of one listed shell are one listed path, and only 2xx answers count.
func TestCatchAll(t *testing.T) {
	m, err := measure.ByName("backdoor.sites")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		listed [3]string
		grade  ts.Grade
		forbid bool
	}{
		{[3]string{"/c99.php", "/c99.php", "/c99.php"}, ts.Established, false},
		{[3]string{"/c99.php", "/wso.php", "/c99.php"}, ts.Established, false},
		{[3]string{"/c99.php", "/wso.php", "/r57.php"}, ts.Established, true},
		{[3]string{"/c99.php", "/wso.php", "/r57.php"}, ts.Attempted, false},
		{[3]string{"/c99.php", "/wso.php", ""}, ts.Established, false},
	} {
		q := question{measure: m}
		f := newFacts([]*counter{{question: q}})
		row := ts.Row{Sighting: ts.Sighting{Class: ts.Backdoor, Grade: c.grade, Site: "v.test"}}
		for i, listed := range c.listed {
			row.Path, row.Indicator = fmt.Sprint("/", i, listed), listed
			f.learn(&row)
		}
		if got := f.forbid(&q, &row); got != c.forbid {
			t.Errorf("answers to %q of grade %s: taken out %v, want %v", c.listed, c.grade, got, c.forbid)
		}
	}
}
