package verify

import (
	"encoding/json"

	ts "github.com/tallystick/tallystick"
)

// claim is what figures.json says, as far as it is checked.
type claim struct {
	entry      []byte // that the ledger must hold: the digests of the report's files
	Window     ts.FigureWindow
	Figures    []figure
	Mirror     []figure
	Checkpoint ts.FigureCheckpoint
}

// figure is a published figure. Value is nil where nothing was observable.
type figure struct {
	Measure    string
	Value      *uint64
	Internal   *uint64
	Window     ts.FigureWindow
	By, On     []ts.Country
	Verdict    string
	GroupBy    []string `json:"group_by"`
	Observable *bool
}

// readClaim reads figures.json and rebuilds the entry that commits to the report.
func readClaim(r *Result, report Report) *claim {
	var c claim
	if err := json.Unmarshal(report.JSON, &c); err != nil {
		r.add(Malformed, "figures.json", "%v", err)
		return nil
	}
	o := ts.Object{Type: "tally-report/v1"}
	o.Add("report-html", ts.DigestOf(report.HTML).String())
	o.Add("figures-json", ts.DigestOf(report.JSON).String())
	o.Add("figures-csv", ts.DigestOf(report.CSV).String())
	o.Add("checkpoint-size", decimal(c.Checkpoint.Size))
	entry, err := o.Bytes()
	if err != nil {
		r.add(Malformed, "report", "%v", err)
		return nil
	}
	c.entry = entry
	return &c
}
