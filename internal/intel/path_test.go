package intel

import (
	"bytes"
	"net/url"
	"testing"
)

func TestPlainPath(t *testing.T) {
	for path, want := range map[string]string{
		"":                    "",
		"/c99.php":            "/c99.php",
		"/%63%39%39.php":      "/c99.php",
		"/%7Eme/%5f%2D%2e":    "/~me/_-.",
		"/a%2fb%20c%C3%a9":    "/a%2Fb%20c%C3%A9",
		"/a%2Fb":              "/a%2Fb",
		"/%2563":              "/%2563", // once only
		"/%63%":               "/%63%",
		"/%63%zz":             "/%63%zz",
		"/%%36%33":            "/%%36%33",
		"/100%/%63":           "/100%/%63",
		"/%40\xff\x00[%5B%5b": "/%40\xff\x00[%5B%5B",
	} {
		if got := string(PlainPath([]byte(path))); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

// FuzzPlainPath: what net/url takes for a path names the same octets afterwards; and a path
// spelled plainly stays so.
func FuzzPlainPath(f *testing.F) {
	for _, s := range []string{"/%63%39%39.php", "/a%2fb", "/%%36%33", "/%zz"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, path string) {
		got := PlainPath([]byte(path))
		if !bytes.Equal(PlainPath(got), got) {
			t.Fatalf("%q becomes %q, then %q", path, got, PlainPath(got))
		}
		want, err := url.PathUnescape(path)
		again, errAgain := url.PathUnescape(string(got))
		if err == nil && (errAgain != nil || again != want) || err != nil && string(got) != path {
			t.Fatalf("%q becomes %q", path, got)
		}
	})
}

// TestEncodedIndicators: a feed may encode what a client does not, and the other way round.
func TestEncodedIndicators(t *testing.T) {
	s := load(t, map[string]string{
		"trails/static/malware/x.txt":             "http://bad.example.net/%7euser/a%2fb\n",
		"trails/static/suspicious/web_shells.txt": "/%63%39%39.php\n",
	})
	if m := s.URL([]byte("bad.example.net"), []byte("/~user/a%2Fb"), 0); m.Indicator == nil || m.Indicator.Value != "bad.example.net/~user/a%2Fb" {
		t.Errorf("%+v", m)
	}
	if m := s.Path([]byte("/up/c99.php"), 0); m.Indicator == nil || m.Indicator.Value != "/c99.php" {
		t.Errorf("%+v", m)
	}
}
