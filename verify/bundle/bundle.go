// Package bundle knows how the accused checks a published bundle (doc/proof/spec.md): the
// whole list of a ledger's entries, its checkpoints, and of each figure the commitment to
// its members, their audit, and how much of the figure may be false. It must never know a
// ledger's folder, the network or a clock, nor how a figure was counted; whom to trust comes from its
// user, never from the bundle.
//
// A bundle from a stranger is hostile input: everything in it is bounded, and what it says
// is printed only where it was checked.
package bundle

import (
	"fmt"
	"io"

	"github.com/transparency-dev/formats/witness"

	"github.com/tallystick/tallystick/verify"
)

// Trust is what the user brings: from anywhere but the bundle.
type Trust struct {
	Key    string         // verifier key of the ledger (C2SP signed-note); "" nobody vouches
	Policy *witness.Group // whose cosignatures date a checkpoint (C2SP tlog-policy); nil: nobody's
}

// Line is one check: what was checked, what came out, what that proves and what not.
type Line struct {
	verify.Line
	Figure string // id of the figure, "" for the ledger as a whole
	Proves string // where it is true
	Not    string // what it leaves open all the same
	Audit  bool   // of an audit
	Topic  Topic  // "": of ledger and figures
}

// Topic is what a line is about beside the ledger and its figures.
type Topic string

// The topics.
const (
	Overlap  Topic = "overlap"
	Canaries Topic = "canaries"
)

// Result is all checks of a bundle in their order, and the sentences that they support.
type Result struct {
	Lines     []Line
	Sentences []string
}

// ExitCode is 0 where every check was made and is true, 1 where one is false, 2 where one
// is malformed or was not made.
func (r *Result) ExitCode() int {
	var all verify.Result
	for _, l := range r.Lines {
		all.Lines = append(all.Lines, l.Line)
	}
	return all.ExitCode()
}

// check is one line while it is made.
type check struct {
	figure, what, proves, not string
	audit                     bool
	topic                     Topic
}

func (r *Result) add(c check, s verify.Status, format string, args ...any) bool {
	r.Lines = append(r.Lines, Line{verify.Line{Status: s, What: plain(c.what), Found: plain(fmt.Sprintf(format, args...))}, c.figure, plain(c.proves), c.not, c.audit, c.topic})
	return s == verify.True
}

// settle adds a line that is true unless there is an error.
func (r *Result) settle(c check, err error, format string, args ...any) bool {
	if err != nil {
		return r.add(c, verify.False, "%v", err)
	}
	return r.add(c, verify.True, format, args...)
}

// Check makes every check that the bundle and the user's trust allow.
func Check(file io.ReaderAt, size int64, trust Trust) *Result {
	return CheckBeside(file, size, trust, Beside{})
}

// checkAll returns the ledger of the bundle too, nil where it is malformed. It looks for
// the canaries in what is opened.
func checkAll(file io.ReaderAt, size int64, trust Trust, canaries map[string]*planted) (*Result, *history) {
	r := &Result{}
	a, err := openArchive(file, size)
	if err != nil {
		r.add(check{what: "the bundle is well formed"}, verify.Malformed, "%v", err)
		return r, nil
	}
	if !a.checkWhole(r, trust) {
		return r, nil
	}
	l, err := readLedger(a)
	if err != nil {
		r.add(check{what: "the ledger in the bundle is well formed"}, verify.Malformed, "%v", err)
		return r, nil
	}
	l.planted = canaries
	l.judge(r, trust)
	return r, l
}

// judge makes every check of a ledger that was read.
func (l *history) judge(r *Result, trust Trust) {
	l.checkSignatures(r, trust)
	l.checkTimes(r, trust)
	l.settle()
	l.checkKeys(r)
	l.checkFigures(r)
}

// checkFigures checks the figures that the bundle is about. Statements whose tags are in
// another bundle count as attempts, and what the ledger alone tells of their audits is said.
func (l *history) checkFigures(r *Result) {
	var elsewhere []*figure
	for _, f := range l.figures {
		if f.here() {
			f.check(r)
		} else {
			elsewhere = append(elsewhere, f)
		}
	}
	switch {
	case len(elsewhere) == len(l.figures):
		r.add(check{what: "figures"}, verify.Malformed, "no figure of the ledger is in the bundle")
	case len(elsewhere) > 0:
		l.checkElsewhere(r, elsewhere)
	}
}
