package report

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/netip"
	"slices"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/place"
)

func named(t testing.TB, name string) measure.Measure {
	t.Helper()
	m, err := measure.ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func figureOf(t *testing.T, e Engine, evidence Evidence, ask Ask) ts.Figure {
	t.Helper()
	f, err := Figure(context.Background(), e, evidence, ask)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func partOf(t *testing.T, f ts.Figure, name string) ts.FigurePart {
	t.Helper()
	i := slices.IndexFunc(f.Bounds.Parts, func(p ts.FigurePart) bool { return p.Name == name })
	if i < 0 {
		t.Fatalf("%s has no part %q", f.Measure, name)
	}
	return f.Bounds.Parts[i]
}

// one is a control contact of the server with the victim, changed by the functions.
func one(server, victim int, change ...func(*ts.Row)) ts.Row {
	r := ts.Row{By: "US", On: "CN"}
	r.Class, r.Grade, r.Sensor = ts.Control, ts.Established, "backbone"
	r.Perp, r.Victim, r.First, r.Records = block("US", server), block("CN", victim), firstDay.Start(), 1
	for _, c := range change {
		c(&r)
	}
	return r
}

func flagged(f ts.Flags) func(*ts.Row) { return func(r *ts.Row) { r.Flags |= f } }

func graded(g ts.Grade) func(*ts.Row) { return func(r *ts.Row) { r.Grade = g } }

func placedBy(places string) func(*ts.Row) { return func(r *ts.Row) { r.ByPlaces = places } }

func lookedUpName(name string) func(*ts.Row) {
	return func(r *ts.Row) { r.Grade, r.Perp, r.By, r.PerpName = ts.LookedUp, netip.Addr{}, "", name }
}

func internal(r *ts.Row) { r.Flags |= ts.FlagVictimInternal | ts.FlagVictimDeclared }

func atUnsetClock(r *ts.Row) { r.First, r.Flags = 5, r.Flags|ts.FlagClock }

// TestParts plants one row for each uncertainty and asks that each part, and only it, has it.
func TestParts(t *testing.T) {
	e := &plain{rows: []ts.Row{
		one(1, 1), one(1, 2), one(2, 2, flagged(ts.FlagUndated)), one(1, 3, internal),
		one(3, 4, graded(ts.Attempted)), one(0, 5, lookedUpName("a.example")),
		one(4, 6, flagged(ts.FlagSinkhole)), one(5, 7, flagged(ts.FlagParked)), one(6, 8, flagged(ts.FlagShared)),
		one(7, 9, flagged(ts.FlagVetoed)), one(8, 10, flagged(ts.FlagSinkhole|ts.FlagParked)),
		one(9, 11, atUnsetClock), one(10, 12, placedBy("US/1;DE/2")), one(11, 13, func(r *ts.Row) { r.By = "" }),
		one(0, 14, lookedUpName("b.example"), flagged(ts.FlagNowhere)),
		one(0, 15, func(r *ts.Row) { r.Perp = netip.Addr{} }),
	}}
	ask := Ask{Measure: named(t, "control.servers"), Window: testWindow, By: us, On: cn}
	f := figureOf(t, e, madeEvidence(), ask)
	if f.Value != 3 || f.Bounds.Low != 2 || f.Bounds.High != 3 {
		t.Errorf("value %d, bounds %d to %d; want 3, 2 to 3", f.Value, f.Bounds.Low, f.Bounds.High)
	}
	for name, want := range map[string]uint64{
		"undated": 1, "clock": 1, "declared": 1, "attempted": 1, "looked-up": 2, "by-unknown": 1, "on-unknown": 0,
		"sinkhole": 2, "parked": 2, "shared": 1, "vetoed": 1, "scanner": 0, "nowhere": 1, "unknown": 1,
		"places-all": 2, "places-most": 2, "places-any": 3,
	} {
		if got := partOf(t, f, name); got.Value != want {
			t.Errorf("part %s is %d, want %d", name, got.Value, want)
		}
	}
	ask.Measure = named(t, "control.hosts")
	f = figureOf(t, e, madeEvidence(), ask)
	if f.Value != 4 || f.Internal != 1 {
		t.Errorf("victims %d and %d internal, want 4 and 1", f.Value, f.Internal)
	}
	if got := partOf(t, f, "undated"); got.Value != 0 {
		t.Errorf("a victim that also rests on a dated indicator is counted as undated: %d", got.Value)
	}
}

func TestOneDataSetHasNoBounds(t *testing.T) {
	evidence := madeEvidence()
	evidence.Places, evidence.Notes = evidence.Places[:1], nil
	e := &plain{rows: []ts.Row{one(1, 1), one(2, 1, placedBy("US/1;DE/2"))}}
	f := figureOf(t, e, evidence, Ask{Measure: named(t, "control.servers"), By: us})
	if f.Bounds.Low != 2 || f.Bounds.High != 2 || strings.Contains(f.Sentence, "(") {
		t.Errorf("bounds %+v in %q, want none", f.Bounds, f.Sentence)
	}
}

func TestSentence(t *testing.T) {
	rows := []ts.Row{one(1, 1), one(1, 2), one(1, 3, internal)}
	for _, c := range []struct {
		ask  Ask
		want string
	}{
		{Ask{Window: testWindow, By: us, On: cn}, "From 2014-03-19 to 2014-05-18 (61 days), 2 IP addresses placed in CN got answers from control servers placed in US. Apart, and never added: 1 with internal addresses, each known only together with its sensor. Synthetic."},
		{Ask{Window: ts.Window{From: firstDay, To: firstDay + 1}, Sensor: "office"}, "On 2014-03-19 (1 day), 0 IP addresses got answers from control servers. Counted only: sensor office. Synthetic."},
		{Ask{OnAS: 64500, Family: "zeus"}, "On all recorded days, 0 IP addresses got answers from control servers. Counted only: family zeus, victim ends in AS64500. Synthetic."},
		{Ask{On: []ts.Country{"FR"}}, "On all recorded days, not observable from here: how many IP addresses placed in FR got answers from control servers. Synthetic."},
	} {
		c.ask.Measure = named(t, "control.hosts")
		if got := figureOf(t, &plain{rows: rows}, madeEvidence(), c.ask).Sentence; got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// TestRealIsNotMarked: only made-up telemetry is called synthetic.
func TestRealIsNotMarked(t *testing.T) {
	evidence := madeEvidence()
	evidence.Notes = []string{"placed by the embedded table"}
	f := figureOf(t, &plain{}, evidence, Ask{Measure: named(t, "control.hosts")})
	if strings.Contains(f.Sentence, "Synthetic") {
		t.Errorf("%s", f.Sentence)
	}
}

func TestDuring(t *testing.T) {
	for _, c := range []struct{ first, last, want string }{
		{"", "", "On all recorded days"},
		{"2014-03-19", "", "Since 2014-03-19"},
		{"", "2014-05-18", "Up to 2014-05-18"},
		{"2014-05-18", "2014-05-18", "On 2014-05-18 (1 day)"},
		{"1970-01-01", "9999-12-31", "From 1970 on"},
	} {
		w, err := ts.ParseWindow(c.first, c.last)
		if err != nil {
			t.Fatal(err)
		}
		if got := during(w); got != c.want {
			t.Errorf("during(%q, %q) = %q, want %q", c.first, c.last, got, c.want)
		}
	}
}

// TestUndetected: what no detector looks for is not observable, whoever is asked about, and
// is never 0.
func TestUndetected(t *testing.T) {
	for _, on := range [][]ts.Country{nil, cn} {
		f := figureOf(t, madeEngine(), madeEvidence(), Ask{Measure: named(t, "exfiltration.candidates"), On: on,
			GroupBy: []count.Dimension{count.By}})
		if Observable(&f) || !strings.Contains(f.Sentence, "not observable from here") || len(f.Groups) != 0 {
			t.Errorf("%s %+v", f.Sentence, f.Groups)
		}
		checkNull(t, f, false)
	}
}

// TestMirror: nobody watches US for backdoors, a network sensor in DE has seen nothing, and
// rows show victims of control in US although no sensor stands there.
func TestMirror(t *testing.T) {
	evidence := madeEvidence()
	evidence.Sensors = append(evidence.Sensors, ts.Sensor{Name: "berlin", Role: ts.RoleNetwork, Country: "DE"})
	evidence.Inputs = append(evidence.Inputs, httpOf("berlin"))
	for _, c := range []struct {
		measure    string
		by, on     []ts.Country
		observable bool
		value      uint64
	}{
		{"backdoor.sites", us, cn, false, 0},
		{"backdoor.sites", []ts.Country{"DE"}, cn, true, 0},
		{"control.servers", us, cn, true, 10},
		{"phishing.pages", us, cn, false, 0},
	} {
		f, ok, err := Mirror(context.Background(), madeEngine(), evidence, Ask{Measure: named(t, c.measure), Window: testWindow, By: c.by, On: c.on})
		if err != nil || !ok {
			t.Fatalf("%s: %t, %v", c.measure, ok, err)
		}
		if Observable(&f) != c.observable || f.Value != c.value || groupName(f.By) != groupName(c.on) {
			t.Errorf("%s: observable %t, %d by %v; want %t, %d", c.measure, Observable(&f), f.Value, f.By, c.observable, c.value)
		}
		if says := strings.Contains(f.Sentence, "not observable from here"); says == c.observable {
			t.Errorf("%s: %s", c.measure, f.Sentence)
		}
		checkNull(t, f, c.observable)
	}
}

// TestNobodyLooked: of a class that no list speaks of a figure of nothing says nothing, wherever
// victims are asked for; alerts, honeypots and sinkholes need no list.
func TestNobodyLooked(t *testing.T) {
	sensors := func(role ts.Role) Evidence {
		return Evidence{Sensors: []ts.Sensor{{Name: "s", Role: role, Country: "CN"}}, Inputs: []Input{httpOf("s")}}
	}
	listed := sensors(ts.RoleNetwork)
	listed.Listed = []ts.Class{ts.Phishing}
	for _, c := range []struct {
		measure    string
		evidence   Evidence
		on         []ts.Country
		observable bool
	}{
		{"phishing.pages", sensors(ts.RoleNetwork), cn, false},
		{"phishing.pages", sensors(ts.RoleNetwork), nil, false},
		{"phishing.pages", listed, cn, true},
		{"phishing.pages", listed, nil, true},
		{"phishing.pages", listed, us, false},
		{"infected.addresses", listed, nil, false},
		{"infected.addresses", sensors(ts.RoleSinkhole), nil, true},
		{"attempt.sources", sensors(ts.RoleHoneypot), cn, true},
	} {
		f := figureOf(t, &plain{}, c.evidence, Ask{Measure: named(t, c.measure), Window: testWindow, On: c.on})
		if Observable(&f) != c.observable {
			t.Errorf("%s on %v, lists of %v: observable %t", c.measure, c.on, c.evidence.Listed, Observable(&f))
		}
	}
}

// checkNull: the JSON of what is not observable has null for a number, never 0.
func checkNull(t *testing.T, f ts.Figure, observable bool) {
	t.Helper()
	b, err := json.Marshal(Finding{f})
	if err != nil {
		t.Fatal(err)
	}
	var back map[string]any
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if back["observable"] != observable || (back["value"] != nil) != observable || back["measure"] != f.Measure {
		t.Errorf("%s", b)
	}
}

func TestNoMirror(t *testing.T) {
	for _, ask := range []Ask{{Measure: named(t, "control.hosts")}, {Measure: named(t, "infected.addresses"), On: cn}} {
		if _, ok, err := Mirror(context.Background(), madeEngine(), madeEvidence(), ask); ok || err != nil {
			t.Errorf("%s: %t, %v; want no mirror", ask.Measure.Name, ok, err)
		}
	}
}

func TestSees(t *testing.T) {
	for _, c := range []struct {
		role    ts.Role
		measure string
		want    bool
	}{
		{ts.RoleNetwork, "backdoor.sites", true}, {"", "control.hosts", true},
		{ts.RoleResolver, "infected.addresses", true}, {ts.RoleResolver, "control.servers", false}, {ts.RoleResolver, "attempt.targets", false},
		{ts.RoleWebserver, "backdoor.sites", true}, {ts.RoleWebserver, "control.hosts", false},
		{ts.RoleHoneypot, "attempt.targets", true}, {ts.RoleSinkhole, "infected.addresses", false},
	} {
		m := named(t, c.measure)
		if got := sees(c.role, &m); got != c.want {
			t.Errorf("a %s sees %s: %t, want %t", c.role, c.measure, got, c.want)
		}
	}
}

func TestGroups(t *testing.T) {
	f := figureOf(t, madeEngine(), madeEvidence(), Ask{Measure: named(t, "control.hosts"), Window: testWindow,
		On: cn, GroupBy: []count.Dimension{count.Family, count.By}})
	if len(f.Groups) < 4 || len(f.Groups[0].Key) != 2 || f.Groups[0].Value < f.Groups[1].Value {
		t.Errorf("groups %+v", f.Groups)
	}
	if want := []string{"family", "by"}; !slices.Equal(f.GroupBy, want) {
		t.Errorf("group_by %v, want %v", f.GroupBy, want)
	}
}

func TestByIsRefusedWithoutPerpetrator(t *testing.T) {
	_, err := Figure(context.Background(), madeEngine(), madeEvidence(), Ask{Measure: named(t, "infected.addresses"), By: us})
	if err == nil {
		t.Error("infected.addresses was asked by a country and answered")
	}
}

// TestVerdictIsNamed: a figure under another verdict says which.
func TestVerdictIsNamed(t *testing.T) {
	e := &plain{rows: []ts.Row{one(1, 1), one(2, 1, placedBy("US/1;DE/2"))}}
	f := figureOf(t, e, madeEvidence(), Ask{Measure: named(t, "control.servers"), By: us, Verdict: place.L})
	if f.Verdict != "L" || f.Value != 1 || f.Bounds.High != 2 {
		t.Errorf("%s: %d, up to %d; want L: 1, up to 2", f.Verdict, f.Value, f.Bounds.High)
	}
}

// failing answers its first questions and then fails.
type failing struct {
	*plain
	after int
}

var errEngine = errors.New("segment is torn")

func (f *failing) fails() bool { f.after--; return f.after < 0 }

func (f *failing) Count(ctx context.Context, q count.Question) iter.Seq2[count.Group, error] {
	if f.fails() {
		return func(yield func(count.Group, error) bool) { yield(count.Group{}, errEngine) }
	}
	return f.plain.Count(ctx, q)
}

func (f *failing) Rows(ctx context.Context, q count.Question) iter.Seq2[ts.Row, error] {
	if f.fails() {
		return func(yield func(ts.Row, error) bool) { yield(ts.Row{}, errEngine) }
	}
	return f.plain.Rows(ctx, q)
}

func (f *failing) Series(ctx context.Context, q count.Question) iter.Seq2[count.Point, error] {
	if f.fails() {
		return func(yield func(count.Point, error) bool) { yield(count.Point{}, errEngine) }
	}
	return f.plain.Series(ctx, q)
}

// TestEveryFailureIsReported fails each question of a report in turn.
func TestEveryFailureIsReported(t *testing.T) {
	rows := []ts.Row{one(1, 1), one(2, 2, flagged(ts.FlagSinkhole))}
	request := Request{Window: testWindow, By: us, On: cn}
	for after := 0; ; after++ {
		e := &failing{&plain{rows: rows}, after}
		_, err := Build(context.Background(), e, madeEvidence(), request)
		if err == nil && e.after >= 0 {
			if after < 100 {
				t.Errorf("a report asked only %d questions", after)
			}
			return
		}
		if !errors.Is(err, errEngine) {
			t.Fatalf("question %d failed, and Build returned %v", after, err)
		}
	}
}
