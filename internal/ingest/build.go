package ingest

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
)

// builder gathers parts into a batch and commits it when it is full. It is owned by
// the goroutine of Run; workers use known only, and the fields that never change.
type builder struct {
	ingest *Ingest
	rules  ts.Digest
	known  *known
	view   *evidence.View // of the ledger, as far as it was read
	batch  []part         // of the next batch, in order
	rows   int            // sightings in batch
	result Result
}

func (g *Ingest) batchRows() int {
	if g.BatchRows > 0 {
		return g.BatchRows
	}
	return DefaultBatchRows
}

// take adds a part to the batch, and to the result of its source.
func (b *builder) take(p part, r *InputResult) error {
	r.Format = p.input.Format
	r.Tally.Add(p.input.Tally)
	r.Bytes += p.input.To.Offset - p.input.From.Offset
	r.Known = p.known
	r.Skipped = append(r.Skipped, p.skipped...)
	r.Err = errors.Join(r.Err, p.err)
	if p.known || p.input.To.Offset == p.input.From.Offset {
		return nil
	}
	b.batch = append(b.batch, p)
	b.rows += len(p.sightings)
	if b.rows >= b.ingest.batchRows() || len(b.batch) >= evidence.MaxInputs {
		return b.flush()
	}
	return nil
}

// flush seals the batch and commits it. The entries are planned while the ledger is
// locked: what another writer has committed in the meantime is dropped from the batch.
func (b *builder) flush() error {
	if len(b.batch) == 0 {
		return nil
	}
	parts := b.batch
	sealed, err := b.seal(parts)
	if err != nil {
		return err
	}
	planned := b.ingest.Ledger.Head()
	_, err = b.ingest.Ledger.Commit(func(head ledger.Head) ([][]byte, error) {
		if head.Size != planned.Size {
			rest, err := b.unknown(parts)
			if err != nil {
				return nil, err
			}
			if len(rest) < len(parts) {
				parts = rest
				if sealed, err = b.seal(parts); err != nil {
					return nil, err
				}
			}
		}
		return b.entries(sealed)
	})
	if err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	b.result.Rows += sealed.rows
	b.result.Segments += len(sealed.segments)
	b.batch, b.rows = nil, 0
	return nil
}

// unknown returns the parts that no committed batch holds, and says in the result
// which were dropped.
func (b *builder) unknown(parts []part) ([]part, error) {
	if err := b.view.Extend(b.ingest.Ledger); err != nil {
		return nil, err
	}
	var rest []part
	for _, p := range parts {
		if entry, ok := heldBy(b.view, b.rules, &p.input); ok {
			b.result.Dropped = append(b.result.Dropped, Dropped{Name: p.input.Name, Entry: entry})
			continue
		}
		rest = append(rest, p)
	}
	return rest, nil
}

// heldBy returns the batch that holds bytes of the input beyond its From.
func heldBy(view *evidence.View, rules ts.Digest, in *evidence.Input) (uint64, bool) {
	for batch, old := range view.Known() {
		if batch.Rules == rules && old.Head == in.Head && old.Declared == in.Declared &&
			old.From.Offset < in.To.Offset && in.From.Offset < old.To.Offset {
			return batch.Index, true
		}
	}
	return 0, false
}

// entries returns what is appended to the ledger for a sealed batch: declarations that
// are new, then the batches.
func (b *builder) entries(s *sealed) ([][]byte, error) {
	if len(s.inputs) == 0 {
		return nil, nil
	}
	if err := b.view.Extend(b.ingest.Ledger); err != nil {
		return nil, err
	}
	entries, err := s.declarations(b.view)
	if err != nil {
		return nil, err
	}
	supersedes := b.supersedes(s)
	for i := 0; i == 0 || i < len(s.segments); i += evidence.MaxSegments {
		chunk := s.segments[i:min(i+evidence.MaxSegments, len(s.segments))]
		entry, err := evidence.FormatBatch(b.rules, supersedes, s.inputs, chunk)
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry)
		supersedes = nil
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

// supersedes returns the newest live batch that s judges again as a whole, if that is
// wanted: every input of it is in s from its first byte on.
func (b *builder) supersedes(s *sealed) *uint64 {
	if !b.ingest.Supersede {
		return nil
	}
	var found *uint64
	for old := range b.view.Live() {
		if old.Rules != b.rules && s.covers(old) {
			index := old.Index
			found = &index
		}
	}
	if found != nil {
		b.result.Superseded = append(b.result.Superseded, *found)
	}
	return found
}

func (s *sealed) covers(old *evidence.Batch) bool {
	for i := range old.Inputs {
		in := &old.Inputs[i]
		if !slices.ContainsFunc(s.records, func(r evidence.Input) bool {
			return r.Head == in.Head && r.From.Offset <= in.From.Offset && r.To.Offset >= in.To.Offset
		}) {
			return false
		}
	}
	return len(old.Inputs) > 0
}

func hexOf(b []byte) string { return hex.EncodeToString(b) }
