package proof

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/tallystick/tallystick"
)

func exampleManifest() Manifest {
	return Manifest{
		Segment: [16]byte{0xab},
		Schema:  SchemaDigest(),
		Rows:    12,
		First:   16148,
		Last:    16149,
		RowRoot: Hash{1},
		File:    tallystick.Digest{2},
		Places:  []PlaceEdition{{"declared", 16148, tallystick.Digest{3}}, {"iploc", 16000, tallystick.Digest{4}}},
		Salt:    [32]byte{5},
	}
}

func TestManifest(t *testing.T) {
	m := exampleManifest()
	b, err := m.Build()
	if err != nil {
		t.Fatal(err)
	}
	zeros := func(first string, bytes int) string { return first + strings.Repeat("0", 2*bytes-len(first)) }
	want := "tally-manifest/v1\n" +
		"segment " + zeros("ab", 16) + "\n" +
		"schema " + tallystick.DigestOf([]byte(tallystick.RowSchema)).String() + "\n" +
		"rows 12\nfirst-day 2014-03-19\nlast-day 2014-03-20\n" +
		"row-root " + zeros("01", 32) + "\n" +
		"file-sha256 " + zeros("02", 32) + "\n" +
		"place declared 2014-03-19 " + zeros("03", 32) + "\n" +
		"place iploc 2013-10-22 " + zeros("04", 32) + "\n" +
		"salt " + zeros("05", 32) + "\n"
	if string(b) != want {
		t.Fatalf("manifest:\n%s\nwant:\n%s", b, want)
	}
	back, err := ParseManifest(b)
	if err != nil || !reflect.DeepEqual(back, m) {
		t.Fatalf("read back %+v, %v", back, err)
	}
}

func TestManifestRefuses(t *testing.T) {
	m := exampleManifest()
	good, err := m.Build()
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{"rows 12", "rows 0"},
		{"rows 12", "rows 012"},
		{"rows 12", "rows +12"},
		{"rows 12", "rows 9007199254740992"},
		{"rows 12\n", ""},
		{"rows 12\n", "rows 12\nrows 12\n"},
		{"segment ab", "segment AB"},
		{"segment ab", "segment "},
		{"first-day 2014-03-19", "first-day 2014-03-21"},
		{"first-day 2014-03-19", "first-day 2014-3-19"},
		{"place iploc", "place"},
		{"place iploc", "place a b"},
		{"salt ", "extra x\nsalt "},
		{"manifest/v1", "manifest/v2"},
		{"\nsalt", "\r\nsalt"},
	} {
		bad := strings.Replace(string(good), change[0], change[1], 1)
		if bad == string(good) {
			t.Fatalf("nothing to change: %q", change[0])
		}
		if _, err := ParseManifest([]byte(bad)); err == nil {
			t.Errorf("%q for %q: no error", change[1], change[0])
		}
	}
	for _, change := range []func(*Manifest){
		func(m *Manifest) { m.Rows = 0 },
		func(m *Manifest) { m.Last = m.First - 1 },
		func(m *Manifest) { m.Places[0].Name = "a b" },
		func(m *Manifest) { m.Places[0].Name = "é" },
		func(m *Manifest) { m.Places = make([]PlaceEdition, 1) },
	} {
		m := exampleManifest()
		change(&m)
		if _, err := m.Build(); err == nil {
			t.Errorf("%+v: no error", m)
		}
	}
}

func FuzzParseManifest(f *testing.F) {
	m := exampleManifest()
	good, err := m.Build()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte("tally-manifest/v1\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := ParseManifest(b)
		if err != nil {
			return
		}
		if again, err := m.Build(); err != nil || !bytes.Equal(again, b) {
			t.Errorf("accepted %q, wrote %q (%v)", b, again, err)
		}
	})
}
