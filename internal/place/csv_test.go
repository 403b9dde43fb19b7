package place

import (
	"bytes"
	"io"
	"net/netip"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	ts "github.com/tallystick/tallystick"
)

func TestTableLayouts(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"range and country", "240.0.0.0,240.0.0.255,CN\n", "CN/"},
		{"quoted, with a comment", "# places\n\"240.0.0.0\",\"240.0.0.255\",\"cn\"\n", "CN/"},
		{"range and AS", "240.0.0.0,240.0.0.255,64500,\"CN, Inc.\"\n", "/64500"},
		{"range and AS, a name of two letters", "240.0.0.0,240.0.0.255,64500,CN\n", "/64500"},
		{"CIDR and country", "240.0.0.0/24,CN\n", "CN/"},
		{"CIDR, country, AS", "240.0.0.0/24,CN,64500\n", "CN/64500"},
		{"CIDR, country, AS with letters", "240.0.0.0/24,CN,AS64500\n", "CN/64500"},
		{"first line unknown", "240.1.0.0/24,,\n240.0.0.0/24,CN,64500\n", "CN/64500"},
		{"iptoasn.com", "240.0.1.0\t240.255.255.255\t0\tNone\tNot routed\n240.0.0.0\t240.0.0.255\t64500\tCN\tCN NET\n", "CN/64500"},
		{"header", "network,autonomous_system_number,autonomous_system_organization\n240.0.0.0/24,64500,CN\n", "/64500"},
		{"header of IPinfo", "start_ip,end_ip,country,country_code,asn\n240.0.0.0,240.0.0.255,China,CN,AS64500\n", "CN/64500"},
		{"byte order mark, CRLF", "\ufeffcidr,cc\r\n240.0.0.0/24,CN\r\n", "CN/"},
		{"smaller block decides", "240.0.0.0/8,US\n240.0.0.0/24,CN\n", "CN/"},
		{"IPv4-mapped", "::ffff:240.0.0.0,::ffff:240.0.0.255,CN\n", "CN/"},
	} {
		s, err := Open("x", 1, strings.NewReader(c.text))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := spell([]mark{s.steps.at(pointOf(netip.MustParseAddr("240.0.0.7")))}); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestTableErrors(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "no country and no AS"},
		{"HTML", "<html><body>no\n", "not recognised"},
		{"no place", "240.0.0.0/24\n", "not recognised"},
		{"names of countries", "network,country\n240.0.0.0/24,China\n", "no country and no AS"},
		{"address", "240.0.0.0/24,CN\n240.0.0.0/33,CN\n", "line 2: \"240.0.0.0/33\""},
		{"AS", "240.0.0.0/24,CN,1\n240.0.1.0/24,CN,x\n", "line 2: AS \"x\""},
		{"backwards", "240.0.0.9,240.0.0.0,CN\n", "ends before it begins"},
		{"two families", "240.0.0.9,2001:db8::,CN\n", "ends before it begins"},
		{"contradiction", "240.0.0.0/24,CN\n240.0.0.0/24,US\n", "placed twice"},
	} {
		_, err := Open("x", 1, strings.NewReader(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "places x: ") {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if _, err := Open("x", 0, strings.NewReader("240.0.0.0/24,CN\n")); err == nil {
		t.Error("table without a day: no error")
	}
}

// TestOpenCompressed: compression changes neither content nor digest, and a cut file is
// an error.
func TestOpenCompressed(t *testing.T) {
	text := []byte("240.0.0.0/24,CN,64500\n2001:db8::/32,US\n")
	var gz, zst bytes.Buffer
	g := gzip.NewWriter(&gz)
	z, err := zstd.NewWriter(&zst)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{write(g, text), g.Close(), write(z, text), z.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, b := range map[string][]byte{"plain": text, "gzip": gz.Bytes(), "zstd": zst.Bytes()} {
		content := b
		s, err := OpenFrom("x", 1, func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil })
		if err != nil || s.Digest != ts.DigestOf(text) || s.Len() != 2 {
			t.Errorf("%s: %v, %v", name, s, err)
		}
		var source bytes.Buffer
		if _, err := s.WriteSource(&source); err != nil || !bytes.Equal(source.Bytes(), text) {
			t.Errorf("%s: source %q, %v", name, source.Bytes(), err)
		}
		for _, other := range [][]byte{bytes.Replace(text, []byte("CN"), []byte("US"), 1), text[:20], b[:len(b)-5], nil} {
			if content = other; bytes.Equal(other, text) {
				continue
			}
			if _, err := s.WriteSource(&source); err == nil {
				t.Errorf("%s: changed to %q: no error", name, other)
			}
		}
		if name != "plain" {
			if _, err := Open("x", 1, bytes.NewReader(b[:len(b)-5])); err == nil {
				t.Errorf("%s cut: no error", name)
			}
		}
	}
}

func write(w interface{ Write([]byte) (int, error) }, b []byte) error {
	_, err := w.Write(b)
	return err
}

// FuzzOpen: whatever opens can be written, and read back to the same content.
func FuzzOpen(f *testing.F) {
	for _, seed := range []string{
		"240.0.0.0,240.0.0.255,CN\n", "240.0.0.0/24,CN,AS64500\n240.0.0.0/25,US,\n",
		"240.0.0.0\t240.0.0.255\t64500\tCN\tNET\n", "network,asn\n2001:db8::/32,64500\n",
		"::/0,US\n", "0.0.0.0/0,US\n", "\xab\xcd\xefMaxMind.com",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Open("x", 1, bytes.NewReader(data))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if _, err := s.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		again, err := Open("x", 1, &b)
		if err != nil {
			t.Fatal(err)
		}
		if len(again.steps) != len(s.steps) {
			t.Fatalf("%d steps read back as %d", len(s.steps), len(again.steps))
		}
		for i := range s.steps {
			if s.steps[i] != again.steps[i] {
				t.Fatalf("step %d: %v read back as %v", i, s.steps[i], again.steps[i])
			}
		}
	})
}
