package proof

import (
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
)

// TestSupportsOneDay: a day is kept in 32 bits. A row whose time is 2^32 days later than its
// day would be spelled as of that day too.
func TestSupportsOneDay(t *testing.T) {
	row := exampleRow(1)
	row.First += 1 << 32 * ts.SecondsPerDay
	row.Last += 1 << 32 * ts.SecondsPerDay
	line := string(row.AppendLine(nil))
	read, err := ts.ParseLine(line)
	if err != nil || read.Day() != day0 {
		t.Fatalf("%v; the case is none", err)
	}
	if _, err := exampleRule(t).Supports(&read); err == nil {
		t.Errorf("%s supports a member", line)
	}
}

// TestSupportsSensor: a member has the length of its sensor's name in one byte.
func TestSupportsSensor(t *testing.T) {
	for length, good := range map[int]bool{255: true, 256: false} {
		row := exampleRow(1)
		row.Sensor = strings.Repeat("s", length)
		if _, err := exampleRule(t).Supports(&row); (err == nil) != good {
			t.Errorf("sensor of %d bytes: %v", length, err)
		}
	}
}
