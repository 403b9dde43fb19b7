package detect

import (
	"strings"
	"testing"
)

func TestHostName(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "www.example": "www.example", "WWW.Example": "www.example", "240.0.0.1": "", "2001:db8::1": "",
		"bücher.example": "xn--bcher-kva.example", "b\xffcher.example": "", strings.Repeat("a", 254): "",
		"under_score.example": "under_score.example", "shop.example.": "shop.example", "a..example": "", "shop.example..": "", "a b.example": "", "shop.example\x00": "",
	} {
		if got := hostName([]byte(in)); got != want {
			t.Errorf("hostName(%.40q) = %q, want %q", in, got, want)
		}
	}
}
