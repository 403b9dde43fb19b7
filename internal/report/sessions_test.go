package report

import (
	"net/netip"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
)

func TestSessionsOf(t *testing.T) {
	for _, c := range []struct {
		stays []stay
		want  uint64
	}{
		{nil, 0},
		{[]stay{{0, 0}}, 1},
		{[]stay{{1700, 1799}, {1800, 1900}}, 1},          // across a half-hour
		{[]stay{{0, 0}, {1800, 1800}}, 1},                // a gap of just half an hour
		{[]stay{{0, 0}, {1801, 1801}}, 2},                // and one second more
		{[]stay{{5000, 5000}, {0, 10}}, 2},               // rows come in any order
		{[]stay{{0, 9000}, {100, 200}, {9500, 9500}}, 1}, // a short one inside a long one
	} {
		if got := sessionsOf(c.stays); got != c.want {
			t.Errorf("%v: %d sessions, want %d", c.stays, got, c.want)
		}
	}
}

// A session across a half-hour is two attacks, one session, and as many requests as were
// made.
func TestAttacksHaveSessionsBeside(t *testing.T) {
	shell := func(first int64, records uint64) ts.Row {
		r := one(1, 1)
		r.Class, r.Grade, r.Site, r.Path = ts.Backdoor, ts.Established, "shop.example", "/c99.php"
		r.First, r.Last, r.Records = first, first, records
		return r
	}
	begin := testWindow.From.Start()
	e := &plain{rows: []ts.Row{shell(begin+1790, 3), shell(begin+1805, 4), shell(begin+9000, 1)}}
	f := figureOf(t, e, madeEvidence(), Ask{Measure: named(t, "backdoor.attacks"), Window: testWindow})
	got := map[string]uint64{"attacks": f.Value}
	for _, p := range f.Bounds.Parts {
		got[p.Name] = p.Value
	}
	if got["attacks"] != 3 || got["sessions"] != 2 || got["requests"] != 8 {
		t.Errorf("%d attacks, %d sessions, %d requests; want 3, 2 and 8", got["attacks"], got["sessions"], got["requests"])
	}
}

// TestSessionsWithoutSite: an attack on a server that no site names has a session too; who
// attacks nobody known has none, and no requests.
func TestSessionsWithoutSite(t *testing.T) {
	begin := testWindow.From.Start()
	shell := func(victim netip.Addr, sensor string, first int64, flags ts.Flags) ts.Row {
		r := one(1, 1, flagged(flags))
		r.Class, r.Path, r.Victim, r.Sensor = ts.Backdoor, "/c99.php", victim, sensor
		r.First, r.Last, r.Records = begin+first, begin+first, 1
		return r
	}
	public, private := netip.MustParseAddr("240.9.0.1"), netip.MustParseAddr("10.0.0.1")
	e := &plain{rows: []ts.Row{
		shell(public, "s1", 0, 0), shell(public, "s2", 60, 0), // one machine seen twice
		shell(private, "s1", 0, ts.FlagVictimInternal), shell(private, "s2", 0, ts.FlagVictimInternal), // and two that share a number
		shell(netip.Addr{}, "s1", 0, 0),
	}}
	f := figureOf(t, e, madeEvidence(), Ask{Measure: named(t, "backdoor.attacks"), Window: testWindow})
	sessions, requests, unknown := partOf(t, f, "sessions").Value, partOf(t, f, "requests").Value, partOf(t, f, "unknown").Value
	if f.Value != 3 || sessions != 3 || requests != 4 || unknown != 1 {
		t.Errorf("%d attacks, %d sessions, %d requests, %d rows unknown; want 3, 3, 4 and 1", f.Value, sessions, requests, unknown)
	}
}

// TestPartsOfOne: the text of a part fits its number, and differs in its noun only.
func TestPartsOfOne(t *testing.T) {
	nouns := map[string][2]string{"undated": {"attack", "attacks"}, "clock": {"attack", "attacks"}, "attempted": {"attack", "attacks"},
		"scanner": {"attack", "attacks"}, "unknown": {"row", "rows"}, "requests": {"raw request", "raw requests"}, "sessions": {"session", "sessions"}}
	tails := map[string]string{}
	for n := range uint64(3) {
		e := &plain{}
		for i := range int(n) {
			shell := func(change ...func(*ts.Row)) {
				r := one(i, 1, change...)
				r.Class, r.Path = ts.Backdoor, "/c99.php"
				e.rows = append(e.rows, r)
			}
			at := func(r *ts.Row) { r.Site = "shop.example" }
			shell(at, flagged(ts.FlagUndated))
			shell(at, graded(ts.Attempted))
			shell(at, flagged(ts.FlagScanner))
			shell(at, atUnsetClock)
			shell(func(r *ts.Row) { r.Site, r.Victim, r.Records = "", netip.Addr{}, 0 })
		}
		f := figureOf(t, e, madeEvidence(), Ask{Measure: named(t, "backdoor.attacks"), Window: testWindow})
		for name, words := range nouns {
			p, want := partOf(t, f, name), words[1]
			if n == 1 {
				want = words[0]
			}
			tail, ok := strings.CutPrefix(p.Text, want+" ")
			if p.Value != n || !ok || tails[name] != "" && tails[name] != tail || strings.HasPrefix(tail, "that rest ") {
				t.Errorf("%s: %d %s", name, p.Value, p.Text)
			}
			tails[name] = tail
		}
	}
}
