package zeek

import "testing"

func TestHostname(t *testing.T) {
	for _, tc := range []struct{ text, want string }{
		{"example.net", "example.net"},
		{"example.net.", "example.net"},
		{"example.net:8080", "example.net"},
		{"example.net.:8080", "example.net"},
		{"user:word@example.net:80", "example.net"},
		{"[2001:db8::1]:80", "2001:db8::1"},
		{"[2001:db8::1]", "2001:db8::1"},
		{"2001:db8::1", "2001:db8::1"},
		{"240.0.0.1:80", "240.0.0.1"},
		{"example.net:", "example.net"},
		{"", ""},
	} {
		if got := hostname([]byte(tc.text)); string(got) != tc.want {
			t.Errorf("hostname(%q) = %q, want %q", tc.text, got, tc.want)
		}
	}
}

func TestSplitURI(t *testing.T) {
	for _, tc := range []struct {
		uri, authority, path string
		absolute             bool
	}{
		{"/a/b?c=d#e", "", "/a/b", false},
		{"/a#b?c", "", "/a", false},
		{"/a?u=http://example.net/", "", "/a", false},
		{"http://example.net/a?b", "example.net", "/a", true},
		{"HTTP://example.net", "example.net", "", true},
		{"http://example.net?x=/y", "example.net", "", true},
		{"/redirect/http://example.net/", "", "/redirect/http://example.net/", false},
		{"://example.net/", "", "://example.net/", false},
		{"*", "", "*", false},
		{"", "", "", false},
	} {
		authority, path, absolute := splitURI([]byte(tc.uri))
		if string(authority) != tc.authority || string(path) != tc.path || absolute != tc.absolute {
			t.Errorf("splitURI(%q) = %q, %q, %v", tc.uri, authority, path, absolute)
		}
	}
}

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
