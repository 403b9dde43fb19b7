package verify

import (
	"fmt"

	ts "github.com/tallystick/tallystick"
)

// MaxFile is the most bytes of one file of a report.
const MaxFile = 64 << 20

// claim is what a report says, and the entry that the ledger must hold for it.
type claim struct {
	document
	entry []byte
}

// readClaim reads figures.json and rebuilds the entry that commits to the report.
func readClaim(r *Result, report Report) *claim {
	if err := report.fits(); err != nil {
		r.add(Malformed, "report", "%v", err)
		return nil
	}
	doc, unknown, err := readDocument(report.JSON)
	if err != nil {
		r.add(Malformed, "figures.json", "%v", err)
		return nil
	}
	if unknown != nil {
		r.add(NotChecked, "figures.json", "holds what this program does not know: %v", unknown)
	}
	c := &claim{document: *doc}
	if c.entry, err = report.entry(c.Checkpoint.Size); err != nil {
		r.add(Malformed, "report", "%v", err)
		return nil
	}
	return c
}

func (r *Report) fits() error {
	for _, f := range []struct {
		name    string
		content []byte
		most    int
	}{
		{"report.html", r.HTML, MaxFile}, {"figures.json", r.JSON, MaxFile}, {"figures.csv", r.CSV, MaxFile},
		{"checkpoint", r.Checkpoint, maxNote}, {"report.tlog-proof", r.Proof, maxNote + maxProofHead},
	} {
		if len(f.content) > f.most {
			return fmt.Errorf("%s of %d bytes: more than %d", f.name, len(f.content), f.most)
		}
	}
	return nil
}

// entry returns the tally-report/v1 entry of the report (doc/formats/ledger.md).
func (r *Report) entry(size uint64) ([]byte, error) {
	o := ts.Object{Type: "tally-report/v1"}
	o.Add("report-html", ts.DigestOf(r.HTML).String())
	o.Add("figures-json", ts.DigestOf(r.JSON).String())
	o.Add("figures-csv", ts.DigestOf(r.CSV).String())
	o.Add("checkpoint-size", decimal(size))
	return o.Bytes()
}
