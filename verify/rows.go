package verify

import (
	"errors"
	"fmt"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// evidence is the committed rows of live batches.
type evidence struct {
	ledger   Ledger
	history  *history
	segments []proof.Manifest
	batches  uint64
	rules    []string // of live batches, in order
	rows     uint64   // by the manifests
}

// readManifests reads the manifests of live batches, and compares them with their digests.
func readManifests(l Ledger, h *history) (*evidence, error) {
	e := &evidence{ledger: l, history: h}
	for _, b := range h.batches {
		if h.superseded[b.index] {
			continue
		}
		e.batches++
		e.rules = append(e.rules, b.rules)
		for _, d := range b.manifests {
			if err := e.readManifest(d); err != nil {
				return nil, fmt.Errorf("batch of entry %d, manifest %s: %w", b.index, d, err)
			}
		}
	}
	return e, nil
}

var errSchema = errors.New("rows of a schema that is not known here")

func (e *evidence) readManifest(d ts.Digest) error {
	text, err := e.ledger.Record(d)
	if err != nil {
		return err
	}
	if ts.DigestOf(text) != d {
		return errors.New("the manifest is not the one that was committed")
	}
	m, err := proof.ParseManifest(text)
	if err != nil {
		return err
	}
	if m.Schema != proof.SchemaDigest() {
		return fmt.Errorf("%w: %s", errSchema, m.Schema)
	}
	e.segments = append(e.segments, m)
	e.rows += m.Rows
	return nil
}

// chunk is how many rows are read ahead at once.
const chunk = 512

// each calls visit for every row, and fails with the first segment that is not what was
// committed. Rows are read and hashed ahead, one chunk, while others are visited.
func (e *evidence) each(visit func(*ts.Row)) error {
	chunks, free := make(chan []ts.Row, 2), make(chan []ts.Row, 4)
	failed := make(chan error, 1)
	go func() {
		defer close(chunks)
		failed <- e.read(chunks, free)
	}()
	for rows := range chunks {
		for i := range rows {
			visit(&rows[i])
		}
		select {
		case free <- rows[:0]:
		default:
		}
	}
	return <-failed
}

func (e *evidence) read(chunks chan<- []ts.Row, free <-chan []ts.Row) error {
	next := func() []ts.Row {
		select {
		case rows := <-free:
			return rows
		default:
			return make([]ts.Row, 0, chunk)
		}
	}
	rows := next()
	for i := range e.segments {
		err := e.segment(&e.segments[i], func(row *ts.Row) {
			if rows = append(rows, *row); len(rows) == chunk {
				chunks <- rows
				rows = next()
			}
		})
		if err != nil {
			return fmt.Errorf("segment %x: %w", e.segments[i].Segment, err)
		}
	}
	chunks <- rows
	return nil
}

var errRows = errors.New("the rows are not those that were committed")

func (e *evidence) segment(m *proof.Manifest, visit func(*ts.Row)) error {
	var tree proof.RowTree
	var line []byte
	for row, err := range e.ledger.Rows(m.First, m.File, m.Segment) {
		if err == nil {
			err = checkRow(&row.Row, m)
		}
		if err != nil {
			return err
		}
		if tree.Len() == m.Rows {
			return errRows
		}
		if line = row.Row.AppendLine(line[:0]); len(line) > ts.MaxLine {
			return fmt.Errorf("row of %d bytes: more than %d", len(line), ts.MaxLine)
		}
		tree.Append(proof.RowLeaf(row.Salt, line))
		visit(&row.Row)
	}
	if tree.Len() != m.Rows || tree.Root() != m.RowRoot {
		return errRows
	}
	return nil
}

// checkRow refuses a row that has no canonical line, or that its manifest says is not here.
func checkRow(r *ts.Row, m *proof.Manifest) error {
	switch {
	case r.Class < ts.Attempt || r.Class > ts.Spyware || r.Grade < ts.LookedUp || r.Grade > ts.Established:
		return fmt.Errorf("row of class %d and grade %d", r.Class, r.Grade)
	case r.First < 0 || r.Last < r.First:
		return fmt.Errorf("row from second %d to %d", r.First, r.Last)
	case r.Day() < m.First || r.Day() > m.Last:
		return fmt.Errorf("row of %s among those from %s to %s", r.Day(), m.First, m.Last)
	}
	return nil
}

// Rows checks that every row of every live batch is one that the ledger committed to,
// and returns how many there are in how many segments.
func Rows(l Ledger) (rows uint64, segments int, err error) {
	h, err := readHistory(l, maxEntries)
	if err != nil {
		return 0, 0, fmt.Errorf("ledger %w", err)
	}
	e, err := readManifests(l, h)
	if err != nil {
		return 0, 0, err
	}
	if err := e.each(func(*ts.Row) {}); err != nil {
		return 0, 0, err
	}
	return e.rows, len(e.segments), nil
}
