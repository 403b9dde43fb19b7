//go:build node

package js

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/proof"
)

// TestSentences: for each measure, of rules that count what it does and of rules that count
// something else under its name, both say the same; and both know the same measures.
func TestSentences(t *testing.T) {
	dir := t.TempDir()
	var j job
	var bundles [][]byte
	var names []string
	for i, m := range measure.All() {
		for n := range 4 {
			w := newWorld(t, uint64(8*i+2*n))
			w.sayings(&m)
			g := given{File: filepath.Join(dir, fmt.Sprint(i, n)), Key: w.key}
			b := w.pack()
			w.must(os.WriteFile(g.File, b, 0o600))
			j.Bundles, bundles, names = append(j.Bundles, g), append(bundles, b), append(names, m.Name)
		}
	}
	var r []outcome
	node(t, j, &r)
	for i, g := range j.Bundles {
		if d := differ(checked(t, bundles[i], g.Key, ""), r[i]); d != "" {
			t.Errorf("%s: %s", names[i], d)
		}
		said := 0
		for _, s := range r[i].Sentences {
			if strings.HasPrefix(s, names[i]+": ") {
				said++
			}
		}
		if n := len(r[i].Sentences); said == 0 || n < 8 || said > n/2 {
			t.Errorf("%s is said in %d of %d sentences", names[i], said, n)
		}
	}
}

// sayings states one figure for each of several rules under a measure's name.
func (w *world) sayings(m *measure.Measure) {
	key, err := proof.NewKey(w.secret, origin, "report-1")
	w.must(err)
	keyAt := w.logObject(key)
	w.declare()
	for i, r := range w.rules(m) {
		if _, err := r.Build(); err != nil {
			continue // no rule at all
		}
		if w.chance(4) {
			w.declare()
		}
		s := proof.Statement{ID: fmt.Sprintf("figure-%d", i), Attempt: uint64(len(w.figures()) + 1), Report: "report-1", Mode: proof.ModeRoot,
			Rule: w.logObject(&r), Key: keyAt, Scope: r.Scope, Measure: r.Measure, Unit: r.Unit, Root: proof.TrieRoot(nil), AuditK: 1, AuditRound: 1000, Budget: 1}
		s.EvidenceSize, s.EvidenceRoot = uint64(len(w.entries)), proof.Hash(w.root())
		w.logObject(&s)
	}
	w.commit(beacon)
}

// rules are the rule of a measure, and others under its name.
func (w *world) rules(m *measure.Measure) []proof.Rule {
	r := *w.randomRule()
	r.Measure, r.Unit, r.Member, r.Bucket, r.Classes, r.Grades = m.Name, string(m.Unit), m.Member, 0, []ts.Class{m.Class}, nil
	r.Without = m.Without | ts.FlagPerpInternal | ts.FlagVictimInternal
	if r.Member.Slotted() {
		r.Bucket = ts.SlotSeconds
	}
	for _, g := range []ts.Grade{ts.LookedUp, ts.Attempted, ts.Established} {
		if m.Grades.Has(g) {
			r.Grades = append(r.Grades, g)
		}
	}
	list := []proof.Rule{r}
	with := func(change func(*proof.Rule)) {
		other := r
		change(&other)
		list = append(list, other)
	}
	with(func(r *proof.Rule) { r.Without |= ts.FlagSynthetic })
	for bit := range 19 {
		if flag := ts.Flags(1) << bit; m.Without&flag != 0 {
			with(func(r *proof.Rule) { r.Without &^= flag })
		}
	}
	for _, c := range []ts.Class{ts.Attempt, ts.Control, ts.Phishing, ts.Spyware} {
		with(func(r *proof.Rule) { r.Classes = []ts.Class{c} })
	}
	with(func(r *proof.Rule) { r.Classes = []ts.Class{ts.Backdoor, ts.Control} })
	with(func(r *proof.Rule) { r.Grades = []ts.Grade{ts.Established} })
	with(func(r *proof.Rule) { r.Grades = []ts.Grade{ts.LookedUp, ts.Attempted} })
	with(func(r *proof.Rule) { r.Grades = []ts.Grade{ts.LookedUp, ts.Attempted, ts.Established} })
	with(func(r *proof.Rule) { r.Member, r.Unit, r.Bucket = ts.MemberPage, "page", 0 })
	with(func(r *proof.Rule) { r.Member, r.Unit, r.Bucket = ts.MemberPerp, "ip-address", 0 })
	with(func(r *proof.Rule) { r.Member, r.Unit, r.Bucket = ts.MemberVictim, "ip-address", 0 })
	return list
}

// declare logs a sensor that counts some networks as public, in whatever spelling.
func (w *world) declare() {
	lines := []string{"tally-sensor/v1", "name " + pick(w, "border-1", "border-2"), "country CN"}
	for range w.rng.IntN(5) {
		var b [16]byte
		for i := range b {
			if i%2 == 1 && w.chance(3) {
				b[i], b[i-1] = byte(w.rng.IntN(256)), pick(w, byte(0), 0x20)
			}
		}
		p := netip.PrefixFrom(netip.AddrFrom16(b), 8*w.rng.IntN(17))
		lines = append(lines, "treat-as-public "+pick(w, p.String(), p.Addr().StringExpanded()+fmt.Sprintf("/%d", p.Bits()), strings.ToUpper(p.String()),
			"240.0.0.0/4", "240.0.0.1/4", "240.0.0.0/14", "241.2.3.4/8", "::ffff:1.2.3.4/100", "::FFFF:f001:203/96"))
	}
	w.text(lines...)
}
