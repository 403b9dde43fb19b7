package tallystick

import (
	"strings"
	"testing"
)

func TestIsHostName(t *testing.T) {
	label := strings.Repeat("a", 63)
	for name, want := range map[string]bool{
		"a": true, "www.shop.example": true, "under_score.example": true, "xn--bcher-kva.example": true, "4chan.example": true, "-a.example": true,
		label + ".example": true, strings.Repeat(label+".", 3) + label[:61]: true,
		"": false, ".": false, "shop.example.": false, ".shop.example": false, "a..example": false, "Shop.example": false, "shop example": false,
		"shop.example\x00": false, "b\xc3\xbccher.example": false, "shop.example:80": false, "2001:db8::1": false,
		label + "a.example": false, strings.Repeat(label+".", 3) + label[:62]: false,
	} {
		if got := IsHostName(name); got != want {
			t.Errorf("%.80q: %v, want %v", name, got, want)
		}
	}
}
