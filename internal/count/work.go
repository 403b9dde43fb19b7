package count

import (
	"context"
	"errors"
	"runtime"
	"sync"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/place"
	"github.com/tallystick/tallystick/internal/segment"
)

// sink takes the rows that count, of one block after another, for one worker.
type sink interface {
	visit(v *view, rows []int32) error
	// ended says that a task is done, and with it what the task alone has groups of.
	ended()
}

// task is what one worker does at once: one row group, or one stretch of pairs through
// all row groups.
type task struct {
	of     stretch
	pieces []piece
}

// piece is one row group.
type piece struct {
	h     *handle
	group int
}

// scan gives the rows that keep the query's rules to sinks, one a worker, and returns them.
func scan[S sink](ctx context.Context, s *Scan, q *query, newSink func() S) ([]S, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	segments := s.within(q)
	q.stretched = q.paired() && q.asked() == everyPair && len(segments) <= maxOpen
	tasks := make(chan task)
	var done sync.WaitGroup
	sinks := make([]S, s.workers())
	for i := range sinks {
		sinks[i] = newSink()
		done.Go(func() { s.work(ctx, stop, &worker{q: q, sink: sinks[i]}, tasks) })
	}
	if err := s.feed(ctx, q, segments, tasks); err != nil {
		stop(err)
	}
	close(tasks)
	done.Wait()
	return sinks, context.Cause(ctx)
}

// feed sends tasks that together are every row group of the segments.
func (s *Scan) feed(ctx context.Context, q *query, segments []*Segment, tasks chan<- task) error {
	if q.stretched {
		return s.feedStretches(ctx, q, segments, tasks)
	}
	for _, seg := range segments {
		h, err := s.store.acquire(seg)
		if err != nil {
			return err
		}
		for _, p := range h.pieces() {
			send(ctx, tasks, task{q.asked(), []piece{p}})
		}
		if err := h.release(); err != nil {
			return err
		}
	}
	return nil
}

// feedStretches sends a task a stretch of pairs, each with all row groups.
func (s *Scan) feedStretches(ctx context.Context, q *query, segments []*Segment, tasks chan<- task) error {
	var handles []*handle
	var pieces []piece
	var err error
	for _, seg := range segments {
		h, failed := s.store.acquire(seg)
		if err = failed; err != nil {
			break
		}
		handles, pieces = append(handles, h), append(pieces, h.pieces()...)
	}
	if err == nil {
		for _, of := range stretches(pieces, s.stretchRows(q, segments)) {
			send(ctx, tasks, task{of, pieces})
		}
	}
	for _, h := range handles {
		err = joinRelease(err, h)
	}
	return err
}

// send hands a task to a worker, who releases its segments.
func send(ctx context.Context, tasks chan<- task, t task) {
	for _, p := range t.pieces {
		p.h.users.Add(1)
	}
	select {
	case tasks <- t:
	case <-ctx.Done():
		// The scan has failed or is given up: what a release says adds nothing.
		_ = t.release()
	}
}

func (t *task) release() error {
	var err error
	for _, p := range t.pieces {
		err = joinRelease(err, p.h)
	}
	return err
}

// work does tasks until there are no more. After an error it stops the scan, and only
// releases what still comes.
func (s *Scan) work(ctx context.Context, stop context.CancelCauseFunc, w *worker, tasks <-chan task) {
	cursor, err := s.store.cursor()
	if err == nil {
		w.cursor = cursor
		defer s.store.putBack(cursor)
	}
	for t := range tasks {
		if err == nil {
			err = w.task(ctx, t)
			w.sink.ended()
		}
		if err = errors.Join(err, t.release()); err != nil {
			stop(err)
		}
	}
}

func (s *Scan) workers() int {
	if s.opt.Workers > 0 {
		return s.opt.Workers
	}
	return runtime.GOMAXPROCS(0)
}

func overlaps(w ts.Window, seg *Segment) bool {
	return w.All() || seg.FirstDay < w.To && w.From <= seg.LastDay
}

func covers(w ts.Window, seg *Segment) bool {
	return w.All() || w.From <= seg.FirstDay && seg.LastDay < w.To
}

// worker scans row groups, one after another.
type worker struct {
	q       *query
	sink    sink
	cursor  *segment.Cursor
	view    view
	chooser chooser
}

func (w *worker) task(ctx context.Context, t task) error {
	for _, p := range t.pieces {
		if err := w.piece(ctx, p, t.of); err != nil {
			return err
		}
	}
	return nil
}

func (w *worker) piece(ctx context.Context, p piece, of stretch) error {
	b, err := bind(w.q, p.h, p.group, w.cursor)
	if err != nil || b.never {
		return err
	}
	blocks := p.h.reader.Blocks(p.group)
	for i := range blocks {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !w.q.reaches(&blocks[i]) || !of.touches(&blocks[i]) {
			continue
		}
		w.view.turn(b, w.cursor, &blocks[i])
		if err := w.block(of); err != nil {
			return err
		}
	}
	return nil
}

// block scans the rows of a stretch in the block in view.
func (w *worker) block(of stretch) error {
	from, to := of.rows(&w.view)
	rows := w.chooser.choose(&w.view, from, to)
	if w.view.err != nil || len(rows) == 0 {
		return w.view.err
	}
	return w.sink.visit(&w.view, rows)
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
