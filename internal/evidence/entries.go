package evidence

import (
	"fmt"
	"strconv"

	ts "github.com/tallystick/tallystick"
)

// Exclusion takes an indicator or an address out of every later count.
type Exclusion struct {
	Index  uint64
	Value  string
	Reason string
}

// FormatExclusion writes a tally-exclude/v1 entry.
func FormatExclusion(x Exclusion) ([]byte, error) {
	if x.Value == "" || x.Reason == "" {
		return nil, fmt.Errorf("an exclusion needs a value and a reason")
	}
	o := ts.Object{Type: TypeExclude}
	o.Add("value", printable(x.Value))
	o.Add("reason", printable(x.Reason))
	return o.Bytes()
}

// ParseExclusion reads a tally-exclude/v1 entry.
func ParseExclusion(entry []byte) (Exclusion, error) {
	o, err := ts.ParseObjectAs(entry, TypeExclude, "value reason")
	p := fieldParser{o: &o, err: err}
	return Exclusion{Value: p.text("value"), Reason: p.text("reason")}, p.err
}

// Edition is a place data set of one day that batches were placed by.
type Edition struct {
	Source string
	Day    ts.Day
	Digest ts.Digest
}

// String formats e as in a manifest: name, day and digest.
func (e Edition) String() string {
	return printable(e.Source) + " " + e.Day.String() + " " + e.Digest.String()
}

// FormatEdition writes a tally-place/v1 entry.
func FormatEdition(e Edition) ([]byte, error) {
	o := ts.Object{Type: TypePlace}
	o.Add("source", printable(e.Source))
	o.Add("day", e.Day.String())
	o.Add("sha256", e.Digest.String())
	return o.Bytes()
}

// ParseEdition reads a tally-place/v1 entry.
func ParseEdition(entry []byte) (Edition, error) {
	o, err := ts.ParseObjectAs(entry, TypePlace, "source day sha256")
	p := fieldParser{o: &o, err: err}
	e := Edition{Source: p.text("source")}
	day, err := ts.ParseDay(o.Get("day"))
	p.keep(err)
	e.Day, e.Digest = day, p.digest("sha256")
	return e, p.err
}

// Report is a published report: the digests of its files, and the size of the ledger
// that it was counted from.
type Report struct {
	Index           uint64
	HTML, JSON, CSV ts.Digest
	Size            uint64
}

// FormatReport writes a tally-report/v1 entry.
func FormatReport(r Report) ([]byte, error) {
	o := ts.Object{Type: TypeReport}
	o.Add("report-html", r.HTML.String())
	o.Add("figures-json", r.JSON.String())
	o.Add("figures-csv", r.CSV.String())
	o.Add("checkpoint-size", strconv.FormatUint(r.Size, 10))
	return o.Bytes()
}

// ParseReport reads a tally-report/v1 entry.
func ParseReport(entry []byte) (Report, error) {
	o, err := ts.ParseObjectAs(entry, TypeReport, "report-html figures-json figures-csv checkpoint-size")
	p := fieldParser{o: &o, err: err}
	var r Report
	r.HTML, r.JSON, r.CSV = p.digest("report-html"), p.digest("figures-json"), p.digest("figures-csv")
	r.Size = p.number(o.Get("checkpoint-size"))
	return r, p.err
}
