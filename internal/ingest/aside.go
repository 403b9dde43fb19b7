package ingest

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
)

// Bounds of what is set aside of one input: records of each reason, bytes of each
// record, and bytes of all.
const (
	asideRecords = 20
	asideRecord  = 2 << 10
	asideInput   = 64 << 10
)

// asideRoom is how much more may be set aside of an input.
type asideRoom struct {
	records map[string]int // set aside by reason
	bytes   int
}

// setAside is a skipped record for the operator to look at.
type setAside struct {
	reason string
	line   []byte
}

// keep returns the skipped record, if there is room for it. What it holds was written by
// strangers, and so is escaped.
func (room *asideRoom) keep(bad *ts.LineError, record []byte) (setAside, bool) {
	if Unused(bad.Reason) || room.records[bad.Reason] == asideRecords || room.bytes <= 0 {
		return setAside{}, false
	}
	room.records[bad.Reason]++
	why := bad.Reason
	if bad.Detail != "" {
		why += ": " + bad.Detail
	}
	line := fmt.Appendf(ts.AppendEscaped(nil, bad.File), ":%d:%d\t", bad.Line, bad.Offset)
	line = append(ts.AppendEscaped(line, why), '\t')
	line = append(ts.AppendEscaped(line, string(record[:min(len(record), asideRecord)])), '\n')
	room.bytes -= len(line)
	return setAside{bad.Reason, line}, true
}

// Unused reports whether records skipped for the reason are of a kind that shows nothing
// here. Nothing is lost with them.
func Unused(reason string) bool { return strings.HasPrefix(reason, "unused ") }

// writeAside writes the skipped records of the batch, which the entry committed, one
// file a reason. A crash before leaves none: nothing depends on them.
func (b *builder) writeAside(entry uint64) error {
	kept := map[string][][]byte{}
	for i := range b.batch.parts {
		for _, a := range b.batch.parts[i].aside {
			kept[a.reason] = append(kept[a.reason], a.line)
		}
	}
	var all ts.Tally
	for i := range b.batch.records {
		all.Add(b.batch.records[i].Tally)
	}
	for _, reason := range slices.Sorted(maps.Keys(kept)) {
		head := fmt.Sprintf("# Skipped for %q by ledger entry %d: %d records, %d of them below.\n"+
			"# file:line:byte, reason and record, parted by tabs; bytes are escaped as %%XX, records cut behind %d bytes.\n",
			reason, entry, all.Skipped[reason], len(kept[reason]), asideRecord)
		path := evidence.AsidePath(entry, reason)
		if err := b.ingest.Ledger.PutAside(path, append([]byte(head), bytes.Join(kept[reason], nil)...)); err != nil {
			return fmt.Errorf("setting skipped records aside, of entry %d, which is committed: %w", entry, err)
		}
		b.result.Aside = append(b.result.Aside, path)
	}
	return nil
}
