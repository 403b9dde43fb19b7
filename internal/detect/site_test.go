package detect

import (
	"strings"
	"testing"
)

func TestRegistrable(t *testing.T) {
	for host, want := range map[string]string{
		"www.shop.example": "shop.example", "a_b.shop.example": "shop.example", "r3---sn-x.shop.example": "shop.example",
		"www.xn--bcher-kva.example": "xn--bcher-kva.example", "forum.shop.co.uk": "shop.co.uk", "4chan.example": "4chan.example",
		"": "", "localhost": "", "co.uk": "", "github.io": "", "240.0.0.1": "", "2001:db8::1": "", "240.0.0.1.5": "", "shop.1": "",
		"xn--a.example": "", "xn--.example": "", "-shop.example": "", "shop-.example": "", "a..example": "", ".shop.example": "",
		"<b>.example": "", "a b.example": "", "sh_op.example": "", strings.Repeat("x", 64) + ".example": "", "a.-b.shop.example": "",
	} {
		if got := registrable(host); got != want {
			t.Errorf("%q: %q, want %q", host, got, want)
		}
	}
}
