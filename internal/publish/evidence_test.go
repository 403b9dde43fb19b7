package publish

import (
	"slices"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/report"
)

// TestRetold: a file that other rules judge again, and one that has grown meanwhile, is
// one input; members are those of both judgements, records those of the last.
func TestRetold(t *testing.T) {
	short, long := connLog(0, 1, 2), connLog(0, 1, 2, 3, 4)
	type reading struct{ log, feed string }
	for name, c := range map[string]struct {
		readings                []reading
		inputs                  int
		members, records, bytes uint64
	}{
		"once":             {[]reading{{long, one}}, 1, 3, 3, uint64(len(long))},
		"twice":            {[]reading{{long, one}, {long, one}}, 1, 3, 3, uint64(len(long))},
		"grown":            {[]reading{{short, one}, {long, one}}, 2, 3, 3, uint64(len(long))},
		"more listed":      {[]reading{{long, one}, {long, one + other}}, 1, 5, 5, uint64(len(long))},
		"others listed":    {[]reading{{long, one}, {long, other}}, 1, 5, 2, uint64(len(long))},
		"grown and others": {[]reading{{short, one}, {long, one + other}}, 1, 5, 5, uint64(len(long))},
		"nothing listed":   {[]reading{{long, one}, {long, "240.9.9.9\n"}}, 1, 3, 0, uint64(len(long))},
		"another log":      {[]reading{{short, one}, {connLog(7, 8), one + other}}, 2, 3, 4, uint64(len(short) + len(connLog(7, 8)))},
	} {
		h := newHouse(t)
		for _, r := range c.readings {
			h.read("conn.log", r.log, r.feed)
		}
		_, e := h.evidence()
		var bytes uint64
		for _, in := range e.Inputs {
			bytes += in.Bytes
		}
		if len(e.Inputs) != c.inputs || bytes != c.bytes {
			t.Errorf("%s: %d bytes of %d in %+v", name, bytes, c.bytes, e.Inputs)
		}
		if g := h.hosts(); g.Members != c.members || g.Records != c.records {
			t.Errorf("%s: %d members, %d records; want %d and %d", name, g.Members, g.Records, c.members, c.records)
		}
	}
}

// TestManyDays: a commit of more segments than an entry holds has two batches, of the
// same one input. Each edition of a data set has its distance to the farthest day that it
// was used for.
func TestManyDays(t *testing.T) {
	const days, second = 600, 400
	h := newHouse(t)
	h.editions = []ts.Day{start, start + second}
	list := make([]int, days)
	for i := range list {
		list[i] = i
	}
	h.read("/var/log/conn.log", connLog(list...), one, other)
	v, e := h.evidence()
	if len(v.Batches) != 2 || e.Recipe.Batches != 2 || e.Recipe.Segments != days || e.Recipe.Rows != days {
		t.Errorf("%d batches; recipe %+v", len(v.Batches), e.Recipe)
	}
	if len(e.Inputs) != 1 || e.Inputs[0].Name != "conn.log" || e.Inputs[0].Tally.Read != days {
		t.Errorf("inputs %+v", e.Inputs)
	}
	if g := h.hosts(); g.Members != days || g.Records != days {
		t.Errorf("%+v", g)
	}
	if len(e.Places) != 2 || e.Places[0].Day != start || e.Places[0].Distance != second-1 ||
		e.Places[1].Day != start+second || e.Places[1].Distance != days-1-second {
		t.Errorf("places %+v", e.Places)
	}
}

// TestEvidence: feeds stand once however many batches name their rules, exclusions are
// left out of the count, and sensors that declare blocks as public are noted.
func TestEvidence(t *testing.T) {
	h := newHouse(t)
	h.read("a.log", connLog(0, 1, 2), one, other+"c2.example\n")
	h.read("b.log", connLog(4, 5, 6), one, other+"c2.example\n")
	_, e := h.evidence()
	want := []report.FeedLine{{Name: "fé ed 0", Entries: 1, Undated: 1}, {Name: "fé ed 1", Entries: 2, Undated: 2}}
	if !slices.Equal(e.Feeds, want) || len(e.Recipe.Rules) != 1 || e.Recipe.Batches != 2 {
		t.Errorf("feeds %+v, want %+v; recipe %+v", e.Feeds, want, e.Recipe)
	}
	if len(e.Sensors) != 1 || len(e.Notes) != 1 || !strings.HasPrefix(e.Notes[0], "synthetic: ") || !strings.Contains(e.Notes[0], "240.0.0.0/4") {
		t.Errorf("sensors %+v, notes %q", e.Sensors, e.Notes)
	}
	if g := h.hosts(); g.Members != 3 || g.Records != 6 {
		t.Errorf("before the exclusion %+v", g)
	}
	h.exclude("240.0.0.1")
	_, e = h.evidence()
	if !slices.Equal(e.Exclusions, []report.Exclusion{{Value: "240.0.0.1", Reason: "retracted"}}) || !slices.Equal(e.Recipe.Excluded, []string{"240.0.0.1"}) {
		t.Errorf("exclusions %+v; recipe %+v", e.Exclusions, e.Recipe)
	}
	if g := h.hosts(); g.Members != 1 || g.Records != 2 {
		t.Errorf("after it %+v", g)
	}
	if e.Checkpoint.Size != h.Head().Size || e.Checkpoint.Root != h.Head().Root.String() {
		t.Errorf("%+v, want size %d and root %s", e.Checkpoint, h.Head().Size, h.Head().Root)
	}
}

func TestParseFeed(t *testing.T) {
	got, err := parseFeed("12 3 made%C3%A9 list")
	if want := (report.FeedLine{Name: "madeé list", Entries: 12, Undated: 3}); err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	for _, line := range []string{"", "12", "12 3", "x 3 name", "12 -1 name", "12 3 na%me", "18446744073709551616 0 name"} {
		if got, err := parseFeed(line); err == nil {
			t.Errorf("%q was read as %+v", line, got)
		}
	}
}
