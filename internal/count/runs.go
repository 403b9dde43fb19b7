package count

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
)

// A run is a merged copy of the segments of some 30 days, without what counting has no use
// of. Rows that then differ in nothing but the day and the records are one row of it: see
// fold. Victims that come back every day are met once. Runs are derived: they may be
// deleted at any time, and are named by what they are made of.

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

// planRuns divides segments into runs, by falling age. Segments of more than one day, and
// those alone in their time, are in no run.
func planRuns(segments []Segment) []run {
	byTime := make(map[ts.Day][]*Segment)
	var times []ts.Day
	for i := range segments {
		seg := &segments[i]
		if seg.FirstDay != seg.LastDay {
			continue
		}
		at := seg.FirstDay / runDays
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
	io.WriteString(h, "tally-run/v2\n")
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
// Where some do not, the run's rows cost about twice: what is within w must be told.
func (r *run) pays(w ts.Window, h *handle) bool {
	n := 0
	for _, seg := range r.segments {
		if overlaps(w, seg) {
			n++
		}
	}
	return n == len(r.segments) || 2*h.reader.NumRows()*int64(len(r.segments)) <= h.merged.rows*int64(n)
}

// within returns the segments that can have rows of the query's window: a run in the place
// of those it is made of, where the cache has it.
func (s *Scan) within(q *query) []*Segment {
	inRun := make(map[*Segment]bool)
	var list []*Segment
	if s.src.Runs != nil && !q.exactTimes() {
		for _, r := range s.runs {
			if one := r.segment(s.src.Runs); s.helps(&r, one, q) {
				list = append(list, one)
				for _, seg := range r.segments {
					inRun[seg] = true
				}
			}
		}
	}
	for i := range s.src.Segments {
		if seg := &s.src.Segments[i]; overlaps(q.Window, seg) && !inRun[seg] {
			list = append(list, seg)
		}
	}
	return list
}

// helps reports whether a run is there and better read than its segments. Where the window
// cuts it, what is within must be told of all pairs, even if one is asked for. That it
// cannot be opened is no error: it is a copy.
func (s *Scan) helps(r *run, one *Segment, q *query) bool {
	if !overlaps(q.Window, one) || q.By != nil && q.On != nil && !covers(q.Window, one) {
		return false
	}
	h, err := s.store.acquire(one)
	if err != nil {
		return false
	}
	pays := h.merged != nil && r.pays(q.Window, h)
	return h.release() == nil && pays
}

// readable reports whether a run can be opened.
func (s *Scan) readable(one *Segment) bool {
	h, err := s.store.acquire(one)
	return err == nil && h.release() == nil
}

// exactTimes reports whether times are asked for that runs do not keep: the day of each
// row, or half-hours of a class that is not kept by half-hours.
func (q *query) exactTimes() bool {
	m := &q.Measure
	return slices.Contains(q.Group, Date) ||
		(m.Member == measure.Contact || m.Member == measure.Attack) && !m.Class.Slotted()
}
