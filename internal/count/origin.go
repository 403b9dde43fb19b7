package count

import (
	"fmt"
	"strconv"
	"strings"

	ts "github.com/tallystick/tallystick"
)

// origin is one input of one segment, and the segment's day.
type origin struct {
	day     ts.Day
	input   uint32
	segment string
}

// merged is what a run keeps of the segments it is made of.
type merged struct {
	rows    int64 // of the segments
	origins []origin
	all     uint32 // their days, a bit each
}

// start is the day of the first bit in the days of a row.
func (m *merged) start() ts.Day {
	if len(m.origins) == 0 {
		return 0
	}
	return m.origins[0].day / runDays * runDays
}

// days returns the days of a run that are in w, a bit each.
func (m *merged) days(w ts.Window) uint32 {
	var days uint32
	for bit := range runDays {
		if w.Contains(m.start() + ts.Day(bit)) {
			days |= 1 << bit
		}
	}
	return days
}

// bit is the bit of an origin's day.
func (o *origin) bit() uint32 { return 1 << (o.day % runDays) }

// mergedKey is where a run keeps what it is made of: a line with the number of rows, then a
// line an origin with its day, its input and its segment, in the order of their numbers.
const mergedKey = "tally-run"

func (m *merged) format() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d\n", m.rows)
	for _, o := range m.origins {
		fmt.Fprintf(&b, "%d %d %s\n", o.day, o.input, o.segment)
	}
	return b.String()
}

// parseMerged reads what format wrote; nil where a segment is not a run.
func parseMerged(text string) (*merged, error) {
	if text == "" {
		return nil, nil
	}
	first, rest, _ := strings.Cut(text, "\n")
	rows, err := strconv.ParseInt(first, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("count: run of %.80q rows: %w", first, err)
	}
	m := &merged{rows: rows}
	for line := range strings.Lines(rest) {
		o, err := parseOrigin(strings.TrimSuffix(line, "\n"))
		if err != nil {
			return nil, err
		}
		m.origins = append(m.origins, o)
		m.all |= o.bit()
	}
	return m, nil
}

func parseOrigin(line string) (origin, error) {
	fields := strings.SplitN(line, " ", 3)
	if len(fields) == 3 {
		day, dayErr := strconv.ParseInt(fields[0], 10, 32)
		input, err := strconv.ParseUint(fields[1], 10, 32)
		if dayErr == nil && err == nil && day >= 0 {
			return origin{ts.Day(day), uint32(input), fields[2]}, nil
		}
	}
	return origin{}, fmt.Errorf("count: origin %.80q of a run: want a day, an input and a segment", line)
}
