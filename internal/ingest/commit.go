package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
)

// flush seals the batch and commits it. The entries are planned while the ledger is
// locked: where another writer has committed bytes that the batch may hold too, all of
// the batch is stale, and its sources are read again.
func (b *builder) flush() error {
	pending := b.judged
	if b.ingest.Supersede {
		pending = b.judged.with(b.batch.parts)
	}
	if len(b.batch.records) == 0 && len(pending) == len(b.judged) {
		b.settle()
		return nil
	}
	sealed, err := b.seal()
	if err != nil {
		return err
	}
	var met []Dropped
	var entries [][]byte
	var superseded []uint64
	head, err := b.ingest.Ledger.Commit(func(ledger.Head) ([][]byte, error) {
		if met, err = b.look(); err != nil || len(met) > 0 {
			return nil, err
		}
		superseded = pending.complete(b.view)
		entries, err = b.entries(sealed, superseded)
		return entries, err
	})
	if err != nil {
		err = fmt.Errorf("commit: %w", err)
	}
	if err != nil && !errors.Is(err, ledger.ErrCommitted) {
		return err // nothing of the batch becomes part of the result
	}
	defer b.settle()
	if len(met) > 0 {
		b.drop(met)
		return nil
	}
	for i := range uint64(len(entries)) {
		b.own[head.Size-1-i] = true
	}
	b.judged = pending
	b.result.Rows += sealed.rows
	b.result.Segments += len(sealed.segments)
	b.result.Superseded = append(b.result.Superseded, superseded...)
	return errors.Join(err, b.writeAside(head.Size-uint64(len(entries)-firstBatch(entries))))
}

// firstBatch returns which of the entries is the first batch; there is one.
func firstBatch(entries [][]byte) int {
	return slices.IndexFunc(entries, func(entry []byte) bool { return bytes.HasPrefix(entry, []byte(evidence.TypeBatch+"\n")) })
}

// look reads what was committed since, and returns the inputs of the batch that other
// writers may have committed after this pass began, when known was made.
func (b *builder) look() ([]Dropped, error) {
	if err := b.view.Extend(b.ingest.Ledger); err != nil {
		return nil, err
	}
	var met []Dropped
	for i := b.seen; i < len(b.view.Batches); i++ {
		theirs := &b.view.Batches[i]
		if b.own[theirs.Index] {
			continue
		}
		for j := range b.batch.records {
			if r := &b.batch.records[j]; b.holds(theirs, r) {
				met = append(met, Dropped{Name: r.Name, Entry: theirs.Index})
			}
		}
	}
	return met, nil
}

// holds reports whether a batch may hold bytes of an input of this one, or forbid them.
func (b *builder) holds(theirs *evidence.Batch, r *record) bool {
	return slices.ContainsFunc(theirs.Inputs, func(in evidence.Input) bool {
		sensor := &ts.Sensor{Name: r.Sensor, Named: r.Named}
		switch b.relate(&in, theirs.Rules, r.Declared, sensor) {
		case same, rival:
			return mayBegin(r.head, in.Head)
		default:
			return false
		}
	})
}

// mayBegin reports whether what begins with m may also begin with head. Of a short
// input that may have grown, nothing is known.
func mayBegin(head []byte, m evidence.Mark) bool {
	if n := uint64(len(head)); m.Offset > n {
		return n < evidence.HeadBytes
	}
	return markOf(head[:m.Offset]) == m
}

// drop makes the sources of the batch stale.
func (b *builder) drop(met []Dropped) {
	b.result.Dropped = append(b.result.Dropped, met...)
	for i := range b.batch.parts {
		b.stale[b.batch.parts[i].source] = true
	}
}

// entries returns what is appended to the ledger for a sealed batch: declarations that
// are new, then the batches. A batch supersedes one other; where there are more to be
// superseded than batches, empty ones follow.
func (b *builder) entries(s *sealed, superseded []uint64) ([][]byte, error) {
	entries, err := s.declarations(b.view)
	if err != nil {
		return nil, err
	}
	chunks := slices.Collect(slices.Chunk(s.segments, evidence.MaxSegments))
	if len(chunks) == 0 && len(s.inputs) > 0 {
		chunks = [][]ts.Digest{nil}
	}
	for i := range max(len(chunks), len(superseded)) {
		var old *uint64
		var inputs, segments []ts.Digest
		if i < len(superseded) {
			old = &superseded[i]
		}
		if i < len(chunks) {
			inputs, segments = s.inputs, chunks[i]
		}
		entry, err := evidence.FormatBatch(b.rules, old, inputs, segments)
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry)
	}
	return entries, nil
}

// declarations returns the sensor and place entries that the ledger does not hold yet.
func (s *sealed) declarations(view *evidence.View) ([][]byte, error) {
	var entries [][]byte
	for _, sensor := range s.sensors {
		entry, err := evidence.FormatSensor(sensor)
		if err != nil {
			return nil, fmt.Errorf("sensor %q: %w", sensor.Name, err)
		}
		if old, ok := view.Sensors[sensor.Name]; ok {
			if text, err := evidence.FormatSensor(&old.Sensor); err == nil && slices.Equal(text, entry) {
				continue
			}
		}
		entries = append(entries, entry)
	}
	for _, e := range s.editions {
		if slices.Contains(view.Places, e) {
			continue
		}
		entry, err := evidence.FormatEdition(e)
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry)
	}
	return entries, nil
}
