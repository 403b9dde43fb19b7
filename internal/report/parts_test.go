package report

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
)

func tableOf(t *testing.T, e Engine, form tableForm) Table {
	t.Helper()
	d := newDrafter(e, Evidence{})
	table, err := d.table(context.Background(), form)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// TestTableFolds: a table shows its limit and counts the rest, and further columns are read
// for the rows shown.
func TestTableFolds(t *testing.T) {
	f := newForms(Request{Window: testWindow, On: cn})
	form := f.families()[0]
	form.dims, form.limit = []count.Dimension{count.Server}, 5
	e := madeEngine()
	short, all := tableOf(t, e, form), form
	all.limit = 1 << 20
	full := tableOf(t, e, all)
	if len(short.Rows) != 5 || short.Folded != uint64(len(full.Rows)-5) || full.Folded != 0 {
		t.Errorf("%d rows and %d folded of %d", len(short.Rows), short.Folded, len(full.Rows))
	}
	for i, row := range short.Rows {
		if fmt.Sprint(row) != fmt.Sprint(full.Rows[i]) {
			t.Errorf("row %d: %v, in the full table %v", i, row, full.Rows[i])
		}
		if row.Cells[1].Value != 1 {
			t.Errorf("%v: one server is %d servers", row.Key, row.Cells[1].Value)
		}
	}
}

// TestSharesMayExceedTheWhole: the columns' totals count each member once.
func TestSharesMayExceedTheWhole(t *testing.T) {
	table := tableOf(t, madeEngine(), newForms(Request{Window: testWindow, On: cn}).rankings()[0])
	var sum uint64
	for _, row := range table.Rows {
		sum += row.Cells[1].Value
	}
	if total := table.Columns[1].Total.Value; total == 0 || sum <= total {
		t.Errorf("groups sum to %d of %d; the made-up ledger has victims of two countries", sum, total)
	}
}

func TestMatrixFolds(t *testing.T) {
	var rows []ts.Row
	for i := range matrixSide + 3 {
		for v := range 20 - i {
			rows = append(rows, one(i, v, func(r *ts.Row) { r.By = ts.Country([]byte{'A' + byte(i), 'A'}) }))
		}
	}
	d := newDrafter(&plain{rows: rows}, Evidence{})
	m, err := d.matrix(context.Background(), newForms(Request{}).column("control.hosts"))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.By) != matrixSide || !slices.Equal(m.On, []string{"CN"}) || m.Cells[0][0].Value != 20 {
		t.Errorf("%d by %v: %v", len(m.By), m.On, m.Cells)
	}
	if m.Folded != 3 || m.Largest.Value != 20-matrixSide {
		t.Errorf("%d folded, the largest %d; want 3 and %d", m.Folded, m.Largest.Value, 20-matrixSide)
	}
}

func TestShade(t *testing.T) {
	for _, c := range []struct {
		n, top uint64
		want   int
	}{{0, 100, 0}, {1, 1, 5}, {1, 100000, 1}, {9, 100000, 1}, {10, 100000, 2}, {99999, 100000, 5}, {100000, 100000, 5}} {
		if got := shade(c.n, c.top); got != c.want {
			t.Errorf("shade(%d, %d) = %d, want %d", c.n, c.top, got, c.want)
		}
	}
}

// TestSeriesEnds: what has accumulated on the last day is the figure itself.
func TestSeriesEnds(t *testing.T) {
	r := madeReport(t, Request{Window: testWindow, By: us, On: cn})
	for _, s := range r.Series {
		i := slices.IndexFunc(r.Figures, func(f Finding) bool { return f.Measure == s.Measure })
		if last := s.Points[len(s.Points)-1].Total.Value; last != r.Figures[i].Value || len(s.Points) != 61 {
			t.Errorf("%s: %d days end at %d, the figure is %d", s.Measure, len(s.Points), last, r.Figures[i].Value)
		}
	}
	if len(r.Series) != 4 {
		t.Errorf("%d series, want 4", len(r.Series))
	}
}

// TestChartStaysOnTheBoard draws series of many lengths and sizes.
func TestChartStaysOnTheBoard(t *testing.T) {
	for _, days := range []int{0, 1, 2, 61, 366, 367, 4000} {
		for _, most := range []uint64{0, 1, 7, 1180000} {
			c := newChart(0, seriesOf(days, most))
			for _, p := range c.Panels {
				if len(p.Bars) > maxBars || len(p.Ticks) < 2 || len(p.Ticks) > 6 {
					t.Errorf("%d days of %d: %d bars, %d ticks", days, most, len(p.Bars), len(p.Ticks))
				}
				for _, b := range p.Bars {
					if strings.HasPrefix(b.X+b.Y+b.W+b.H, "-") || strings.Contains(b.X+b.Y+b.W+b.H, "N") {
						t.Errorf("%d days of %d: bar %+v", days, most, b)
					}
				}
			}
		}
	}
}

func seriesOf(days int, most uint64) Series {
	s := Series{Label: "made up"}
	for i := range days {
		s.Points = append(s.Points, Point{Day: (firstDay + ts.Day(i)).String(), Value: Cell{most, 0}, Total: Cell{most, 0}})
	}
	return s
}

// TestInternalSeries: a series without public members draws the internal ones and says so.
func TestInternalSeries(t *testing.T) {
	s := Series{Label: "made up", Points: []Point{{Day: "2014-03-19", Value: Cell{0, 2}, Total: Cell{0, 2}}}}
	if c := newChart(0, s); c.Label != "made up (internal)" || !strings.Contains(c.Description, "2 distinct in all") {
		t.Errorf("%q: %q", c.Label, c.Description)
	}
}

func TestRoundStep(t *testing.T) {
	for most, want := range map[uint64]uint64{1: 1, 4: 1, 5: 2, 9: 2, 10: 5, 841: 200, 1180000: 500000} {
		if got := roundStep(most); got != want {
			t.Errorf("roundStep(%d) = %d, want %d", most, got, want)
		}
	}
}

// TestCoverageBalances: read = observed + skipped on every line of every level.
func TestCoverageBalances(t *testing.T) {
	c := coverage(madeEvidence().Inputs)
	for _, l := range append(append([]CoverageLine{c.Total}, c.Formats...), c.Inputs...) {
		if l.Read != l.Observed+l.Lost() {
			t.Errorf("%s: read %d, observed %d, skipped %d", l.Name, l.Read, l.Observed, l.Lost())
		}
	}
	if c.Total.Read != 602020 || c.Total.Lost() != 11 || c.Total.Inputs != 3 {
		t.Errorf("total %+v", c.Total)
	}
}

// TestManyInputs: the page lists those that lost most, and says that it folds.
func TestManyInputs(t *testing.T) {
	lines := make([]CoverageLine, maxInputLines+1)
	lines[maxInputLines] = CoverageLine{Name: "lossy", Skipped: []Loss{{"time", 1}}}
	shown, folded := inputLines(lines)
	if len(shown) != maxInputLines || !folded || shown[0].Name != "lossy" || lines[0].Name != "" {
		t.Errorf("%d lines, folded %t, first %q", len(shown), folded, shown[0].Name)
	}
}

// TestCSVReadsBack: every line has every column, no key begins a formula, and what was not
// observable has no number.
func TestCSVReadsBack(t *testing.T) {
	r := madeReport(t, Request{Window: testWindow, By: us, On: cn})
	var b bytes.Buffer
	if err := r.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	empty := 0
	for _, line := range lines {
		if len(line) != len(csvHead) || strings.ContainsRune("=+-@", rune((line[9] + " ")[0])) {
			t.Errorf("line %q", line)
		}
		if line[2] == "" {
			empty++
		}
	}
	if empty != 6 {
		t.Errorf("%d lines without a number, want those of three mirrored backdoor and three phishing figures", empty)
	}
}

func TestInert(t *testing.T) {
	for s, want := range map[string]string{"=1+1": "'=1+1", "@x": "'@x", "-1": "'-1", "zeus": "zeus", "": ""} {
		if got := inert(s); got != want {
			t.Errorf("inert(%q) = %q, want %q", s, got, want)
		}
	}
}

// TestSameBytes: a report is a function of what it is made from.
func TestSameBytes(t *testing.T) {
	request := Request{Window: testWindow, By: us, On: cn}
	second := writers(madeReport(t, request))
	for ending, write := range writers(madeReport(t, request)) {
		var a, b bytes.Buffer
		if err := write(&a); err != nil {
			t.Fatal(err)
		}
		if err := second[ending](&b); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s: the same report gives other bytes", ending)
		}
	}
}

// TestMirrorsOfAReport: a request without countries has no mirror, and one with a single country has the other
// direction of it.
func TestMirrorsOfAReport(t *testing.T) {
	for _, c := range []struct {
		request Request
		mirrors int
	}{
		{Request{Window: testWindow}, 0},
		{Request{Window: testWindow, By: us}, 10},
		{Request{Window: testWindow, On: cn}, 9},
		{Request{Window: testWindow, By: us, On: cn}, 10},
	} {
		r := madeReport(t, c.request)
		if len(r.Mirror) != c.mirrors || len(r.Figures) != 10 {
			t.Errorf("by %v on %v: %d figures, %d mirrors; want 10 and %d", c.request.By, c.request.On, len(r.Figures), len(r.Mirror), c.mirrors)
		}
	}
}

// TestUnansweredIsToldTruly: a server that says 404 has answered.
func TestUnansweredIsToldTruly(t *testing.T) {
	for name, want := range map[string]string{"control.hosts": "no answer", "backdoor.attacks": "2xx", "phishing.pages": "4xx", "spyware.servers": "no answer"} {
		f := figureOf(t, madeEngine(), madeEvidence(), Ask{Measure: named(t, name), Window: testWindow})
		if !Observable(&f) {
			t.Fatalf("%s is not observable", name)
		}
		if text := partOf(t, f, "attempted").Text; !strings.Contains(text, want) || name == "backdoor.attacks" && strings.Contains(text, "no answer") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// TestLabelsHaveRoom: no label of an axis is cut at the left edge, in the largest type that the
// style sheet gives it and a wide face (0.6 em a digit).
func TestLabelsHaveRoom(t *testing.T) {
	const digit = 0.6 * 17
	if !strings.Contains(styleSheet, ".chart text{font-size:17px}") {
		t.Fatal("the type of a narrow page is no longer 17 px")
	}
	for _, most := range []uint64{9, 57_000, 999_999, 1_000_000, 1_367_012, 2_499_999, 2_500_000, 9_999_999, 1 << 32} {
		for _, p := range newChart(0, seriesOf(3, most)).Panels {
			edge, err := strconv.ParseFloat(p.Edge, 64)
			if err != nil {
				t.Fatal(err)
			}
			for _, tick := range p.Ticks {
				if float64(len(tick.Label))*digit > edge {
					t.Errorf("up to %d: %q does not fit into %s", most, tick.Label, p.Edge)
				}
			}
		}
	}
	if got := tickLabel(20_000_000, 10_000_000); got != "20 M" {
		t.Errorf("twenty millions are %q", got)
	}
}

// TestUnknownIsNotLost: what a total counts and no row shows is said below the table.
func TestUnknownIsNotLost(t *testing.T) {
	proxied := func(r *ts.Row) { r.By, r.Perp = "", netip.Addr{} }
	e := &plain{rows: []ts.Row{one(1, 1), one(0, 2, proxied), one(0, 3, proxied), one(0, 4, proxied, internal)}}
	form := newForms(Request{Window: testWindow, On: cn}).rankings()[0]
	table := tableOf(t, e, form)
	want := "Of the addresses answered by control servers, 2 and 1 internal belong under “unknown”, which has no row."
	if len(table.Rows) != 1 || table.Columns[1].Total.Value != 3 || !strings.HasSuffix(table.Note, want) {
		t.Errorf("%d rows of %d: %s", len(table.Rows), table.Columns[1].Total.Value, table.Note)
	}
	e.rows = append(e.rows, one(2, 2, func(r *ts.Row) { r.By = "" })) // a server that no data set places
	if table = tableOf(t, e, form); len(table.Rows) != 2 || table.Note != form.note {
		t.Errorf("%d rows: %s", len(table.Rows), table.Note)
	}
}

// TestNamesAreNamed: a table by name has the names, however many more contacts have none.
func TestNamesAreNamed(t *testing.T) {
	e := &plain{rows: []ts.Row{one(0, 50, lookedUpName("a.example"))}}
	for i := range longRows + 5 {
		e.rows = append(e.rows, one(1, i, func(r *ts.Row) { r.Family = strconv.Itoa(i) }), one(1, i+100, func(r *ts.Row) { r.Family = strconv.Itoa(i) }))
	}
	table := tableOf(t, e, newForms(Request{Window: testWindow, On: cn}).servers()[1])
	if len(table.Rows) != 1 || table.Rows[0].Key[0] != "a.example" || table.Folded != 0 || !strings.Contains(table.Note, "bare addresses") {
		t.Errorf("%+v, %d folded: %s", table.Rows, table.Folded, table.Note)
	}
}

// TestApartIsInPlainWords: no note of the page quotes the code of a flag.
func TestApartIsInPlainWords(t *testing.T) {
	for _, form := range newForms(Request{}).apart() {
		if form.note == "" || strings.ContainsAny(form.note, `"_`) || strings.Contains(form.note, "mark") {
			t.Errorf("%s: %q", form.name, form.note)
		}
	}
}
