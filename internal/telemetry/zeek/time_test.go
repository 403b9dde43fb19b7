package zeek

import (
	"testing"

	"github.com/tallystick/tallystick/internal/field"
)

func TestSeconds(t *testing.T) {
	for _, tc := range []struct {
		text string
		want int64
		ok   bool
	}{
		{"0.000000", 0, true},
		{"1517336042.999999", 1517336042, true},
		{"1517336042", 1517336042, true},
		{"1517336042090", 1517336042, true},
		{"1517336042090.5", 1517336042, true},
		{"1.517336042999e9", 1517336042, true},
		{"1.517336042090e+12", 1517336042, true},
		{"2018-01-30T18:14:02.999999Z", 1517336042, true},
		{"2018-01-30T19:14:02.5+01:00", 1517336042, true},
		{"253402300799999", field.EndOfTime - 1, true},
		{"253402300800000", 0, false},
		{"99999999999999999999", 0, false},
		{"2018-01-30T18:14:02", 0, false},
		{"2018-01-30", 0, false},
		{"-1.0", 0, false}, {"", 0, false}, {"-", 0, false}, {"nan", 0, false}, {"1.5x", 0, false}, {"1e300", 0, false},
	} {
		if got, ok := seconds([]byte(tc.text)); ok != tc.ok || ok && got != tc.want {
			t.Errorf("seconds(%q) = %d, %v; want %d, %v", tc.text, got, ok, tc.want, tc.ok)
		}
	}
}
