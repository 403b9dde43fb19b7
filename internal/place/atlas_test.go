package place

import (
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
)

func table1(t *testing.T, name, day, text string) *Snapshot {
	t.Helper()
	d, err := ts.ParseDay(day)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(name, d, strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func atlas(t *testing.T, snapshots ...*Snapshot) *Atlas {
	t.Helper()
	a, err := New(snapshots...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func day(t *testing.T, s string) ts.Day {
	t.Helper()
	d, err := ts.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestAtDays walks over the borders between dated editions: the nearest before the day,
// else the nearest.
func TestAtDays(t *testing.T) {
	a := atlas(t,
		table1(t, "a", "2014-04-01", "240.0.0.0/24,CN,64500\n"),
		table1(t, "a", "2014-03-01", "240.0.0.0/24,US\n"),
		table1(t, "a", "2014-05-01", "240.0.0.0/25,HK\n"),
	)
	for _, c := range []struct {
		day     string
		country ts.Country
		as      uint32
		used    string
	}{
		{"1999-12-31", "US", 64500, "2014-03-01"},
		{"2014-02-28", "US", 64500, "2014-03-01"},
		{"2014-03-01", "US", 64500, "2014-03-01"},
		{"2014-03-31", "US", 64500, "2014-03-01"},
		{"2014-04-01", "CN", 64500, "2014-04-01"},
		{"2014-04-30", "CN", 64500, "2014-04-01"},
		{"2014-05-01", "", 64500, "2014-05-01"},
		{"2038-01-01", "", 64500, "2014-05-01"},
	} {
		d := day(t, c.day)
		got, places := a.At(netip.MustParseAddr("240.0.0.200"), d)
		if got != (Place{c.country, c.as}) || places != "" {
			t.Errorf("%s: %v %q", c.day, got, places)
		}
		if e := a.Editions(d); e[0].Day.String() != c.used {
			t.Errorf("%s: editions %v", c.day, e)
		}
	}
}

// TestAtSeveral pins how several data sets answer: who decides, and what is spelt out.
func TestAtSeveral(t *testing.T) {
	a := atlas(t,
		table1(t, "first", "2014-03-19", "240.0.0.0,240.0.0.3,US\n240.0.0.4,240.0.0.5,CN\n"),
		table1(t, "second", "2014-03-19", "240.0.0.0,240.0.0.1,US,64500\n240.0.0.2,240.0.0.4,HK,64501\n"),
		table1(t, "numbers", "2014-03-19", "240.0.0.0,240.0.0.2,64500,One\n240.0.0.3,240.0.0.3,64502,Two\n"),
		table1(t, "first", "2014-03-19", "2001:db8::/48,US\n"),
	)
	for _, c := range []struct {
		addr    string
		country ts.Country
		as      uint32
		places  string
	}{
		{"240.0.0.0", "US", 64500, ""},
		{"240.0.0.2", "US", 64501, "US/;HK/64501;/64500"},
		{"240.0.0.3", "US", 64501, "US/;HK/64501;/64502"},
		{"240.0.0.4", "CN", 64501, "CN/;HK/64501;/"},
		{"240.0.0.5", "CN", 0, "CN/;/;/"},
		{"240.0.0.6", "", 0, ""},
		{"2001:db8::1", "US", 0, "US/;/;/"},
		{"2001:db8:1::", "", 0, ""},
	} {
		got, places := a.At(netip.MustParseAddr(c.addr), day(t, "2014-03-19"))
		if got != (Place{c.country, c.as}) || places != c.places {
			t.Errorf("%s: %v %q, want %v", c.addr, got, places, c)
		}
	}
	if got, places := a.At(netip.Addr{}, 0); got != (Place{}) || places != "" {
		t.Errorf("no address: %v %q", got, places)
	}
}

func TestEditionsInOrder(t *testing.T) {
	countries := table1(t, "b", "2014-03-19", "240.0.0.0/24,US\n")
	numbers := table1(t, "b", "2014-03-01", "240.0.0.0/24,64500\n")
	other := table1(t, "a", "2014-04-01", "240.0.0.0/24,US,64500\n")
	a := atlas(t, countries, other, numbers, countries)
	got := a.Editions(day(t, "2014-03-20"))
	want := []Edition{countries.Edition, numbers.Edition, other.Edition}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("editions %v, want %v", got, want)
	}
}

func TestNewRefuses(t *testing.T) {
	if _, err := New(); err == nil {
		t.Error("no data set: no error")
	}
	if _, err := New(&Snapshot{}); err == nil {
		t.Error("no name: no error")
	}
}

// TestMergeAgainstEachDataSet merges random data sets and asks each alone.
func TestMergeAgainstEachDataSet(t *testing.T) {
	for seed := range uint64(10) {
		rng := rand.New(rand.NewPCG(seed, 2))
		var flats []steps
		var opinions []opinion
		for range 1 + rng.IntN(4) {
			flat, err := randomBlocks(rng, 30).flatten()
			if err != nil {
				t.Fatal(err)
			}
			flats = append(flats, flat)
			opinions = append(opinions, opinion{countries: []steps{flat}, networks: []steps{flat}})
		}
		merged := compile(opinions)
		for _, a := range smallWorld() {
			marks := make([]mark, len(flats))
			agree := true
			for i, flat := range flats {
				marks[i] = flat.at(pointOf(a))
				agree = agree && marks[i] == marks[0]
			}
			want := placed{first: marks[0].place()}
			if !agree {
				want.places = spell(marks)
			}
			if got := *merged.at(a); got != want {
				t.Fatalf("seed %d: %s: %v, want %v", seed, a, got, want)
			}
		}
	}
}

func TestSnapshotsAreListedOnce(t *testing.T) {
	embedded, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	both := &Snapshot{Edition: Edition{Name: "b"}, countries: true, networks: true}
	a, err := New(embedded, both)
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Snapshots(); len(got) != 2 || got[0] != embedded || got[1] != both {
		t.Errorf("%d snapshots", len(got))
	}
}
