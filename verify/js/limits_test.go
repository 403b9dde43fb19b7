//go:build node

package js

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tallystick/tallystick/proof"
)

// stated logs a key, a rule that names challengers, and a statement of 1,000 members, of whom a
// later round may demand half where there are such.
func (w *world) stated(named ...string) {
	key, err := proof.NewKey(w.secret, origin, "report-1")
	w.must(err)
	w.rule = w.randomRule()
	w.rule.Challengers = named
	s := proof.Statement{ID: "figure-1", Attempt: 1, Report: "report-1", Mode: proof.ModeRoot, Rule: w.logObject(w.rule), Key: w.logObject(key),
		Scope: w.rule.Scope, Measure: w.rule.Measure, Unit: w.rule.Unit, N: 1000, AuditK: 10, AuditRound: 1000, Budget: 1010}
	s.EvidenceSize, s.EvidenceRoot = uint64(len(w.entries)), proof.Hash(w.root())
	w.logObject(&s)
}

// demand has somebody ask for k members by a round.
func (w *world) demand(by int, round, k uint64) {
	c := proof.Challenge{Challenger: w.askers[by], Figure: w.figures()[0], Round: round, K: k}
	w.must(c.Sign(w.asking[by]))
	w.logObject(&c)
}

// TestLevels: of the thirtieth attempt at a figure, and of every one before, both print the same
// level, and none prints certainty.
func TestLevels(t *testing.T) {
	w := newWorld(t, 2)
	key, err := proof.NewKey(w.secret, origin, "report-1")
	w.must(err)
	w.rule = w.randomRule()
	rule, keyAt := w.logObject(w.rule), w.logObject(key)
	for i := range 30 {
		s := proof.Statement{ID: fmt.Sprint("figure-", i), Attempt: uint64(i + 1), Report: "report-1", Mode: proof.ModeRoot, Rule: rule, Key: keyAt,
			Scope: w.rule.Scope, Measure: w.rule.Measure, Unit: w.rule.Unit, AuditK: 1, AuditRound: 1000, Budget: 1}
		s.EvidenceSize, s.EvidenceRoot = uint64(len(w.entries)), proof.Hash(w.root())
		w.logObject(&s)
	}
	w.commit(beacon)
	g := given{File: filepath.Join(t.TempDir(), "b"), Key: w.key}
	b := w.pack()
	w.must(os.WriteFile(g.File, b, 0o600))
	var r []outcome
	node(t, job{Bundles: []given{g}}, &r)
	want := checked(t, b, g.Key, "")
	if d := differ(want, r[0]); d != "" {
		t.Error(d)
	}
	for i, says := range map[int]string{0: "1 - 0.05,", 1: "1 - 0.025,", 25: "1 - 1.49e-09,", 26: "1 - less than 1e-09,", 29: "1 - less than 1e-09,"} {
		if !strings.Contains(want.Sentences[i], says) {
			t.Errorf("attempt %d: %s", i+1, want.Sentences[i])
		}
	}
}

// TestLimits: both stop at the same round, number of rounds, of members of a budget, of blocks.
// By 0 asks a challenger whom the rule names, but for the first, which names none.
func TestLimits(t *testing.T) {
	dir := t.TempDir()
	blocks := func(n int) string { return strings.Repeat("treat-as-public 240.0.0.0/4\n", n) }
	var j job
	var bundles [][]byte
	for i, happens := range []func(w *world){
		func(w *world) {
			for round := range uint64(105) {
				w.demand(1, 1100-round, 1)
			}
			w.demand(1, 1100, 3)
			w.demand(1, 1000, 10000)
		},
		func(w *world) {
			for round := range uint64(60) {
				w.demand(1, 1100-round, 1)
			}
			for round := range uint64(80) {
				w.demand(0, 1200-round, 1)
			}
			w.demand(1, 1200, 3)
			w.demand(1, 1300, 3)
		},
		func(w *world) { // 1,000 are left, 505 of them kept
			w.demand(1, 1001, 495)
			w.demand(1, 1002, 1)
			w.demand(0, 1003, 500)
			w.demand(1, 1003, 400)
			w.demand(1, 1004, 1)
			w.demand(0, 1005, 6)
			w.demand(0, 1006, 5)
		},
		func(w *world) {
			w.demand(0, 1001, 1010)
			w.demand(0, 1001, 5000)
			w.demand(1, 1002, 1)
		},
		func(w *world) {
			w.demand(1, 1001, 496)
			w.demand(1, 1002, 20)
			w.demand(1, 1002, 470)
			w.demand(1, 1002, 480)
			w.demand(0, 1002, 480)
		},
		func(w *world) {
			w.demand(0, 1<<50, 1)
			w.demand(1, 1000+10_540_801, 1)
			w.demand(1, 1000+10_540_800, 1)
		},
		func(w *world) {
			w.text("tally-sensor/v1", "name a", "country CN\n"+blocks(2048)[:28*2048-1])
			w.text("tally-sensor/v1", "name b", "country CN\n"+blocks(2048)[:28*2048-1])
		},
		func(w *world) {
			w.text("tally-sensor/v1", "name a", "country CN\n"+blocks(2048)[:28*2048-1])
			w.text("tally-sensor/v1", "name b", "country CN\n"+blocks(2049)[:28*2049-1])
		},
	} {
		w := newWorld(t, uint64(2*i))
		named := w.askers[:1]
		if i == 0 {
			named = nil
		}
		w.stated(named...)
		happens(w)
		w.commit(beacon)
		g := given{File: filepath.Join(dir, fmt.Sprint(i)), Key: w.key}
		b := w.pack()
		w.must(os.WriteFile(g.File, b, 0o600))
		j.Bundles, bundles = append(j.Bundles, g), append(bundles, b)
	}
	var r []outcome
	node(t, j, &r)
	for i, g := range j.Bundles {
		if d := differ(checked(t, bundles[i], g.Key, ""), r[i]); d != "" {
			t.Errorf("bundle %d: %s", i, d)
		}
	}
	for i, want := range []int{100, 100, 4, 2, 2, 2} {
		rounds := 0
		for _, l := range r[i].Lines {
			if strings.HasPrefix(l.What, "audit of round") {
				rounds++
			}
		}
		if rounds != want {
			t.Errorf("bundle %d: %d rounds, want %d", i, rounds, want)
		}
	}
	malformed := func(l line) bool { return l.Status == "MALFORMED" }
	if slices.ContainsFunc(r[6].Lines, malformed) || !slices.ContainsFunc(r[7].Lines, malformed) {
		t.Errorf("4,096 blocks: %v, 4,097: %v", r[6].Lines, r[7].Lines)
	}
}
