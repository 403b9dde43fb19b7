package publish

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// TestLateRowsAreTold: before a figure is stated its publisher learns how many of its
// members an audit would find false, and an audit that opens all finds as many.
func TestLateRowsAreTold(t *testing.T) {
	w := newWorld(t)
	w.open("control.hosts")
	w.date(start.Start() - 3600)
	w.readDays(1, 24)
	late := strings.ReplaceAll(connLog(slices.Repeat([]int{1}, 8)...), "240.1.0.", "240.1.77.")
	w.read("late.log", late, one, other)
	w.date((start + 9).Start())
	with := terms(proof.ModeList)
	with.K, with.Budget = 100, 100
	figures := w.stated(with)
	if !slices.ContainsFunc(w.told, func(s string) bool { return strings.Contains(s, "8 of 32 members were sealed later") }) {
		t.Errorf("told %q", w.told)
	}
	var bad uint64
	w.answerKnown(figures, nil)
	r := checked(w.pack(figures), w.trust())
	for _, l := range r.Lines {
		if strings.Contains(l.Figure, "control.hosts.") && strings.Contains(l.Found, "8 of 32 could not be shown") && strings.Contains(l.Found, "seconds after its day") {
			bad = 8
		}
	}
	if bad != 8 {
		t.Errorf("the audit found other than what was told:\n%s", notTrue(r))
	}
}

// TestNothingLateNothingTold: who seals in time hears nothing.
func TestNothingLateNothingTold(t *testing.T) {
	w, _ := live(t, proof.ModeList)
	if slices.ContainsFunc(w.told, func(s string) bool { return strings.Contains(s, "sealed later") }) {
		t.Errorf("told %q", w.told)
	}
}

// TestGoodRowIsShown: of a member with a row sealed late and another sealed in time, the
// audit shows the latter, though it comes later in the ledger.
func TestGoodRowIsShown(t *testing.T) {
	w := newWorld(t)
	w.open("control.hosts", func(r *proof.Rule) { r.Seal = 4 * 86400 })
	w.date(start.Start() - 3600)
	w.at = (start + 8).Start()
	w.read("late.log", connLog(slices.Repeat([]int{1}, 8)...), one, other)
	w.read("soon.log", connLog(slices.Repeat([]int{7}, 8)...), one, other)
	w.date((start + 8).Start() + 60)
	figures := w.stated(terms(proof.ModeList))
	if slices.ContainsFunc(w.told, func(s string) bool {
		return strings.Contains(s, "control.hosts") && strings.Contains(s, "sealed later")
	}) {
		t.Errorf("told %q", w.told)
	}
	for _, a := range w.answerKnown(figures, nil) {
		if a.Bad != 0 {
			t.Errorf("%+v", a)
		}
	}
	if r := checked(w.pack(figures), w.trust()); strings.Contains(notTrue(r), "control.hosts.") {
		t.Errorf("%s", notTrue(r))
	}
}

// TestSeekAgainstPlain: what a parallel search finds is the first row, in the order of the
// ledger, that the judge takes, else the first: as a plain loop finds it.
func TestSeekAgainstPlain(t *testing.T) {
	w, _ := live(t, proof.ModeList)
	for day := range 4 {
		w.readDay(day, 30)
		w.date((start + ts.Day(day) + 1).Start() + 7200)
	}
	v := must(viewAt(w.house.Ledger, w.house.Head().Size))
	r := &v.Rules[1].Object
	odd := func(entry uint64, row *ts.Row) error {
		if row.Records%2 == 1 && entry%2 == 0 || row.Day()%3 == 0 {
			return nil
		}
		return errRows
	}
	want := map[string]string{}
	good := map[string]bool{}
	var members [][]byte
	for b := range v.Live() {
		for i := range b.Segments {
			s := &sealed{ledger: w.house.Ledger, entry: b.Index, Segment: &b.Segments[i]}
			must(0, s.rows(nil, func(_ uint64, row *ts.Row) error {
				member, err := r.Supports(row)
				key := string(member)
				if ok := odd(b.Index, row) == nil; err == nil && !good[key] && (ok || want[key] == "") {
					if want[key] == "" {
						members = append(members, bytes.Clone(member))
					}
					want[key], good[key] = string(row.AppendLine(nil)), ok
				}
				return nil
			}))
		}
	}
	k := must(w.newSeeker(r, 0, members))
	k.judge = odd
	must(0, seek(t.Context(), w.house.Ledger, v, []*seeker{k}))
	if len(want) < 100 {
		t.Fatalf("only %d members", len(want))
	}
	for member, line := range want {
		if f := k.found[member]; f.Line != line || f.good != good[member] {
			t.Errorf("%x: %q, %v, want %q, %v", member, f.Line, f.good, line, good[member])
		}
	}
}
