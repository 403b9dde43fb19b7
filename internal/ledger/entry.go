package ledger

import (
	"bytes"
	"fmt"

	"github.com/tallystick/tallystick"
)

// checkEntry refuses what may not be an entry: anything but a text object (proof
// protocol 3.0) of a type that exists.
func checkEntry(entry []byte) error {
	o, err := tallystick.ParseObject(entry)
	if err != nil {
		return err
	}
	if len(o.Fields) == 0 {
		return fmt.Errorf("%.60q holds nothing", o.Type)
	}
	return checkType(entry)
}

// checkType refuses an entry whose first line is no type that exists; it is the part
// of checkEntry that is made again at every opening.
func checkType(entry []byte) error {
	line, _, _ := bytes.Cut(entry, []byte("\n"))
	if !known(string(line)) {
		return fmt.Errorf("entries of type %.60q do not exist", line)
	}
	return nil
}

// known reports whether entries may begin with the line: the types of proof protocol
// 3.1 and of doc/formats/row.md.
func known(line string) bool {
	switch line {
	case "tally-batch/v1", "tally-sensor/v1", "tally-exclude/v1", "tally-expire/v1",
		"tally-place/v1", "tally-rule/v1", "tally-key/v1", "tally-figure/v1",
		"tally-challenge/v1", "tally-audit/v1", "tally-overlap/v1", "tally-canary/v1",
		"tally-peer/v1", "tally-report/v1":
		return true
	}
	return false
}
