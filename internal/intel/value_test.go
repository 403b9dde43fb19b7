package intel

import "testing"

func TestParseValue(t *testing.T) {
	cases := []struct {
		in, want string
		kind     Kind
		reason   string
	}{
		{"240.0.0.1", "240.0.0.1", KindAddr, ""},
		{"240[.]0[.]0[.]1", "240.0.0.1", KindAddr, ""},
		{"::ffff:240.0.0.1", "240.0.0.1", KindAddr, ""},
		{"64:ff9b::f000:1", "240.0.0.1", KindAddr, ""},
		{"2001:DB8::1", "2001:db8::1", KindAddr, ""},
		{"240.0.0.1:1177", "240.0.0.1:1177", KindAddrPort, ""},
		{"240.0.0.1:0", "240.0.0.1", KindAddr, ""},
		{"[2001:db8::1]:80", "[2001:db8::1]:80", KindAddrPort, ""},
		{"240.0.0.7/24", "240.0.0.0/24", KindPrefix, ""},
		{"240.0.0.7/32", "240.0.0.7", KindAddr, ""},
		{"2001:db8::7/32", "2001:db8::/32", KindPrefix, ""},
		{"::ffff:240.0.0.0/120", "240.0.0.0/24", KindPrefix, ""},
		{"240.0.0.7/33", "", 0, reasonForm},
		{"BAD.Example.", "bad.example", KindDomain, ""},
		{"Bad.Example.NET.", "bad.example.net", KindDomain, ""},
		{"*.bad.example.net", "bad.example.net", KindDomain, ""},
		{"bad.example.net:8080", "bad.example.net", KindDomain, ""},
		{"bücher.example", "xn--bcher-kva.example", KindDomain, ""},
		{"_dmarc.bad.example", "_dmarc.bad.example", KindDomain, ""},
		{"hxxps://bad.example/Login.php?x=1#y", "bad.example/Login.php", KindURL, ""},
		{"http://user:pw@bad.example:8080/a", "bad.example/a", KindURL, ""},
		{"http://[2001:db8::1]:80/a", "[2001:db8::1]/a", KindURL, ""},
		{"http://240.0.0.1", "240.0.0.1/", KindURL, ""},
		{"bad.example/to/http://other.example", "bad.example/to/http://other.example", KindURL, ""},
		{"bad.example/a", "bad.example/a", KindURL, ""},
		{"http://bad.example/?q=1", "", 0, reasonQuery},
		{"http://bad.example/long…", "", 0, reasonShort},
		{"/shell.php", "/shell.php", KindPath, ""},
		{"/shell.php?cmd=", "/shell.php", KindPath, ""},
		{"/", "", 0, reasonForm},
		{"[0-9]{2,3}\\.example", "", 0, reasonPattern},
		{"d41d8cd98f00b204e9800998ecf8427e", "", 0, reasonHash},
		{"someone@bad.example", "", 0, reasonMail},
		{"localhost", "", 0, reasonLabel},
		{"com.bad.example.invalid", "", 0, reasonApp},
		{"bad..example", "", 0, reasonForm},
		{"two words", "", 0, reasonForm},
		{"240.0.0.1.2", "", 0, reasonForm},
		{"", "", 0, reasonForm},
	}
	for _, c := range cases {
		v, reason := parseValue(c.in)
		if reason != c.reason || reason == "" && (v.text != c.want || v.kind != c.kind) {
			t.Errorf("%q: %v %q, reason %q; want %v %q, %q", c.in, v.kind, v.text, reason, c.kind, c.want, c.reason)
		}
	}
}

func TestInternationalNames(t *testing.T) {
	for in, want := range map[string]string{
		"bücher.example":       "xn--bcher-kva.example",
		"Bücher。example":       "xn--bcher-kva.example",
		"bu\u0308cher.example": "xn--bcher-kva.example", // not NFC
	} {
		if got, ok := toALabels(in); !ok || got != want {
			t.Errorf("%s: %s %v, want %s", in, got, ok, want)
		}
	}
	if got, ok := toALabels("b\xffcher.example"); ok {
		t.Errorf("broken UTF-8 became %s", got)
	}
}

func FuzzParseValue(f *testing.F) {
	for _, s := range []string{"240.0.0.1:1177", "hxxp://bad[.]example/a?b", "::ffff:1.2.3.4/97", "[::1%eth0]:5", "bücher.example", "/a/b", "*.x.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, reason := parseValue(s)
		if reason != "" {
			return
		}
		if again, reason := parseValue(v.text); reason != "" || again.text != v.text || again.kind != v.kind {
			t.Errorf("%q is %v %q, which reads as %v %q (%s)", s, v.kind, v.text, again.kind, again.text, reason)
		}
	})
}
