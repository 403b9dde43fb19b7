package intel

import "testing"

func TestCanonical(t *testing.T) {
	for _, c := range []struct {
		text, want string
		kind       Kind
	}{
		{"2001:DB8::5", "2001:db8::5", KindAddr},
		{"240.0.0.1/32", "240.0.0.1", KindAddr},
		{"240.0.0.1:1177", "240.0.0.1:1177", KindAddrPort},
		{"240.0.0.7/24", "240.0.0.0/24", KindPrefix},
		{" Bad.Example. ", "bad.example", KindDomain},
		{"http://BAD.example:8080/gate.php?x=1", "bad.example/gate.php", KindURL},
		{"/c99.php", "/c99.php", KindPath},
	} {
		if kind, got, err := Canonical(c.text); err != nil || got != c.want || kind != c.kind {
			t.Errorf("%q: %s %q, %v; want %s %q", c.text, kind, got, err, c.kind, c.want)
		}
	}
	for _, text := range []string{"", "a\nb", "localhost", "1:10", "name@bad.example", "240.0.0.1/99"} {
		if kind, got, err := Canonical(text); err == nil {
			t.Errorf("%q is %s %q", text, kind, got)
		}
	}
}
