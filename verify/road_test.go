package verify_test

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/place"
	"github.com/tallystick/tallystick/internal/report"
	"github.com/tallystick/tallystick/internal/segment"
	"github.com/tallystick/tallystick/internal/segment/segmenttest"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify"
)

const firstDay = segmenttest.FirstDay

// road is a ledger in memory with what the other road, counting and reporting, needs.
type road struct {
	*memory
	source   count.Source
	evidence report.Evidence
}

// file is a segment's bytes without a file.
type file struct{ *bytes.Reader }

func (file) Close() error { return nil }

// batch adds rows to both sides.
func (r *road) batch(t testing.TB, rows []ts.Row) {
	t.Helper()
	if len(rows) == 0 {
		return
	}
	segment.Sort(rows)
	var b bytes.Buffer
	if err := segment.Write(&b, rows); err != nil {
		t.Fatal(err)
	}
	m := r.memory.batch(t, rows, "")
	r.source.Segments = append(r.source.Segments, count.Segment{Name: m.File.String(), FirstDay: m.First, LastDay: m.Last, Rows: m.Rows,
		Open: func() (count.File, error) { return file{bytes.NewReader(b.Bytes())}, nil }})
	r.place(&m)
	r.evidence.Recipe.Batches++
	r.evidence.Recipe.Segments++
	r.evidence.Recipe.Rows += m.Rows
}

// place keeps the data sets of a manifest and the greatest distance to its first day.
func (r *road) place(m *proof.Manifest) {
	for i, p := range m.Places {
		if i >= len(r.evidence.Places) {
			r.evidence.Places = append(r.evidence.Places, report.PlaceLine{Name: p.Name, Day: p.Day, Digest: p.Digest})
			r.evidence.Recipe.Places = append(r.evidence.Recipe.Places, p.Name+" "+p.Day.String()+" "+p.Digest.String())
		}
		days := int(max(p.Day-m.First, m.First-p.Day))
		r.evidence.Places[i].Distance = max(r.evidence.Places[i].Distance, days)
	}
}

func (r *road) exclude(t testing.TB, value string) {
	r.memory.exclude(t, value)
	r.source.Excluded = append(r.source.Excluded, value)
	r.evidence.Exclusions = append(r.evidence.Exclusions, report.Exclusion{Value: value, Reason: "because"})
	r.evidence.Recipe.Excluded = append(r.evidence.Recipe.Excluded, value)
}

// newRoad has one sensor and one input; its rows are to be added.
func newRoad(t testing.TB) *road {
	r := &road{memory: newMemory(t, 1)}
	r.add(t, "tally-sensor/v1", "name north", "role network", "country CN", "as 64501", "site ", "networks 240.0.0.0/24",
		"treat-as-public 240.0.0.0/4", "sampling 10", "since ")
	r.evidence = report.Evidence{
		Sensors: []ts.Sensor{{Name: "north", Role: ts.RoleNetwork, Country: "CN", AS: 64501, Sampling: 10,
			Networks:      []netip.Prefix{netip.MustParsePrefix("240.0.0.0/24")},
			TreatAsPublic: []netip.Prefix{netip.MustParsePrefix("240.0.0.0/4")}}},
		Inputs: []report.Input{
			{Name: "conn.log", Sensor: "north", Format: "zeek-conn", Bytes: 99, Tally: ts.Tally{Read: 9, Observed: 6, Skipped: map[string]uint64{"columns": 2, "time": 1}}},
			{Name: "dns.log", Sensor: "north", Format: "zeek-dns", Bytes: 12, Tally: ts.Tally{Read: 3, Observed: 3}}},
		Feeds:  []report.FeedLine{{Name: "list", Entries: 4, Undated: 1}},
		Recipe: ts.FigureRecipe{Rules: []string{rulesDigest}, Sensors: []string{"north"}, Tool: "test"},
	}
	return r
}

// randomRoad has rows of colliding fields in several segments, and exclusions.
func randomRoad(t testing.TB, random *rand.Rand, rows int) *road {
	r := newRoad(t)
	for range 1 + random.IntN(3) {
		var dated, undated []ts.Row // a segment has the rows of few days
		for _, row := range segmenttest.Rows(random, rows) {
			if row.Day() == 0 {
				undated = append(undated, row)
			} else {
				dated = append(dated, row)
			}
		}
		r.batch(t, dated)
		r.batch(t, undated)
	}
	for _, value := range []string{"exclude.example", "::ffff:240.0.0.3", "2001:DB8::5"}[:random.IntN(4)] {
		r.exclude(t, value)
	}
	return r
}

// built writes the report that counting and reporting make of the ledger.
func (r *road) built(t testing.TB, q report.Request) (json, csv []byte) {
	t.Helper()
	r.evidence.Checkpoint = r.checkpoint(t)
	scan := count.New(r.source, count.Options{})
	defer func() {
		if err := scan.Close(); err != nil {
			t.Error(err)
		}
	}()
	built, err := report.Build(context.Background(), scan, r.evidence, q)
	if err != nil {
		t.Fatal(err)
	}
	return written(t, built.WriteJSON), written(t, built.WriteCSV)
}

func written(t testing.TB, write func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (r *road) published(t testing.TB, q report.Request) verify.Report {
	t.Helper()
	json, csv := r.built(t, q)
	return r.seal(t, json, csv, r.evidence.Checkpoint.Size)
}

func requests() []report.Request {
	window := ts.Window{From: firstDay + 1, To: firstDay + 6}
	us, cn := []ts.Country{"US"}, []ts.Country{"CN", "HK"}
	return []report.Request{
		{}, {Window: window}, {Window: window, By: us, On: cn}, {By: us, On: cn}, {On: cn}, {By: us},
		{Window: window, By: us, On: cn, Verdict: place.L}, {By: us, On: cn, Verdict: place.P}, {On: cn, Verdict: place.U},
		{Window: ts.Window{From: 0, To: firstDay + 3}, By: us}, {On: []ts.Country{"FR"}},
	}
}

// TestTwoRoads has every kind of report made of random ledgers by counting and reporting,
// and recounted here: the two share the definitions of the measures and nothing else.
func TestTwoRoads(t *testing.T) {
	for seed := range uint64(2) {
		random := rand.New(rand.NewPCG(seed, 7))
		r := randomRoad(t, random, 20+random.IntN(150))
		for i, q := range requests() {
			result := verify.Check(r.published(t, q), r.key(), r.memory)
			if result.ExitCode() != 0 {
				t.Errorf("seed %d, request %d: %v", seed, i, wrong(result))
			}
			r.unseal()
		}
	}
}

// TestOlderReport: what is appended behind a report changes nothing of it.
func TestOlderReport(t *testing.T) {
	r := randomRoad(t, rand.New(rand.NewPCG(1, 1)), 60)
	old := r.published(t, report.Request{})
	r.memory.exclude(t, "c2.example")
	r.memory.batch(t, segmenttest.Rows(rand.New(rand.NewPCG(2, 2)), 30), "1")
	if result := verify.Check(old, r.key(), r.memory); result.ExitCode() != 0 {
		t.Errorf("an older report: %v", wrong(result))
	}
	index := slices.IndexFunc(r.entries, func(e []byte) bool { return bytes.HasPrefix(e, []byte("tally-report/v1\n")) })
	r.sign(t, &old, uint64(index))
	if result := verify.Check(old, r.key(), r.memory); result.ExitCode() != 0 {
		t.Errorf("an older report under a newer head: %v", wrong(result))
	}
}
