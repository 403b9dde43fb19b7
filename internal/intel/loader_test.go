package intel

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"

	"github.com/tallystick/tallystick"
)

// listed loads one file and returns its indicators, in canonical order, without feed.
func listed(t *testing.T, name, text string, h Hint) ([]string, Feed) {
	t.Helper()
	l := NewLoader()
	if err := l.Load(name, strings.NewReader(text), h); err != nil {
		t.Fatal(err)
	}
	s := compiled(t, l)
	var got []string
	for _, i := range s.indicators {
		what := i.Class.String() + i.Role.String()
		if i.Veto {
			what = "veto"
		}
		line := strings.TrimSpace(strings.Join([]string{i.Value, what, i.Family}, " "))
		if !i.Undated() {
			line += " " + i.From.String()
			if i.To != 0 {
				line += " " + i.To.String()
			}
		}
		if i.Exact {
			line += " exact"
		}
		got = append(got, line)
	}
	slices.Sort(got)
	feeds := s.Feeds()
	return got, feeds[0]
}

func expect(t *testing.T, got, want []string) {
	t.Helper()
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func TestPlain(t *testing.T) {
	text := "\ufeff# comment\n240.0.0.1\n240.0.0.2:80 ; comment\n\n; comment\n240.0.1.0/24 # x\nbad.example.net\r\n" +
		"http://bad.example.net/a?b\n0.0.0.0 ads.example.net more.example.net\n127.0.0.1 localhost\n240.0.3.0 240.0.3.255 24\n10.0.0.1\n" +
		strings.Repeat("x", maxLine+10) + "\nlast.example.net"
	got, f := listed(t, "lists/mine.txt", text, Hint{})
	expect(t, got, []string{
		"240.0.0.1 control", "240.0.0.2:80 control", "240.0.1.0/24 control", "bad.example.net control",
		"bad.example.net/a control", "ads.example.net control", "more.example.net control", "last.example.net control",
	})
	if f.Name != "mine" || f.Format != formatPlain || !f.Tally.Balanced() || f.Tally.Read != 12 || f.Tally.Skipped[reasonLong] != 1 ||
		f.Tally.Skipped[reasonRange] != 1 || f.Tally.Skipped[reasonInternal] != 2 {
		t.Errorf("%+v", f)
	}
}

func TestHint(t *testing.T) {
	cases := map[string]string{
		"phishing": "240.0.0.1 phishing", "control": "240.0.0.1 control", "sinkhole": "240.0.0.1 sinkhole",
		"shared": "240.0.0.1 shared", "veto": "240.0.0.1 veto", "egress": "240.0.0.1 egress",
	}
	for word, want := range cases {
		h, err := ParseHint(word)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := listed(t, "a.txt", "240.0.0.1\n", h)
		expect(t, got, []string{want})
	}
	if _, err := ParseHint("C:"); err == nil {
		t.Error("C: is taken for a hint")
	}
	h := Hint{Role: RoleResolver, Family: "x", Feed: "own"}
	got, f := listed(t, "a.txt", "10.0.0.53\n", h)
	expect(t, got, []string{"10.0.0.53 resolver x"})
	if f.Name != "own" {
		t.Errorf("feed %q, want own", f.Name)
	}
}

func TestRefused(t *testing.T) {
	cases := map[string]string{
		"":                      "empty",
		"\n \n":                 "empty",
		"<!DOCTYPE html><html>": "HTML",
		"<?xml version=\"1.0\"?>\n<stix:STIX_Package>": "STIX 1 (XML)",
		"<?xml version=\"1.0\"?>\n<ioc id=\"x\">":      "OpenIOC (XML)",
		"\x1f\x8b\x08":                         "damaged gzip",
		"MZ\x00\x00":                           "binary",
		"Some words of a text.\nAnd others.":   "none of its 2 lines",
		`{"a": 1}`:                             "no feed format",
		`[1, 2]`:                               "no feed format",
		`{"type": "bundle", "objects": [`:      "unexpected EOF",
		`{"type":"cidr","name":"x","list":[]}`: "without entries",
	}
	for text, want := range cases {
		err := NewLoader().Load("some/file.txt", strings.NewReader(text), Hint{})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "some/file.txt: ") {
			t.Errorf("%q: %v, want the file and %q", text, err, want)
		}
	}
	broken := errors.New("broken")
	if err := NewLoader().Load("f", iotest.ErrReader(broken), Hint{}); !errors.Is(err, broken) {
		t.Errorf("read error is lost: %v", err)
	}
}

func TestLoadPath(t *testing.T) {
	fsys := fstest.MapFS{
		"feeds/b.txt":       {Data: []byte("240.0.0.2\n")},
		"feeds/a/a.txt":     {Data: []byte("240.0.0.1\n")},
		"feeds/page.html":   {Data: []byte("<html>")},
		"feeds/README.md":   {Data: []byte("240.0.0.3\n")},
		"feeds/again":       {Mode: fs.ModeSymlink, Data: []byte("a")},
		"feeds/picture.png": {Data: []byte("x")},
	}
	l := NewLoader()
	err := l.LoadPath(fsys, "feeds", Hint{})
	if err == nil || !strings.Contains(err.Error(), "feeds/page.html: HTML") {
		t.Errorf("error %v, want one that names page.html", err)
	}
	if len(l.Passed()) != 3 {
		t.Errorf("passed over %v, want 3", l.Passed())
	}
	if s := compiled(t, l); s.Len() != 2 {
		t.Errorf("%d indicators, want 2", s.Len())
	}
	if err := NewLoader().LoadPath(fsys, "nothing", Hint{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing folder: %v", err)
	}
	l = NewLoader()
	if err := l.LoadPath(fsys, "feeds/README.md", Hint{}); err != nil || compiled(t, l).Len() != 1 {
		t.Errorf("a file that is named is read whatever its name: %v", err)
	}
}

// TestDigest: order of files, names of folders, repetition and comments change nothing;
// an indicator does.
func TestDigest(t *testing.T) {
	digest := func(files ...[2]string) tallystick.Digest {
		l := NewLoader()
		for _, f := range files {
			if err := l.Load(f[0], strings.NewReader(f[1]), Hint{}); err != nil {
				t.Fatal(err)
			}
		}
		return compiled(t, l).Digest()
	}
	a, b := [2]string{"x/a.txt", "240.0.0.1\nbad.example.net\n"}, [2]string{"x/b.txt", "240.0.0.1\n"}
	want := digest(a, b)
	for what, got := range map[string]tallystick.Digest{
		"order":   digest(b, a),
		"folders": digest([2]string{"/other/y/a.txt", a[1]}, [2]string{"b.txt", b[1]}),
		"twice":   digest(a, a, b),
		"lines":   digest([2]string{"a.txt", "# c\nBAD.example.net.\n240.0.0.1\n"}, b),
	} {
		if got != want {
			t.Errorf("%s changes the digest", what)
		}
	}
	if digest(a) == want {
		t.Error("another set has the same digest")
	}
}

func TestListing(t *testing.T) {
	s := load(t, map[string]string{
		"a.txt":          "240.0.0.1:80\nbad.example.net\nhttp://bad.example.net/a%20b\n2001:db8::/32\n",
		"blackbook.csv":  "Domain,Malware,Date added,Source\nbook.example.net,-,2024-09-01,x\n",
		"sinkhole_x.txt": maltrailHead + "240.0.0.9\n",
		"w/list.json":    `{"name":"Good\tthings \u00e4","type":"string","list":["good.example.net"]}`,
	})
	var text bytes.Buffer
	if n, err := s.WriteTo(&text); err != nil || n != int64(text.Len()) {
		t.Fatalf("%d bytes of %d written: %v", n, text.Len(), err)
	}
	again, err := readSet(bytes.NewReader(text.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if again.Digest() != s.Digest() || s.Digest() != tallystick.DigestOf(text.Bytes()) {
		t.Error("the listing read again has another digest")
	}
	lines := strings.SplitAfter(text.String(), "\n")
	for what, bad := range map[string]string{
		"empty":        "",
		"other head":   "tallystick-intel/v2\n",
		"out of order": lines[0] + lines[2] + lines[1],
		"twice":        lines[0] + lines[1] + lines[1],
		"short":        lines[0] + "addr\tcontrol\n",
		"spelling":     lines[0] + strings.Replace(lines[1], "control", "Control", 1),
		"value":        lines[0] + strings.Replace(lines[1], "240.0.0.1:80", "240.0.0.1:080", 1),
	} {
		if _, err := readSet(strings.NewReader(bad)); err == nil {
			t.Errorf("%s: accepted", what)
		}
	}
}

func FuzzReadSet(f *testing.F) {
	f.Add(listingHead + "\naddrport\tcontrol\t-\tnjrat\tmine\t0\t0\t0\t-\t240.0.0.1:1177\n")
	f.Add(listingHead + "\ndomain\t-\tsinkhole+shared\t-\tmine\t50\t100\t110\texact\tbad.example.net\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := readSet(strings.NewReader(text))
		if err != nil {
			return
		}
		var again strings.Builder
		if _, err := s.WriteTo(&again); err != nil || strings.TrimSuffix(again.String(), "\n") != strings.TrimSuffix(text, "\n") {
			t.Errorf("%q is accepted but written %q (%v)", text, again.String(), err)
		}
	})
}
