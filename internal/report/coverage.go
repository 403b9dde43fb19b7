package report

import (
	"maps"
	"slices"

	ts "github.com/tallystick/tallystick"
)

// Coverage accounts for every record of every input: read = observed + skipped.
type Coverage struct {
	Total   CoverageLine   `json:"total"`
	Formats []CoverageLine `json:"formats"` // by name
	Inputs  []CoverageLine `json:"inputs"`  // in the order of the ledger
}

// CoverageLine is the Tally of one input, or of several.
type CoverageLine struct {
	Name     string `json:"name"`
	Sensor   string `json:"sensor,omitempty"`
	Format   string `json:"format,omitempty"`
	Days     string `json:"days,omitempty"` // the day, or first and last, on which what was observed began
	Inputs   int    `json:"inputs"`
	Bytes    uint64 `json:"bytes"` // decompressed
	Read     uint64 `json:"read"`
	Observed uint64 `json:"observed"`
	Skipped  []Loss `json:"skipped"`
}

// Loss is how many records were skipped for one reason.
type Loss struct {
	Reason  string `json:"reason"`
	Records uint64 `json:"records"`
}

// Lost is the number of records skipped.
func (l CoverageLine) Lost() uint64 {
	var n uint64
	for _, loss := range l.Skipped {
		n += loss.Records
	}
	return n
}

func coverage(inputs []Input) Coverage {
	c := Coverage{Formats: []CoverageLine{}, Inputs: []CoverageLine{}}
	byFormat := map[string][]Input{}
	for _, in := range inputs {
		line := coverageOf(in.Name, []Input{in})
		line.Sensor, line.Format, line.Days = in.Sensor, in.Format, inputDays(in.Days)
		c.Inputs = append(c.Inputs, line)
		byFormat[in.Format] = append(byFormat[in.Format], in)
	}
	for _, format := range slices.Sorted(maps.Keys(byFormat)) {
		c.Formats = append(c.Formats, coverageOf(format, byFormat[format]))
	}
	c.Total = coverageOf("all inputs", inputs)
	return c
}

// inputDays tells copies of one log apart, whose folders are not told.
func inputDays(w ts.Window) string {
	switch {
	case w.All():
		return ""
	case w.Days() == 1:
		return w.From.String()
	}
	return w.From.String() + " to " + w.Last().String()
}

func coverageOf(name string, inputs []Input) CoverageLine {
	var sum ts.Tally
	line := CoverageLine{Name: name, Inputs: len(inputs), Skipped: []Loss{}}
	for _, in := range inputs {
		sum.Add(in.Tally)
		line.Bytes += in.Bytes
	}
	line.Read, line.Observed = sum.Read, sum.Observed
	for _, reason := range slices.Sorted(maps.Keys(sum.Skipped)) {
		line.Skipped = append(line.Skipped, Loss{reason, sum.Skipped[reason]})
	}
	return line
}
