package place

import (
	"testing"

	ts "github.com/tallystick/tallystick"
)

func TestIsCountry(t *testing.T) {
	for c, want := range map[ts.Country]bool{"AD": true, "GB": true, "XK": true, "ZW": true,
		"": false, "UK": false, "EU": false, "ZZ": false, "AA": false, "CZE": false} {
		if IsCountry(c) != want {
			t.Errorf("%q is a country: %v", c, !want)
		}
	}
}
