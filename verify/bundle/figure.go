package bundle

import (
	"errors"
	"fmt"
	"io"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify"
)

// figure is one statement with all that the bundle has for it.
type figure struct {
	proof.Statement
	ledger *history
	index  uint64 // of its entry
	digest ts.Digest
	rule   proof.Rule
	key    proof.Key
	bound  error // why it does not agree with its rule, its key and the ledger

	attempt uint64 // as the ledger counts statements of this measure and scope
	again   bool   // the ledger has a later one
	reach   reach
	late    int64 // seconds by which the rule was logged after its window opened
	dates   bool  // whether late says anything

	rounds  []round
	listed  bool     // its tags are published, and hold
	footing footing  // of the round in hand
	judged  int      // rounds, of all
	failed  int      // of those judged
	first   stood    // what came of the first of them
	best    *outcome // nil for none
}

// here reports whether the bundle is about the figure: it has the tags, or there are none
// to have.
func (f *figure) here() bool {
	_, ok := f.ledger.archive.files[f.tagsName()]
	return ok || f.Mode != proof.ModeList
}

// what names the figure that a statement is an attempt at.
func (f *figure) what() string { return fmt.Sprint(f.Measure, f.Scope) }

func (f *figure) tagsName() string { return "figures/" + f.ID + "/tags.bin" }

// check makes every check of one figure.
func (f *figure) check(r *Result) {
	if !r.settle(check{figure: f.ID, what: "the statement agrees with its rule, its key and the ledger",
		proves: "what is counted was fixed in the rule, and from which entries",
		not:    "that the rule is a good one: read it"}, f.bound, "N = %d", f.N) {
		return
	}
	f.checkRule(r)
	f.checkTags(r)
	r.Sentences = append(r.Sentences, f.sentence(f.checkAudits(r)))
}

// bind finds the rule and the key, and compares them with the statement.
func (f *figure) bind() error {
	l := f.ledger
	var ok [2]bool
	f.rule, ok[0] = l.rules[f.Rule]
	f.key, ok[1] = l.keys[f.Key]
	if !ok[0] || !ok[1] {
		return fmt.Errorf("entries %d and %d are not a rule and a key", f.Rule, f.Key)
	}
	if err := f.Follows(&f.rule); err != nil {
		return err
	}
	if f.EvidenceSize > f.index {
		return errors.New("it counts entries that were not there yet")
	}
	root, err := l.rootAt(f.EvidenceSize)
	if err != nil {
		return err
	}
	switch {
	case proof.Hash(root) != f.EvidenceRoot:
		return errors.New("it counts another ledger")
	case f.key.Report != f.Report:
		return fmt.Errorf("its key is of report %.60q", f.key.Report)
	case f.Supersedes != nil && !l.statedBefore(*f.Supersedes, f):
		return errors.New("it supersedes no earlier statement of its figure")
	case f.Attempt != f.attempt:
		return fmt.Errorf("it says attempt %d, the ledger holds %d", f.Attempt, f.attempt)
	}
	return nil
}

// checkRule tells when the rule was logged: before its window, or after the data could be
// seen.
func (f *figure) checkRule(r *Result) {
	c := check{figure: f.ID, what: "when the rule was logged", proves: "the rule was not made to fit the data, where it is on time",
		not: "other rules were tried on the same data: see how many the ledger holds"}
	t := f.ledger.dated(f.Rule)
	if t == 0 {
		r.add(c, verify.NotChecked, "no date: no policy, or no witness saw it")
		return
	}
	f.dates, f.late = true, max(0, t-f.Window.From.Start())
	when := "ON TIME"
	if f.late > 0 {
		when = fmt.Sprintf("LATE by %d seconds (%d days)", f.late, f.late/86400)
	}
	r.add(c, verify.True, "%s; rows sealed within %s of their day; places of %s; other rules for the like on days and countries of this: %d",
		when, span(f.rule.Seal), sourceWords(f.rule.PlaceSource), f.rivals())
}

// checkTags checks the published tags in list mode.
func (f *figure) checkTags(r *Result) {
	if f.Mode != proof.ModeList {
		return
	}
	x := f.ledger.archive.files[f.tagsName()]
	err := f.CheckTags(io.NewSectionReader(f.ledger.archive.file, x.offset, x.size), x.size)
	f.listed = err == nil
	r.settle(check{figure: f.ID, what: fmt.Sprintf("the tags are published, N = %d, none twice", f.N),
		proves: "N counts different things: one member has one tag",
		not:    "that they were seen: the audit bounds how many were not"}, err, "")
}
