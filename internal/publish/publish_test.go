package publish

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/durable/durabletest"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ingest"
	"github.com/tallystick/tallystick/internal/intel"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/place"
	"github.com/tallystick/tallystick/internal/report"
)

const start = ts.Day(16148) // 2014-03-19

// The two feeds of most tests: each lists one server.
const one, other = "240.0.0.1\n", "240.0.0.2\n"

// house is a ledger in memory with what is needed to fill it and to publish.
type house struct {
	testing.TB
	*ledger.Ledger
	fs       *durabletest.FS
	editions []ts.Day // of the one place data set
	country  ts.Country
}

func newHouse(t testing.TB) *house { return newHouseOf(t, "ledger.example/test", 1) }

func newHouseOf(t testing.TB, origin string, seed byte) *house {
	fs := durabletest.New()
	options := ledger.Options{FS: fs, Rand: rand.NewChaCha8([32]byte{seed})}
	return &house{t, must(ledger.Create("/led", origin, options)), fs, []ts.Day{start}, "CZ"}
}

// must is for what cannot fail but by a mistake of the test.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// opens returns what opens the text.
func opens(text string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
}

// connLog has a contact of machine n with server 240.0.0.1 or .2 in turn, for each day.
// Its header is longer than what tells files apart, so that a longer one is a grown one.
func connLog(days ...int) string {
	return "#separator \\x09\n#" + strings.Repeat("-", 1024) + strings.TrimPrefix(shortLog(days...), "#separator \\x09")
}

// shortLog is connLog with a short header: three days are less than what tells files
// apart, fifteen are more.
func shortLog(days ...int) string {
	var b strings.Builder
	b.WriteString("#separator \\x09\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tresp_bytes\thistory\n")
	for n, day := range days {
		fmt.Fprintf(&b, "%d.5\tC%d\t240.1.%d.%d\t40000\t240.0.0.%d\t443\ttcp\t20\tShADad\n", (start + ts.Day(day)).Start(), n, n/256, n%256, 1+n%2)
	}
	return b.String()
}

// read ingests a log by the feeds, which are named fé ed 0, fé ed 1 and so on.
func (h *house) read(name, log string, feeds ...string) {
	h.Helper()
	loader := intel.NewLoader()
	for i, feed := range feeds {
		if err := loader.Load(fmt.Sprintf("lists/fé ed %d.txt", i), strings.NewReader(feed), intel.Hint{}); err != nil {
			h.Fatal(err)
		}
	}
	var editions []*place.Snapshot
	for i, day := range h.editions {
		table := fmt.Sprintf("240.0.0.0/16,US,%d\n240.1.0.0/16,CN,64501\n", 64502+i)
		editions = append(editions, must(place.OpenFrom("made", day, opens(table))))
	}
	sensor := &ts.Sensor{Name: "border-1", Named: true, Role: ts.RoleNetwork, Country: h.country,
		TreatAsPublic: []netip.Prefix{netip.MustParsePrefix("240.0.0.0/4")}}
	g := ingest.Ingest{Ledger: h.Ledger, Intel: must(loader.Compile()), Atlas: must(place.New(editions...)), Now: start + 1000}
	result, err := g.Run(h.Context(), []ingest.Source{{Name: name, Sensor: sensor,
		Open: opens(log)}})
	if err != nil || result.Inputs[0].Err != nil {
		h.Fatal(err, result.Inputs)
	}
}

func (h *house) exclude(value string) {
	entry := must(evidence.FormatExclusion(evidence.Exclusion{Value: value, Reason: "retracted"}))
	must(h.Commit(func(ledger.Head) ([][]byte, error) { return [][]byte{entry}, nil }))
}

// now returns what is published of the ledger as it is.
func (h *house) now() (*evidence.View, report.Evidence) {
	v := must(evidence.Read(h.Ledger))
	return v, must(Evidence(h.Ledger, v, "tallystick test"))
}

// publish writes a report of all days into a folder.
func (h *house) publish(dir string) error {
	v, e := h.now()
	scan := count.New(Source(h.Ledger, v), count.Options{})
	r := must(report.Build(h.Context(), scan, e, report.Request{}))
	return errors.Join(Write(durable.OS{}, h.Ledger, v, r, dir), scan.Close())
}

// hosts counts control.hosts.
func (h *house) hosts() (g count.Group) {
	v, _ := h.now()
	scan := count.New(Source(h.Ledger, v), count.Options{})
	for group, err := range scan.Count(h.Context(), count.Question{Measure: must(measure.ByName("control.hosts"))}) {
		g = must(group, err)
	}
	return must(g, scan.Close())
}

// files returns the files of a published report by name.
func files(dir string) map[string]string {
	all := map[string]string{}
	for _, name := range []string{FileHTML, FileJSON, FileCSV, FileCheckpoint, FileProof} {
		all[name] = string(must(os.ReadFile(filepath.Join(dir, name))))
	}
	return all
}

// TestReports: the same report again has the same bytes and no entry of its own; after
// new evidence there is another, and the first stays as it is.
func TestReports(t *testing.T) {
	h := newHouse(t)
	h.read("conn.log", connLog(0, 1, 2), one, other)
	before := h.Head().Size
	first, again, later := t.TempDir(), t.TempDir(), t.TempDir()
	var published map[string]string
	for i, dir := range []string{first, again, first} {
		must(dir, h.publish(dir))
		if i == 0 {
			published = files(dir)
		}
		if size := h.Head().Size; size != before+1 || !maps.Equal(files(dir), published) {
			t.Errorf("report %d: %d entries, want %d; or other bytes", i, size, before+1)
		}
	}
	h.exclude("240.1.0.0")
	must(later, h.publish(later))
	if files(later)[FileJSON] == published[FileJSON] || files(first)[FileHTML] != published[FileHTML] {
		t.Error("the later report is the first, or has changed it")
	}
	v, _ := h.now()
	if len(v.Reports) != 2 || v.Reports[0].Size != before || v.Reports[1].Size != before+2 {
		t.Errorf("reports %+v, the first of size %d", v.Reports, before)
	}
	for i, dir := range []string{first, later} {
		checkEntry(t, h.Ledger, &v.Reports[i], files(dir))
	}
}

// checkEntry: the files are those that the entry names, and the proof is of the entry in
// the published checkpoint. That it holds is for package verify to say.
func checkEntry(t *testing.T, l *ledger.Ledger, r *evidence.Report, files map[string]string) {
	t.Helper()
	if ts.DigestOf([]byte(files[FileHTML])) != r.HTML || ts.DigestOf([]byte(files[FileJSON])) != r.JSON || ts.DigestOf([]byte(files[FileCSV])) != r.CSV {
		t.Errorf("entry %d names other files", r.Index)
	}
	signed, err := l.HeadAt(r.Index + 1)
	if err != nil || files[FileCheckpoint] != string(signed.Note) {
		t.Errorf("the published checkpoint is not the ledger's: %v\n%s", err, files[FileCheckpoint])
	}
	begin := fmt.Sprintf("c2sp.org/tlog-proof@v1\nindex %d\n", r.Index)
	if proof := files[FileProof]; !strings.HasPrefix(proof, begin) || !strings.HasSuffix(proof, "\n\n"+files[FileCheckpoint]) {
		t.Errorf("the proof is not of entry %d in the checkpoint:\n%s", r.Index, proof)
	}
}

// TestUnwritable: what cannot be written is an error, and commits nothing where no file
// can be written at all; written elsewhere, it is the report that the ledger committed to
// already.
func TestUnwritable(t *testing.T) {
	h := newHouse(t)
	h.read("conn.log", connLog(0), one)
	dir := t.TempDir()
	must(dir, errors.Join(os.WriteFile(filepath.Join(dir, "file"), nil, 0o600), os.Mkdir(filepath.Join(dir, FileCSV), 0o700)))
	before := h.Head().Size
	if err := h.publish(filepath.Join(dir, "file", "report")); err == nil || h.Head().Size != before {
		t.Errorf("a report below a file: %v, %d entries, want %d", err, h.Head().Size, before)
	}
	if err := h.publish(dir); err == nil || !strings.Contains(err.Error(), FileCSV) {
		t.Errorf("%s is a folder: %v", FileCSV, err)
	}
	if err := h.publish(filepath.Join(dir, "new", "report")); err != nil || h.Head().Size != before+1 {
		t.Errorf("%v, %d entries, want %d", err, h.Head().Size, before+1)
	}
}

// TestRetold: a file that other rules judge again, and one that has grown meanwhile, is
// one input; members are those of both judgements, records those of the last.
func TestRetold(t *testing.T) {
	short, long := connLog(0, 1, 2), connLog(0, 1, 2, 3, 4)
	tiny, small := shortLog(0, 1, 2), shortLog(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)
	type reading struct {
		log, feed string
		country   ts.Country
	}
	for name, c := range map[string]struct {
		readings                []reading
		inputs                  int
		members, records, bytes uint64
	}{
		"once":                       {[]reading{{long, one, "CZ"}}, 1, 3, 3, uint64(len(long))},
		"twice":                      {[]reading{{long, one, "CZ"}, {long, one, "CZ"}}, 1, 3, 3, uint64(len(long))},
		"grown":                      {[]reading{{short, one, "CZ"}, {long, one, "CZ"}}, 2, 3, 3, uint64(len(long))},
		"others listed":              {[]reading{{long, one, "CZ"}, {long, other, "CZ"}}, 1, 5, 2, uint64(len(long))},
		"grown and others":           {[]reading{{short, one, "CZ"}, {long, other, "CZ"}}, 1, 4, 2, uint64(len(long))},
		"more listed":                {[]reading{{long, one, "CZ"}, {long, one + other, "CZ"}}, 1, 5, 5, uint64(len(long))},
		"grown, more":                {[]reading{{short, one, "CZ"}, {long, one + other, "CZ"}}, 1, 5, 5, uint64(len(long))},
		"nothing listed":             {[]reading{{long, one, "CZ"}, {long, "240.9.9.9\n", "CZ"}}, 1, 3, 0, uint64(len(long))},
		"another log":                {[]reading{{short, one, "CZ"}, {connLog(7, 8), one + other, "CZ"}}, 2, 3, 4, uint64(len(short) + len(connLog(7, 8)))},
		"tiny, grown, others listed": {[]reading{{tiny, one, "CZ"}, {small, one, "CZ"}, {small, one + other, "CZ"}}, 1, 15, 15, uint64(len(small))},
		"tiny, grown and others":     {[]reading{{tiny, one, "CZ"}, {small, one + other, "CZ"}}, 1, 15, 15, uint64(len(small))},
		"other country":              {[]reading{{long, one, "CZ"}, {long, one, "DE"}}, 1, 3, 3, uint64(len(long))},
		"other country, grown":       {[]reading{{tiny, one, "CZ"}, {small, one, "DE"}}, 1, 8, 8, uint64(len(small))},
		"and back, grown":            {[]reading{{short, one, "CZ"}, {short, one, "DE"}, {long, one, "CZ"}}, 2, 3, 3, uint64(len(long))},
	} {
		h := newHouse(t)
		for _, r := range c.readings {
			h.country = r.country
			h.read("conn.log", r.log, r.feed)
		}
		_, e := h.now()
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
	v, e := h.now()
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
	_, e := h.now()
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
	_, e = h.now()
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
