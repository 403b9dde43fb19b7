package zeek

import "testing"

func TestUnescape(t *testing.T) {
	for _, tc := range []struct{ text, tsv, json string }{
		{`plain`, `plain`, `plain`},
		{`a\x2cb\x00`, "a,b\x00", "a,b\x00"},
		{`a\\x2c`, `a\x2c`, `a\,`},
		{`\`, `\`, `\`},
		{`\x`, `\x`, `\x`},
		{`\x2`, `\x2`, `\x2`},
		{`\xzz`, `\xzz`, `\xzz`},
	} {
		if got := unescape(nil, []byte(tc.text), true); string(got) != tc.tsv {
			t.Errorf("TSV %q gives %q", tc.text, got)
		}
		if got := unescape(nil, []byte(tc.text), false); string(got) != tc.json {
			t.Errorf("JSON %q gives %q", tc.text, got)
		}
	}
}
