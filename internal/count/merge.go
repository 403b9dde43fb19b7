package count

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/segment"
)

// BuildRuns makes every run that the cache does not have. It holds a block of rows and
// some pages of each of at most 128 segments, and a row group of the run as it is written.
func (s *Scan) BuildRuns(ctx context.Context) error {
	if s.src.Runs == nil {
		return errors.New("count: no cache to keep runs in")
	}
	for _, r := range s.runs {
		one := r.segment(s.src.Runs)
		if s.readable(one) {
			continue
		}
		if err := s.src.Runs.Create(one.Name, func(w io.Writer) error { return s.merge(ctx, w, r.segments) }); err != nil {
			return fmt.Errorf("count: run of %d segments from %s: %w", len(r.segments), one.FirstDay, err)
		}
	}
	return nil
}

// merge writes the run of segments.
func (s *Scan) merge(ctx context.Context, w io.Writer, segments []*Segment) (err error) {
	var queue mergeQueue
	defer func() {
		for _, m := range queue {
			m.stop()
		}
	}()
	out, made := segment.NewWriter(w), &merged{}
	for _, seg := range segments {
		h, err := s.store.acquire(seg)
		if err != nil {
			return err
		}
		defer func() { err = joinRelease(err, h) }()
		inputs, err := s.inputs(h)
		if err != nil {
			return err
		}
		queue = append(queue, newMerging(seg.FirstDay, h.reader.Rows(), inputs, len(made.origins)))
		made.rows += h.reader.NumRows()
		for _, input := range inputs {
			made.origins = append(made.origins, origin{seg.FirstDay, input, seg.Name})
		}
	}
	out.SetMeta(mergedKey, made.format())
	if err := queue.drain(ctx, &fold{origins: made.origins}, out); err != nil {
		return err
	}
	return out.Close()
}

// inputs returns the inputs of a segment's rows, in rising order.
func (s *Scan) inputs(h *handle) ([]uint32, error) {
	cursor, err := s.store.cursor()
	if err != nil {
		return nil, err
	}
	defer s.store.putBack(cursor)
	var list []uint32
	for g := range h.reader.Groups() {
		d, err := h.dictionary(cursor, g, segment.Input)
		if err != nil {
			return nil, err
		}
		for _, n := range d.Numbers {
			list = append(list, uint32(n))
		}
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// merging is one segment being merged: its next row, stripped, and what was stripped of it
// that counts.
type merging struct {
	row    ts.Row
	entry  entry
	day    ts.Day
	next   func() (ts.Row, error, bool)
	stop   func()
	inputs []uint32
	base   int // number of its first input in the run
}

func newMerging(day ts.Day, rows iter.Seq2[ts.Row, error], inputs []uint32, base int) *merging {
	m := &merging{day: day, inputs: inputs, base: base}
	m.next, m.stop = iter.Pull2(rows)
	return m
}

// advance reads the next row; ok is false behind the last.
func (m *merging) advance() (ok bool, err error) {
	m.row, err, ok = m.next()
	if !ok || err != nil {
		return false, err
	}
	n, known := slices.BinarySearch(m.inputs, m.row.At.Input)
	if !known {
		return false, fmt.Errorf("input %d is not in the segment's dictionary", m.row.At.Input)
	}
	if day := m.row.Day(); day != m.day {
		return false, fmt.Errorf("row of %s in a segment of %s", day, m.day)
	}
	m.entry = entry{uint32(m.base + n), 1, m.row.Records}
	strip(&m.row, m.entry)
	return true, nil
}

// mergeQueue gives the least row of all segments first.
type mergeQueue []*merging

func (q mergeQueue) Len() int           { return len(q) }
func (q mergeQueue) Less(i, j int) bool { return segment.Compare(&q[i].row, &q[j].row) < 0 }
func (q mergeQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *mergeQueue) Push(x any)        { *q = append(*q, x.(*merging)) }

func (q *mergeQueue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// mergeRows is how many rows go to the writer at once.
const mergeRows = segment.BlockRows / 4

// drain writes all rows, and leaves in the queue what still must be stopped.
func (q *mergeQueue) drain(ctx context.Context, f *fold, out *segment.Writer) error {
	if err := q.start(); err != nil {
		return err
	}
	for q.Len() > 0 {
		least := (*q)[0]
		f.add(&least.row, least.entry)
		if err := q.advance(least); err != nil {
			return err
		}
		if q.Len() == 0 {
			f.flush()
		} else if len(f.ready) < mergeRows {
			continue
		}
		if err := errors.Join(ctx.Err(), out.Write(f.ready)); err != nil {
			return err
		}
		f.ready = f.ready[:0]
	}
	return nil
}

// start reads the first row of each segment.
func (q *mergeQueue) start() error {
	for _, m := range slices.Clone(*q) {
		ok, err := m.advance()
		if err != nil {
			return err
		}
		if !ok {
			m.stop()
			*q = slices.DeleteFunc(*q, func(o *merging) bool { return o == m })
		}
	}
	heap.Init(q)
	return nil
}

// advance moves on the segment at the head of the queue.
func (q *mergeQueue) advance(head *merging) error {
	ok, err := head.advance()
	if err != nil {
		return err
	}
	if ok {
		heap.Fix(q, 0)
	} else {
		head.stop()
		heap.Pop(q)
	}
	return nil
}
