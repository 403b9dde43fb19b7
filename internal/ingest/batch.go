package ingest

import (
	"errors"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
)

// batch is what is committed together, as far as it is gathered.
type batch struct {
	rows    *merged
	parts   []part // without their sightings, in order
	records []record
	sensors []*ts.Sensor
}

// record is an input of a batch. Parts of one source, one behind the other, are one.
type record struct {
	evidence.Input
	source int
	head   []byte
}

func (g *Ingest) batchRows() int {
	if g.BatchRows > 0 {
		return g.BatchRows
	}
	return DefaultBatchRows
}

// partRows bounds the merged sightings of a part, several of which wait in memory.
func (g *Ingest) partRows() int { return max(g.batchRows()/8, 1) }

// take adds a part to the batch, which is committed when it is full.
func (b *builder) take(p part) error {
	if b.stale[p.source] || b.stale[p.base] {
		b.stale[p.source] = true
		return nil
	}
	if p.grows() && !b.batch.fits(&p) {
		if err := b.flush(); err != nil {
			return err
		}
		if b.stale[p.source] || b.stale[p.base] { // by what was flushed
			b.stale[p.source] = true
			return nil
		}
	}
	b.batch.add(p)
	if b.batch.rows.len() >= b.ingest.batchRows() {
		return b.flush()
	}
	return nil
}

// fits reports whether a batch with p has not too many inputs, and says one thing only
// of every sensor.
func (a *batch) fits(p *part) bool {
	return len(a.records) < evidence.MaxInputs && !slices.ContainsFunc(a.records, func(r record) bool {
		return r.Sensor == p.input.Sensor && r.Declared != p.input.Declared
	})
}

func (a *batch) add(p part) {
	if p.grows() {
		a.extend(&p)
		if a.rows == nil {
			a.rows = newMerged(p.sightings.seed)
		}
		a.rows.addAll(p.sightings, uint32(len(a.records)-1))
	}
	p.sightings = nil
	a.parts = append(a.parts, p)
}

// extend adds the input of a part, or extends the one that it continues.
func (a *batch) extend(p *part) {
	if n := len(a.records); n > 0 && a.records[n-1].source == p.source {
		last := &a.records[n-1]
		last.Marks = join(last.Marks, last.To, p.input.Marks)
		last.Again = slices.Concat(last.Again, p.input.Again)
		last.Again = last.Again[:min(len(last.Again), evidence.MaxAgain)]
		last.To, last.Resume = p.input.To, p.input.Resume
		last.Days = union(last.Days, p.input.Days)
		last.Tally = last.Tally.Plus(p.input.Tally) // a new map: the part keeps its own
		return
	}
	a.records = append(a.records, record{Input: p.input, source: p.source, head: p.head})
	if !slices.ContainsFunc(a.sensors, func(s *ts.Sensor) bool { return s.Name == p.sensor.Name }) {
		a.sensors = append(a.sensors, p.sensor)
	}
}

// settle empties the batch into the result. What another writer made stale will be
// read again.
func (b *builder) settle() {
	live := map[uint64]bool{}
	for old := range b.view.Live() {
		live[old.Index] = true
	}
	for i := range b.batch.parts {
		if p := &b.batch.parts[i]; !b.stale[p.source] {
			b.result.Inputs[p.source].add(p)
			b.result.Inputs[p.source].redeclared(p, live)
		}
	}
	b.batch = batch{}
}

// redeclared notes which live batches hold bytes of the part for another declaration.
func (r *InputResult) redeclared(p *part, live map[uint64]bool) {
	if len(p.again) == 0 {
		return
	}
	declared, err := declaration(p.sensor)
	if err != nil {
		return // then nothing was read
	}
	for _, c := range p.again {
		if c.input.Declared != declared && live[c.entry] && !slices.Contains(r.Redeclared, c.entry) {
			r.Redeclared = append(r.Redeclared, c.entry)
		}
	}
}

// inside notes what the part may hold twice.
func (r *InputResult) inside(p *part) {
	if p.inside == nil || p.input.Tally.Read == 0 { // headers alone are alike everywhere
		return
	}
	if r.Twice == nil {
		r.Twice = &Twice{Name: p.inside.input.Name, Entry: p.inside.entry, Here: p.inside.source != committed}
	}
	r.Twice.Tally.Add(p.input.Tally)
	r.Twice.Bytes += p.input.To.Offset - p.input.From.Offset
}

// plus adds counts to a sum, which is nil until there are some.
func plus(sum, counts map[string]uint64) map[string]uint64 {
	for word, n := range counts {
		if sum == nil {
			sum = map[string]uint64{}
		}
		sum[word] += n
	}
	return sum
}

func (r *InputResult) add(p *part) {
	if p.grows() {
		r.Format = p.input.Format
		r.Tally.Add(p.input.Tally)
		r.Mute = plus(r.Mute, p.mute)
		r.Bytes += p.input.To.Offset - p.input.From.Offset
		r.inside(p)
	}
	r.Known = p.known && r.Bytes == 0
	r.Skipped = append(r.Skipped, p.skipped...)
	r.Err = errors.Join(r.Err, p.err)
}
