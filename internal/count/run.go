package count

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/place"
	"github.com/tallystick/tallystick/internal/segment"
)

// sink takes the rows that count, of one block after another, for one worker.
type sink interface {
	visit(v *view, rows []int32) error
}

// task is one row group to scan.
type task struct {
	h     *handle
	group int
	left  *atomic.Int32 // tasks of h not yet done
}

// scan gives the rows that keep the query's rules to sinks, one a worker, and returns them.
func scan[S sink](ctx context.Context, s *Scan, q *query, newSink func() S) ([]S, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	tasks := make(chan task)
	var done sync.WaitGroup
	sinks := make([]S, s.workers())
	for i := range sinks {
		sinks[i] = newSink()
		done.Go(func() {
			w := worker{q: q, sink: sinks[i]}
			for t := range tasks {
				if err := w.last(ctx, t); err != nil {
					stop(err)
				}
			}
		})
	}
	if err := s.feed(ctx, q, tasks); err != nil {
		stop(err)
	}
	close(tasks)
	done.Wait()
	return sinks, context.Cause(ctx)
}

func (s *Scan) workers() int {
	if s.opt.Workers > 0 {
		return s.opt.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// feed sends the tasks of the segments that can have rows of the window.
func (s *Scan) feed(ctx context.Context, q *query, tasks chan<- task) error {
	for i := range s.src.Segments {
		seg := &s.src.Segments[i]
		if !overlaps(q.Window, seg) {
			continue
		}
		h, err := s.store.acquire(seg)
		if err != nil {
			return err
		}
		if err := h.feed(ctx, tasks); err != nil {
			return err
		}
	}
	return nil
}

// feed sends one task a row group. Whoever ends the last of them releases h.
func (h *handle) feed(ctx context.Context, tasks chan<- task) error {
	groups := h.reader.Groups()
	if groups == 0 {
		return h.release()
	}
	left := new(atomic.Int32)
	left.Store(int32(groups))
	for g := range groups {
		select {
		case tasks <- task{h, g, left}:
		case <-ctx.Done():
			if left.Add(int32(g-groups)) == 0 {
				return joinRelease(ctx.Err(), h)
			}
			return ctx.Err()
		}
	}
	return nil
}

func overlaps(w ts.Window, seg *Segment) bool {
	return w.All() || seg.FirstDay < w.To && w.From <= seg.LastDay
}

// worker scans row groups, one after another.
type worker struct {
	q       *query
	sink    sink
	view    view
	chooser chooser
}

// last does a task and, after the last of its segment, releases that.
func (w *worker) last(ctx context.Context, t task) error {
	err := w.task(ctx, t)
	if t.left.Add(-1) == 0 {
		err = joinRelease(err, t.h)
	}
	return err
}

func (w *worker) task(ctx context.Context, t task) error {
	cursor, err := t.h.cursor()
	if err != nil {
		return err
	}
	defer t.h.putBack(cursor)
	return w.group(ctx, t, cursor)
}

func (w *worker) group(ctx context.Context, t task, cursor *segment.Cursor) error {
	b, err := bind(w.q, t.h, t.group, cursor)
	if err != nil || b.never {
		return err
	}
	blocks := t.h.reader.Blocks(t.group)
	for i := range blocks {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !w.q.reaches(&blocks[i]) {
			continue
		}
		w.view.turn(b, cursor, &blocks[i])
		rows := w.chooser.choose(&w.view, 0, blocks[i].Rows)
		if w.view.err == nil && len(rows) > 0 {
			w.view.err = w.sink.visit(&w.view, rows)
		}
		if w.view.err != nil {
			return w.view.err
		}
	}
	return nil
}

// reaches reports whether the block can hold a pair that is asked for.
func (q *query) reaches(b *segment.Block) bool {
	return q.Verdict != place.First || inRange(q.By, b.By) && inRange(q.On, b.On)
}

func inRange(group []ts.Country, r segment.Range) bool {
	for _, c := range group {
		if r.Min <= c && c <= r.Max {
			return true
		}
	}
	return group == nil
}
