package count

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
)

// A run is a merged copy of the segments of some 30 days, without what counting has no use
// of. Victims that come back every day stand together in it, and are met once. Runs are
// derived: they may be deleted at any time, and are named by what they are made of.

// Cache keeps runs.
type Cache interface {
	// Open returns a run, or an error where it is not there.
	Open(name string) (File, error)
	// Create makes a run from what write writes: wholly or not at all.
	Create(name string, write func(io.Writer) error) error
}

// runDays is how many days share a run, from 1970 on; maxMerged how many segments. Days
// with more of them have several runs.
const (
	runDays   = 30
	maxMerged = 128
)

// run is what a run is made of.
type run struct{ segments []*Segment }

// planRuns divides segments into runs, by falling age. Segments over the border of two
// times, and those alone in theirs, are in no run.
func planRuns(segments []Segment) []run {
	byTime := make(map[ts.Day][]*Segment)
	var times []ts.Day
	for i := range segments {
		seg := &segments[i]
		at := seg.FirstDay / runDays
		if at != seg.LastDay/runDays {
			continue
		}
		if byTime[at] == nil {
			times = append(times, at)
		}
		byTime[at] = append(byTime[at], seg)
	}
	slices.Sort(times)
	var runs []run
	for _, at := range times {
		list := byTime[at]
		slices.SortFunc(list, func(a, b *Segment) int {
			return cmp.Or(cmp.Compare(a.FirstDay, b.FirstDay), cmp.Compare(a.Name, b.Name))
		})
		for part := range slices.Chunk(list, maxMerged) {
			if len(part) > 1 {
				runs = append(runs, run{part})
			}
		}
	}
	return runs
}

// name is the digest of the segments' names.
func (r *run) name() string {
	h := sha256.New()
	io.WriteString(h, "tally-run/v1\n")
	for _, seg := range r.segments {
		fmt.Fprintf(h, "%s\n", seg.Name)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// segment is the run as a segment of the cache.
func (r *run) segment(c Cache) *Segment {
	name := r.name()
	one := &Segment{Name: name, FirstDay: r.segments[0].FirstDay, Open: func() (File, error) { return c.Open(name) }}
	for _, seg := range r.segments {
		one.LastDay = max(one.LastDay, seg.LastDay)
		one.Rows += seg.Rows
	}
	return one
}

// pays reports whether reading the run is less than reading its segments that overlap w.
func (r *run) pays(w ts.Window) bool {
	n := 0
	for _, seg := range r.segments {
		if overlaps(w, seg) {
			n++
		}
	}
	return 2*n > len(r.segments)
}

// within returns the segments that can have rows of the query's window: a run in the place
// of those it is made of, where the cache has it.
func (s *Scan) within(q *query) []*Segment {
	merged := make(map[*Segment]bool)
	var list []*Segment
	if s.src.Runs != nil && !q.exactTimes() {
		for _, r := range s.runs {
			if one := r.segment(s.src.Runs); r.pays(q.Window) && s.readable(one) {
				list = append(list, one)
				for _, seg := range r.segments {
					merged[seg] = true
				}
			}
		}
	}
	for i := range s.src.Segments {
		if seg := &s.src.Segments[i]; overlaps(q.Window, seg) && !merged[seg] {
			list = append(list, seg)
		}
	}
	return list
}

// readable reports whether a run can be opened. That it cannot is no error: it is a copy.
func (s *Scan) readable(one *Segment) bool {
	h, err := s.store.acquire(one)
	return err == nil && h.release() == nil
}

// exactTimes reports whether members need times that runs do not keep: half-hours of a
// class that is not kept by half-hours.
func (q *query) exactTimes() bool {
	m := &q.Measure
	return (m.Member == measure.Contact || m.Member == measure.Attack) && !m.Class.Slotted()
}

// origin is where the rows of a run with one input number come from.
type origin struct {
	segment string
	input   uint32
}

// originsKey is where a run keeps its origins, in the order of their numbers: lines of
// segment and input.
const originsKey = "tally-run-origins"

func formatOrigins(list []origin) string {
	var b strings.Builder
	for _, o := range list {
		fmt.Fprintf(&b, "%d %s\n", o.input, o.segment)
	}
	return b.String()
}

// parseOrigins reads what formatOrigins wrote; "" where a segment is not a run.
func parseOrigins(text string) ([]origin, error) {
	var list []origin
	for line := range strings.Lines(text) {
		number, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		input, err := strconv.ParseUint(number, 10, 32)
		if !ok || err != nil {
			return nil, fmt.Errorf("count: origin %.80q of a run: want an input and a segment", line)
		}
		list = append(list, origin{name, uint32(input)})
	}
	return list, nil
}
