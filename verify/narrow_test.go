package verify_test

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/place"
	"github.com/tallystick/tallystick/internal/report"
	"github.com/tallystick/tallystick/verify"
)

// TestNarrowedFigures recounts figures with every filter and every dimension.
func TestNarrowedFigures(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	r := randomRoad(t, random, 150)
	r.evidence.Checkpoint = r.checkpoint(t)
	scan := count.New(r.source, count.Options{})
	defer scan.Close()
	built, err := report.Build(context.Background(), scan, r.evidence, report.Request{})
	if err != nil {
		t.Fatal(err)
	}
	for i, dim := range count.Dimensions() {
		ask := report.Ask{Measure: measure.All()[i], GroupBy: []count.Dimension{dim}}
		if !ask.Measure.HasBy {
			ask.Measure = measure.All()[0]
		}
		if dim != count.Family {
			ask.GroupBy = append(ask.GroupBy, count.Family)
		}
		switch i % 6 {
		case 0:
			ask.ByAS = 64500
		case 1:
			ask.OnAS = 64501
		case 2:
			ask.Sensor = "south"
		case 3:
			ask.Site = "a.example"
		case 4:
			ask.Family = "simda"
		}
		f, err := report.Figure(context.Background(), scan, r.evidence, ask)
		if err != nil {
			t.Fatal(err)
		}
		built.Figures = append(built.Figures, report.Finding{Figure: f})
	}
	sealed := r.seal(t, written(t, built.WriteJSON), written(t, built.WriteCSV), r.evidence.Checkpoint.Size)
	if result := verify.Check(sealed, r.key(), r.memory); result.ExitCode() != 0 {
		t.Errorf("%v", wrong(result))
	}
	for i := range built.Figures {
		f := &built.Figures[i].Figure
		if len(f.Groups) == 0 {
			continue
		}
		f.Groups[len(f.Groups)-1].Value++
		r.unseal()
		sealed := r.seal(t, written(t, built.WriteJSON), written(t, built.WriteCSV), r.evidence.Checkpoint.Size)
		demand(t, verify.Check(sealed, r.key(), r.memory), verify.False, ", all recounted")
		f.Groups[len(f.Groups)-1].Value--
	}
}

// TestUndetected: a figure of what no detector looks for names no country, and is true as
// long as no row gainsays it.
func TestUndetected(t *testing.T) {
	for _, c := range []struct {
		class  ts.Class
		status verify.Status
	}{{ts.Control, verify.True}, {ts.Exfiltration, verify.False}} {
		r := newRoad(t)
		r.batch(t, handRows())
		scan := count.New(r.source, count.Options{})
		defer scan.Close()
		r.evidence.Checkpoint = r.checkpoint(t)
		m, err := measure.ByName("exfiltration.candidates")
		if err != nil {
			t.Fatal(err)
		}
		f, err := report.Figure(context.Background(), scan, r.evidence, report.Ask{Measure: m})
		if err != nil {
			t.Fatal(err)
		}
		rows := handRows()
		rows[0].Class = c.class
		r.batch(t, rows)
		r.evidence.Checkpoint = r.checkpoint(t)
		f.Checkpoint = r.evidence.Checkpoint
		built, err := report.Build(context.Background(), scan, r.evidence, report.Request{})
		if err != nil {
			t.Fatal(err)
		}
		built.Figures = append(built.Figures, report.Finding{Figure: f})
		sealed := r.seal(t, written(t, built.WriteJSON), written(t, built.WriteCSV), r.evidence.Checkpoint.Size)
		demand(t, verify.Check(sealed, r.key(), r.memory), c.status, "exfiltration.candidates by any on any: not observable")
	}
}

// TestVerdictsDiffer makes sure that the roads are compared where L, P and U are not one.
func TestVerdictsDiffer(t *testing.T) {
	r := randomRoad(t, rand.New(rand.NewPCG(5, 5)), 200)
	scan := count.New(r.source, count.Options{})
	defer scan.Close()
	seen := map[uint64]bool{}
	for _, v := range []place.Verdict{place.First, place.L, place.P, place.U} {
		m, err := measure.ByName("infected.addresses")
		if err != nil {
			t.Fatal(err)
		}
		f, err := report.Figure(context.Background(), scan, r.evidence, report.Ask{Measure: m, On: []ts.Country{"US"}, Verdict: v})
		if err != nil {
			t.Fatal(err)
		}
		seen[f.Value] = true
	}
	if len(seen) < 3 {
		t.Errorf("four verdicts give only the numbers %v", seen)
	}
}

// TestNotSeen: a figure that claims nothing is gainsaid by rows that show that somebody could
// have seen its members: a contact without answer does, and a look-up does not.
func TestNotSeen(t *testing.T) {
	for _, c := range []struct {
		grade  ts.Grade
		status verify.Status
	}{{ts.Attempted, verify.False}, {ts.LookedUp, verify.True}} {
		m := newMemory(t, 1)
		rows := handRows()[2:]
		rows[0].Grade = c.grade
		m.batch(t, rows, "")
		json, csv := handFiles(t, m)
		text, start := string(json), strings.Index(string(json), `"bounds":`)
		end := start + strings.Index(text[start:], ` "recipe"`)
		text = text[:start] + `"bounds": {"low": 0, "high": 0, "parts": [{"name": "not-observable", "value": 0, "internal": 0}]},` + text[end:]
		for from, to := range map[string]string{
			`"value": 2, "internal": 0, "observable": true`:                                                        `"value": null, "internal": null, "observable": false`,
			`{"key": ["240.0.0.1"], "value": 1, "internal": 0}, {"key": ["240.0.0.2"], "value": 1, "internal": 0}`: ``,
		} {
			if !strings.Contains(text, from) {
				t.Fatalf("the report by hand has no %s", from)
			}
			text = strings.Replace(text, from, to, 1)
		}
		result := verify.Check(m.seal(t, []byte(text), csv, 1), m.key(), m)
		demand(t, result, c.status, "control.servers by any on any: not observable")
	}
}
