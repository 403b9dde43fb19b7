package field

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
		if got := AppendHost(nil, []byte(tc.text)); string(got) != tc.want {
			t.Errorf("AppendHost(%q) = %q, want %q", tc.text, got, tc.want)
		}
	}
}

func TestTarget(t *testing.T) {
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
		authority, path, absolute := Target([]byte(tc.uri))
		if string(authority) != tc.authority || string(path) != tc.path || absolute != tc.absolute {
			t.Errorf("Target(%q) = %q, %q, %v", tc.uri, authority, path, absolute)
		}
	}
}
