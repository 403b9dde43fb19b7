package count

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"github.com/tallystick/tallystick/internal/segment"
)

// maxOpen bounds the segments kept open between questions, maxKept the values of a
// dictionary kept with them.
const (
	maxOpen = 256
	maxKept = 1 << 16
)

// store keeps segments open between questions, and the cursors of workers.
type store struct {
	mu   sync.Mutex
	open map[string]*handle
	free []*segment.Cursor
}

// handle is an open segment.
type handle struct {
	name   string
	reader *segment.Reader
	file   File
	kept   bool
	users  atomic.Int32 // who will release it
	merged *merged      // of a run; nil where it is none

	mu    sync.Mutex
	dicts map[dictKey]*segment.Dictionary
}

// dictKey names one column of one row group.
type dictKey struct {
	group int
	col   segment.Column
}

// acquire opens a segment, or returns it where it is open; whoever acquires it releases
// it.
func (s *store) acquire(seg *Segment) (*handle, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h := s.open[seg.Name]; h != nil {
		h.users.Add(1)
		return h, nil
	}
	file, err := seg.Open()
	if err != nil {
		return nil, fmt.Errorf("count: segment %s: %w", seg.Name, err)
	}
	reader, err := segment.Open(file, file.Size())
	if err != nil {
		return nil, fmt.Errorf("count: segment %s: %w", seg.Name, joinClose(err, file))
	}
	merged, err := parseMerged(reader.Meta(mergedKey))
	if err != nil {
		return nil, joinClose(err, file)
	}
	h := &handle{merged: merged, name: seg.Name, reader: reader, file: file, dicts: make(map[dictKey]*segment.Dictionary)}
	h.users.Add(1)
	if len(s.open) < maxOpen {
		s.open[seg.Name], h.kept = h, true
	}
	return h, nil
}

// release closes a segment that is not kept and has no other user.
func (h *handle) release() error {
	if h.users.Add(-1) > 0 || h.kept {
		return nil
	}
	return h.file.Close()
}

// pieces returns the row groups of h.
func (h *handle) pieces() []piece {
	var list []piece
	for g := range h.reader.Groups() {
		list = append(list, piece{h, g})
	}
	return list
}

// cursor returns a cursor that nobody else uses, to be put back.
func (s *store) cursor() (*segment.Cursor, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.free); n > 0 {
		c := s.free[n-1]
		s.free = s.free[:n-1]
		return c, nil
	}
	return segment.NewCursor()
}

// maxFree bounds the cursors kept for the next question.
const maxFree = 8

func (s *store) putBack(c *segment.Cursor) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.free) < maxFree {
		s.free = append(s.free, c)
	}
}

// dictionary returns a dictionary, which is kept if it is small.
func (h *handle) dictionary(c *segment.Cursor, group int, col segment.Column) (*segment.Dictionary, error) {
	h.mu.Lock()
	d := h.dicts[dictKey{group, col}]
	h.mu.Unlock()
	if d != nil {
		return d, nil
	}
	d, err := c.Dictionary(h.reader, group, col)
	if err == nil && d.Len() <= maxKept {
		h.mu.Lock()
		h.dicts[dictKey{group, col}] = d
		h.mu.Unlock()
	}
	return d, err
}

// Close closes the segments that are kept open. No question may be running.
func (s *store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	for _, h := range s.open {
		err = joinClose(err, h.file)
	}
	clear(s.open)
	return err
}

func joinClose(err error, c io.Closer) error { return errors.Join(err, c.Close()) }

func joinRelease(err error, h *handle) error { return errors.Join(err, h.release()) }
