package publish

import (
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
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
	*testing.T
	*ledger.Ledger
	editions []ts.Day // of the one place data set
}

func newHouse(t *testing.T) *house {
	t.Helper()
	l, err := ledger.Create("/led", "ledger.example/test", ledger.Options{FS: durabletest.New(), Rand: rand.NewChaCha8([32]byte{1})})
	if err != nil {
		t.Fatal(err)
	}
	return &house{t, l, []ts.Day{start}}
}

// connLog has a contact of machine n with server 240.0.0.1 or .2 in turn, for each day.
// Its header is longer than what tells files apart, so that a longer one is a grown one.
func connLog(days ...int) string {
	var b strings.Builder
	b.WriteString("#separator \\x09\n#" + strings.Repeat("-", 1024) + "\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tresp_bytes\thistory\n")
	for n, day := range days {
		fmt.Fprintf(&b, "%d.5\tC%d\t240.1.%d.%d\t40000\t240.0.0.%d\t443\ttcp\t20\tShADad\n", (start + ts.Day(day)).Start(), n, n/256, n%256, 1+n%2)
	}
	return b.String()
}

// read ingests a log by the feeds, which are named feed 0, feed 1 and so on.
func (h *house) read(name, log string, feeds ...string) {
	h.Helper()
	loader := intel.NewLoader()
	for i, feed := range feeds {
		if err := loader.Load(fmt.Sprintf("lists/fé ed %d.txt", i), strings.NewReader(feed), intel.Hint{}); err != nil {
			h.Fatal(err)
		}
	}
	set, err := loader.Compile()
	if err != nil {
		h.Fatal(err)
	}
	sensor := &ts.Sensor{Name: "border-1", Named: true, Role: ts.RoleNetwork, Country: "CZ",
		TreatAsPublic: []netip.Prefix{netip.MustParsePrefix("240.0.0.0/4")}}
	g := ingest.Ingest{Ledger: h.Ledger, Intel: set, Atlas: h.atlas(), Now: start + 1000}
	result, err := g.Run(h.Context(), []ingest.Source{{Name: name, Sensor: sensor,
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(log)), nil }}})
	if err != nil || result.Inputs[0].Err != nil {
		h.Fatal(err, result.Inputs)
	}
}

func (h *house) atlas() *place.Atlas {
	h.Helper()
	var editions []*place.Snapshot
	for i, day := range h.editions {
		table := fmt.Sprintf("240.0.0.0/16,US,%d\n240.1.0.0/16,CN,64501\n", 64502+i)
		s, err := place.Open("made", day, strings.NewReader(table))
		if err != nil {
			h.Fatal(err)
		}
		editions = append(editions, s)
	}
	a, err := place.New(editions...)
	if err != nil {
		h.Fatal(err)
	}
	return a
}

// evidence returns what is published of the ledger as it is.
func (h *house) evidence() (*evidence.View, report.Evidence) {
	h.Helper()
	v, err := evidence.Read(h.Ledger)
	if err != nil {
		h.Fatal(err)
	}
	e, err := Evidence(h.Ledger, v, "tallystick test")
	if err != nil {
		h.Fatal(err)
	}
	return v, e
}

// publish writes a report of all days into a folder.
func (h *house) publish(dir string) error {
	h.Helper()
	v, e := h.evidence()
	scan := count.New(Source(h.Ledger, v), count.Options{})
	defer func() {
		if err := scan.Close(); err != nil {
			h.Error(err)
		}
	}()
	r, err := report.Build(h.Context(), scan, e, report.Request{})
	if err != nil {
		h.Fatal(err)
	}
	return Write(h.Ledger, v, r, dir)
}

// hosts counts control.hosts.
func (h *house) hosts() (g count.Group) {
	h.Helper()
	v, _ := h.evidence()
	m, err := measure.ByName("control.hosts")
	if err != nil {
		h.Fatal(err)
	}
	scan := count.New(Source(h.Ledger, v), count.Options{})
	for g, err = range scan.Count(h.Context(), count.Question{Measure: m}) {
		if err != nil {
			h.Fatal(err)
		}
	}
	if err := scan.Close(); err != nil {
		h.Fatal(err)
	}
	return g
}

func (h *house) exclude(value string) {
	h.Helper()
	entry, err := evidence.FormatExclusion(evidence.Exclusion{Value: value, Reason: "retracted"})
	if err != nil {
		h.Fatal(err)
	}
	if _, err := h.Commit(func(ledger.Head) ([][]byte, error) { return [][]byte{entry}, nil }); err != nil {
		h.Fatal(err)
	}
}

// files returns the files of a published report by name.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, name := range []string{FileHTML, FileJSON, FileCSV, FileCheckpoint, FileProof} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(b)
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
		if err := h.publish(dir); err != nil {
			t.Fatal(err)
		}
		got := files(t, dir)
		if i == 0 {
			published = got
		}
		for name, content := range got {
			if content != published[name] {
				t.Errorf("%s of the same report has other bytes", name)
			}
		}
		if size := h.Head().Size; size != before+1 {
			t.Errorf("%d entries after report %d, want %d", size, i, before+1)
		}
	}
	h.exclude("240.1.0.0")
	if err := h.publish(later); err != nil {
		t.Fatal(err)
	}
	if files(t, later)[FileJSON] == published[FileJSON] || files(t, first)[FileHTML] != published[FileHTML] {
		t.Error("the later report is the first, or has changed it")
	}
	v, _ := h.evidence()
	if len(v.Reports) != 2 || v.Reports[0].Size != before || v.Reports[1].Size != before+2 {
		t.Errorf("reports %+v, the first of size %d", v.Reports, before)
	}
	for i, dir := range []string{first, later} {
		checkEntry(t, h.Ledger, &v.Reports[i], files(t, dir))
	}
}

// checkEntry reads a published folder as a stranger would: the files are those of the
// entry, and the proof shows the entry in the published checkpoint.
func checkEntry(t *testing.T, l *ledger.Ledger, r *evidence.Report, files map[string]string) {
	t.Helper()
	if ts.DigestOf([]byte(files[FileHTML])) != r.HTML || ts.DigestOf([]byte(files[FileJSON])) != r.JSON || ts.DigestOf([]byte(files[FileCSV])) != r.CSV {
		t.Errorf("entry %d names other files", r.Index)
	}
	head, note, _ := strings.Cut(files[FileProof], "\n\n")
	lines := strings.Split(head, "\n")
	if want := []string{"c2sp.org/tlog-proof@v1", fmt.Sprintf("index %d", r.Index)}; !slices.Equal(lines[:2], want) || note != files[FileCheckpoint] {
		t.Fatalf("proof begins %q, and holds the checkpoint\n%s", lines[:2], note)
	}
	var path tlog.RecordProof
	for _, line := range lines[2:] {
		b, err := base64.StdEncoding.DecodeString(line)
		if err != nil {
			t.Fatal(err)
		}
		path = append(path, tlog.Hash(b))
	}
	entry, err := evidence.FormatReport(*r)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := l.HeadAt(r.Index + 1)
	if err != nil || note != string(signed.Note) {
		t.Fatalf("the published checkpoint is not the ledger's: %v", err)
	}
	if err := tlog.CheckRecord(path, int64(signed.Size), signed.Root, int64(r.Index), tlog.RecordHash(entry)); err != nil {
		t.Error(err)
	}
}

// TestNothing: an empty ledger has a report too, which names no checkpoint.
func TestNothing(t *testing.T) {
	h := newHouse(t)
	if _, e := h.evidence(); e.Checkpoint != (ts.FigureCheckpoint{Origin: h.Origin()}) || len(e.Inputs)+len(e.Feeds)+len(e.Places) > 0 {
		t.Errorf("%+v", e)
	}
	dir := t.TempDir()
	if err := h.publish(dir); err != nil || h.Head().Size != 1 {
		t.Fatalf("%v, %d entries", err, h.Head().Size)
	}
	v, e := h.evidence()
	checkEntry(t, h.Ledger, &v.Reports[0], files(t, dir))
	if e.Checkpoint.Size != 0 {
		t.Errorf("the report became evidence: %+v", e.Checkpoint)
	}
}

// TestUnwritable: what cannot be written is an error; written elsewhere, it is the report
// that the ledger committed to already.
func TestUnwritable(t *testing.T) {
	h := newHouse(t)
	h.read("conn.log", connLog(0), one)
	dir := t.TempDir()
	blocked := filepath.Join(dir, "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := h.publish(filepath.Join(blocked, "report")); err == nil {
		t.Error("a report below a file was written")
	}
	size := h.Head().Size
	if err := os.Mkdir(filepath.Join(dir, FileCSV), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := h.publish(dir); err == nil || !strings.Contains(err.Error(), FileCSV) {
		t.Errorf("%s is a folder: %v", FileCSV, err)
	}
	if err := h.publish(filepath.Join(dir, "new", "report")); err != nil || h.Head().Size != size {
		t.Errorf("%v, %d entries, want %d", err, h.Head().Size, size)
	}
}
