package count

import (
	"context"
	"iter"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/segment"
)

// Rows yields the rows that count, as they were committed: segment after segment, in the
// order of their leaves. Rows of one sighting that stand in several segments are not
// merged; Group has no use. Memory is bound by the rows of one block.
func (s *Scan) Rows(ctx context.Context, question Question) iter.Seq2[ts.Row, error] {
	return func(yield func(ts.Row, error) bool) {
		q, err := s.ask(ctx, question)
		if err != nil {
			yield(ts.Row{}, err)
			return
		}
		cursor, err := s.store.cursor()
		if err != nil {
			yield(ts.Row{}, err)
			return
		}
		defer s.store.putBack(cursor)
		out := &rowSink{yield: yield}
		w := worker{q: q, sink: out, cursor: cursor}
		for i := range s.src.Segments {
			if err := s.segmentRows(ctx, &w, &s.src.Segments[i]); err != nil {
				if !out.stopped {
					yield(ts.Row{}, err)
				}
				return
			}
		}
	}
}

// segmentRows scans one segment, row group after row group.
func (s *Scan) segmentRows(ctx context.Context, w *worker, seg *Segment) error {
	if !overlaps(w.q.Window, seg) {
		return nil
	}
	h, err := s.store.acquire(seg)
	if err != nil {
		return err
	}
	for g := range h.reader.Groups() {
		if err = w.piece(ctx, piece{h, g}, w.q.asked()); err != nil {
			break
		}
	}
	return joinRelease(err, h)
}

// rowSink yields whole rows.
type rowSink struct {
	yield   func(ts.Row, error) bool
	stopped bool
}

// stopError ends a scan whose reader wants no more.
type stopError struct{}

func (stopError) Error() string { return "count: no more rows are wanted" }

func (o *rowSink) visit(v *view, rows []int32) error {
	dictionary := func(col segment.Column) (*segment.Dictionary, error) { return v.b.dictionary(v.cursor, col) }
	whole, err := v.cursor.Gather(v.block, rows, dictionary)
	if err != nil {
		return err
	}
	for i := range whole {
		if !o.yield(whole[i], nil) {
			o.stopped = true
			return stopError{}
		}
	}
	return nil
}

func (o *rowSink) ended() {}
