package bundle

import (
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/proof"
)

// hostsRule is a rule that counts what control.hosts does, and no internal address.
func hostsRule(t *testing.T) proof.Rule {
	m, err := measure.ByName("control.hosts")
	if err != nil {
		t.Fatal(err)
	}
	return proof.Rule{Measure: m.Name, Unit: string(m.Unit), Member: m.Member, Classes: []ts.Class{m.Class},
		Grades: []ts.Grade{ts.Established}, Without: m.Without | ts.FlagVictimInternal}
}

// TestLevel: no attempt is certain, though a float may be 0.
func TestLevel(t *testing.T) {
	for attempt, want := range map[uint64]string{1: "0.05", 2: "0.025", 10: "9.77e-05", 26: "1.49e-09", 27: "less than 1e-09", 1080: "less than 1e-09", 1 << 40: "less than 1e-09"} {
		if got := level(attempt); got != want {
			t.Errorf("attempt %d: %s, want %s", attempt, got, want)
		}
	}
}

// TestSubject: the name of a measure is said only of a rule that counts what it does.
func TestSubject(t *testing.T) {
	for want, change := range map[string]func(*proof.Rule){
		"control.hosts": func(r *proof.Rule) {},
		"control or backdoor, established, the victims":              func(r *proof.Rule) { r.Classes = []ts.Class{ts.Control, ts.Backdoor} },
		"control, attempted or established":                          func(r *proof.Rule) { r.Grades = []ts.Grade{ts.Attempted, ts.Established} },
		"control, established, the perpetrators":                     func(r *proof.Rule) { r.Member = ts.MemberPerp },
		"control, established, without victim-internal, sinkhole":    func(r *proof.Rule) { r.Member, r.Unit = ts.MemberAttack, "attack" },
		"control, established, the victims, without victim-internal": func(r *proof.Rule) { r.Without = ts.FlagVictimInternal },
		"control, established, the victims, without":                 func(r *proof.Rule) { r.Measure = "dead.children" },
	} {
		r := hostsRule(t)
		change(&r)
		if got := subject(&r); !strings.HasPrefix(got, want) || strings.Contains(got, "dead") || want != "control.hosts" && strings.Contains(got, "hosts") {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestMadeUp: figures that may count reserved addresses say so.
func TestMadeUp(t *testing.T) {
	f := &figure{Statement: proof.Statement{EvidenceSize: 10}, rule: hostsRule(t), ledger: &history{sensors: map[string][]declaration{}}}
	declare := func(index uint64, name string, blocks ...string) {
		o := ts.Object{Type: "tally-sensor/v1"}
		o.Add("name", name)
		for _, b := range blocks {
			o.Add("treat-as-public", b)
		}
		if err := f.ledger.takeSensor(index, &o); err != nil {
			t.Fatal(err)
		}
	}
	declare(3, "b", "2001:db8::/32", "240.0.0.0/4")
	declare(4, "a", "240.0.0.0/4")
	declare(10, "c", "10.0.0.0/8")
	if got := f.madeUp(); !strings.Contains(got, "SYNTHETIC: addresses of 240.0.0.0/4, 2001:db8::/32 count as public") || strings.Contains(got, "10.0.0.0") {
		t.Errorf("%q", got)
	}
	declare(5, "a", "240.0.0.0/8", "241.0.0.0/8", "242.0.0.0/8", "243.0.0.0/8", "244.0.0.0/8")
	if got := f.madeUp(); !strings.Contains(got, " and others count") {
		t.Errorf("%q", got)
	}
	f.rule.Without |= ts.FlagSynthetic
	if got := f.madeUp(); got != "" {
		t.Errorf("the rule leaves them out: %q", got)
	}
	f.rule.Without, f.EvidenceSize = 0, 3
	if got := f.madeUp(); got != "" {
		t.Errorf("declared later: %q", got)
	}
}

// TestSpan: who commits to rows long after their day had time to make them up.
func TestSpan(t *testing.T) {
	for seconds, want := range map[uint64]string{0: "0 seconds", longSeal: "604800 seconds", longSeal + 1: "604801 seconds (7 days: LONG)"} {
		if got := span(seconds); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
