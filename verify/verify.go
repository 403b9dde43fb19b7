// Package verify knows how a published report is checked from its bytes: digests,
// signature, inclusion in the ledger, and a recount of its figures from the committed
// rows, slowly and plainly. It must never know how figures are counted elsewhere: it
// shares no code with the counting engine, the segment scan or the report, and reads no
// configuration.
//
// What it is given may be hostile. Rows come as an iterator, so that where they lie is
// the caller's affair.
package verify

import (
	"fmt"
	"iter"

	ts "github.com/tallystick/tallystick"
)

// Report is the files of a published report.
type Report struct {
	HTML, JSON, CSV []byte
	Checkpoint      []byte // signed note
	Proof           []byte // C2SP tlog-proof of the report's entry
}

// Key is the verifier key of the ledger's signatures (C2SP signed-note), and who vouches
// for it. Without a voucher a good signature says only that somebody signed.
type Key struct {
	Text    string
	Voucher string // "the ledger at …", "you"; "" nobody
}

// Ledger is the evidence behind a report, where it is at hand.
type Ledger interface {
	// Entries yields every entry of the ledger from the first on.
	Entries() iter.Seq2[[]byte, error]
	// Record returns the private record, such as a manifest, with the digest.
	Record(ts.Digest) ([]byte, error)
	// Rows yields the rows of a segment file in the order of their leaves, and salts
	// them: leaf is the salted row leaf of the line.
	Rows(first ts.Day, file ts.Digest, segment [16]byte) iter.Seq2[SaltedRow, error]
}

// SaltedRow is a row with the salt of its leaf.
type SaltedRow struct {
	Row  ts.Row
	Salt [16]byte
}

// Status is the outcome of one check.
type Status uint8

// The outcomes.
const (
	True Status = iota
	False
	Malformed
	NotChecked
)

// String returns the words printed for the outcome.
func (s Status) String() string {
	return [...]string{"true", "FALSE", "MALFORMED", "NOT CHECKED"}[s]
}

// Line is one check: what was checked, and what came out.
type Line struct {
	Status Status
	What   string
	Found  string // what was found, where that says more than the status
}

// Result is all checks of one report, in their order.
type Result struct {
	Lines []Line
}

func (r *Result) add(s Status, what, format string, args ...any) {
	r.Lines = append(r.Lines, Line{s, what, fmt.Sprintf(format, args...)})
}

// check adds a line that is true or false.
func (r *Result) check(ok bool, what, format string, args ...any) {
	if ok {
		r.add(True, what, "")
		return
	}
	r.add(False, what, format, args...)
}

// ExitCode is 0 where every check was made and is true, 1 where one is false, 2 where
// one is malformed or was not made.
func (r *Result) ExitCode() int {
	code := 0
	for _, l := range r.Lines {
		switch l.Status {
		case False:
			return 1
		case Malformed, NotChecked:
			code = 2
		}
	}
	return code
}

// Check makes every check that the report, the key and the ledger allow. ledger is nil
// where none is at hand; what would need it then reads NotChecked.
func Check(report Report, key Key, ledger Ledger) *Result {
	r := &Result{}
	claim := readClaim(r, report)
	if claim == nil {
		return r
	}
	signed := checkSignature(r, report, key)
	checkInclusion(r, report, claim, signed)
	if ledger == nil {
		r.add(NotChecked, "figures recounted from rows", "no ledger at hand: name it with --ledger")
		return r
	}
	checkLedger(r, claim, signed, ledger)
	return r
}
