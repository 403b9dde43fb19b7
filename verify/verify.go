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
	"errors"
	"fmt"
	"iter"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/wording"
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
	// Record returns the manifest with the digest.
	Record(ts.Digest) ([]byte, error)
	// Rows yields the rows of a segment file in the order of their leaves, and salts
	// them: leaf is the salted row leaf of the line.
	Rows(first ts.Day, file ts.Digest, segment [16]byte) iter.Seq2[SaltedRow, error]
}

// ErrNotAtHand is wrapped by a Ledger's error where a secret was not given that reading
// its rows takes: that is no sign of a false report.
var ErrNotAtHand = errors.New("not at hand")

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
	Notes []string // what no line claims to have checked
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
// where none is at hand; what would need it then reads NotChecked. Rows of the ledger are
// read twice, one segment at a time, in another goroutine than the caller's.
func Check(report Report, key Key, ledger Ledger) *Result {
	r := &Result{Notes: unchecked()}
	claim := readClaim(r, report)
	if claim == nil {
		return r
	}
	signed := checkSignature(r, report, key)
	checkInclusion(r, report, claim, signed)
	checkCSV(r, report.CSV, claim)
	checkTogether(r, claim)
	if ledger == nil {
		r.add(NotChecked, "figures recounted from rows", "no ledger at hand: name it with --ledger")
		return r
	}
	checkLedger(r, claim, signed, ledger)
	return r
}

// unchecked names what no line claims.
func unchecked() []string {
	return []string{
		"report.html is covered by its digest only: that its text says what figures.json says is not read",
		"raw requests beside attacks are an upper bound only where batches of several rules may have read the same records",
		"titles, labels and notes, what was read of the inputs, and the number of entries in feeds are the publisher's word",
	}
}

// checkLedger compares the ledger with what the report was counted from, and recounts.
func checkLedger(r *Result, c *claim, signed *head, l Ledger) {
	h, err := readHistory(l, c.Checkpoint.Size)
	if err != nil {
		r.add(Malformed, "ledger", "%v", err)
		return
	}
	const what = "the ledger at hand is the one that was counted and signed"
	err = h.matches(c.Checkpoint.Size, c.Checkpoint.Root, "report")
	if err == nil && signed != nil {
		err = h.matches(signed.size, signed.root.String(), "checkpoint")
	}
	switch {
	case err != nil:
		r.add(False, what, "%v", err)
		return
	case signed == nil:
		r.add(NotChecked, what, "it is the one that was counted; no good checkpoint says that it was signed")
	default:
		r.add(True, what, "")
	}
	if h.unknown != "" {
		r.add(NotChecked, "what every entry means", "%s", h.unknown)
	}
	recount(r, c, h, l)
}

// recount counts every number again, from rows that the ledger committed to.
func recount(r *Result, c *claim, h *history, l Ledger) {
	const what = "rows are those that the ledger committed to"
	e, err := readManifests(l, h)
	if errors.Is(err, errSchema) {
		r.add(NotChecked, what, "%v", err)
		return
	}
	if err != nil {
		r.add(False, what, "%v", err)
		return
	}
	checkSources(r, c, e)
	p := planReport(c, e.sources())
	if p.tooMany {
		r.add(NotChecked, "figures recounted from rows", "more than %d questions, %d groupings or %d windows", maxQuestions, maxGrouped, maxWindows)
		return
	}
	all, err := p.count(e)
	if errors.Is(err, ErrNotAtHand) {
		r.add(NotChecked, what, "%v", err)
		return
	}
	if err != nil {
		r.add(False, what, "%v", err)
		return
	}
	r.add(True, fmt.Sprintf("%s in %s are those that the ledger committed to",
		wording.Plural(e.rows, "row", "rows"), wording.Plural(uint64(len(e.segments)), "segment", "segments")), "")
	for _, check := range p.checks {
		check(r, all)
	}
}
