// Package ingest knows the one pipeline by which telemetry enters a ledger: open,
// detect, merge, place, seal, append; and the Tally of every input. It must never know
// how a format is read, how a figure is counted, or HTTP.
package ingest

import (
	"context"
	"hash/maphash"
	"io"
	"time"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/intel"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/place"
)

// Source is one file to be read.
type Source struct {
	Name   string
	Size   int64 // bytes as stored, for progress; 0 unknown
	Sensor *ts.Sensor
	Open   func() (io.ReadCloser, error) // may be called more than once
}

// Ingest reads telemetry into a ledger.
type Ingest struct {
	Ledger    *ledger.Ledger
	Intel     *intel.Set
	Atlas     *place.Atlas
	Zone      *time.Location // of log times without one; nil refuses them
	Now       ts.Day         // records of later days bear ts.FlagClock
	Supersede bool           // batches judged again as a whole are superseded
	Workers   int            // files read at once; 0 is 1
	Progress  *Progress      // may be nil
	// BatchRows bounds the merged sightings held in memory; 0 is DefaultBatchRows.
	BatchRows int
}

// DefaultBatchRows keeps a batch, with its rows and segments, below half a gigabyte.
const DefaultBatchRows = 500_000

// Result is what an ingest did: what is not committed is not in it.
type Result struct {
	Inputs     []InputResult // in the order of the sources
	Dropped    []Dropped     // read, but another writer committed it meanwhile
	Rows       uint64        // committed
	Segments   int
	Superseded []uint64 // entries of batches
	Aside      []string // files below the ledger with skipped records
	Head       ledger.Head
}

// InputResult is what became of one source.
type InputResult struct {
	Name    string
	Sensor  string
	Format  string
	Tally   ts.Tally          // of the new part
	Bytes   uint64            // new, decompressed
	Known   bool              // nothing was new
	Mute    map[string]uint64 // new rows of reports whose type gives no sightings, by type
	Skipped []*ts.LineError   // the first few of each reason
	Err     error             // why the rest was not read; what came before it stands
	Twice   *Twice            // what may be known already, nil for nothing
	// Redeclared are the entries of live batches that hold bytes of it for another
	// declaration: until they are superseded, both count.
	Redeclared []uint64
}

// Twice is the new part of an input that ends in the midst of a longer one: it may be a
// shorter copy of that, whose last bytes nobody can compare any more. It was read. Its
// members count once all the same; its records may count twice.
type Twice struct {
	Name  string // of the longer input
	Entry uint64 // of its batch
	Here  bool   // it was read in this run, and has no entry yet
	Bytes uint64
	Tally ts.Tally
}

// Dropped is an input that another writer had, or may have, committed by the time that
// this one could. It was read again: its rows count once.
type Dropped struct {
	Name  string
	Entry uint64 // of the other's batch
}

// Run reads the sources in order. Every input fails alone: its error stands in the
// Result, and what was read of it before is kept. The error returned means that
// nothing more could be committed; the Result then says what was until then. It is nil
// only if the ledger could not be read at all.
func (g *Ingest) Run(ctx context.Context, sources []Source) (*Result, error) {
	view, err := evidence.Read(g.Ledger)
	if err != nil {
		return nil, err
	}
	rules, err := g.keepRules()
	if err != nil {
		return nil, err
	}
	if err := g.keepPlaces(); err != nil {
		return nil, err
	}
	b := &builder{ingest: g, sources: sources, rules: rules, seed: maphash.MakeSeed(), view: view}
	err = b.run(ctx)
	b.result.Head = g.Ledger.Head()
	return &b.result, err
}
