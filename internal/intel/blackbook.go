package intel

import (
	"io"
	"slices"

	"github.com/tallystick/tallystick"
)

func isBlackbook(columns []string) bool {
	return len(columns) >= 3 && columns[0] == "domain" && columns[1] == "malware" && columns[2] == "date_added"
}

// readBlackbook reads blackbook.csv of github.com/stamparm/blackbook: control domains
// with family and the day they were added, from which on they are valid.
func (f *file) readBlackbook(r io.Reader) error {
	f.feed = formatBlackbook
	return f.eachRecord(r, isBlackbook, func(r record) {
		f.add(r.get("domain"), Indicator{
			Class: tallystick.Control, Family: r.get("malware"), From: day(r.get("date_added")),
		})
	})
}

// isTyped reports whether a table has a column of types and one of values, as exports
// of MISP and the lists of stalkerware-indicators have.
func isTyped(columns []string) bool {
	return slices.Contains(columns, "type") && (slices.Contains(columns, "value") || slices.Contains(columns, "indicator"))
}
