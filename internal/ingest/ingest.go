// Package ingest knows the one pipeline by which telemetry enters a ledger: open,
// detect, merge, place, seal, append; and the Tally of every input. It must never know
// how a format is read, how a figure is counted, or HTTP.
package ingest

import (
	"context"
	"errors"
	"fmt"
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

// Result is what an ingest did.
type Result struct {
	Inputs     []InputResult // in the order of the sources
	Dropped    []Dropped     // read, but committed by another writer meanwhile
	Rows       uint64        // committed
	Segments   int
	Superseded []uint64 // entries of batches
	Head       ledger.Head
}

// InputResult is what became of one source.
type InputResult struct {
	Name    string
	Sensor  string
	Format  string
	Tally   ts.Tally        // of the new part
	Bytes   uint64          // new, decompressed
	Known   bool            // nothing was new
	Skipped []*ts.LineError // the first few of each reason
	Err     error           // why the rest was not read; what came before it stands
}

// Dropped is a part of an input that another writer had committed by the time that
// this one could: its rows count once.
type Dropped struct {
	Name  string
	Entry uint64 // of the other's batch
}

// Run reads the sources in order. Every input fails alone: its error stands in the
// Result, and what was read of it before is kept. The error returned means that
// nothing more could be committed.
func (g *Ingest) Run(ctx context.Context, sources []Source) (*Result, error) {
	view, err := evidence.Read(g.Ledger)
	if err != nil {
		return nil, err
	}
	rules, err := g.keepRules()
	if err != nil {
		return nil, err
	}
	b := &builder{ingest: g, rules: rules, view: view, known: newKnown(view, rules)}
	if err := b.run(ctx, sources); err != nil {
		return nil, err
	}
	b.result.Head = g.Ledger.Head()
	return &b.result, nil
}

// run reads sources on several workers and takes their parts in the order of the
// sources, so that the ledger does not depend on which worker was faster.
func (b *builder) run(ctx context.Context, sources []Source) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	queues := b.start(ctx, sources)
	for i := range sources {
		r := InputResult{Name: sources[i].Name, Sensor: sources[i].Sensor.Name}
		for p := range queues[i] {
			if err := b.take(p, &r); err != nil {
				stop()
				drain(queues[i:])
				return err
			}
		}
		b.result.Inputs = append(b.result.Inputs, r)
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return b.flush()
}

func drain(queues []chan part) {
	for _, q := range queues {
		for range q {
		}
	}
}

// start gives every source a queue of parts. A source whose first bytes are those of
// an earlier one in this run waits for it: it may be the same file twice.
func (b *builder) start(ctx context.Context, sources []Source) []chan part {
	queues := make([]chan part, len(sources))
	for i := range queues {
		queues[i] = make(chan part, 1)
	}
	next := make(chan int)
	for range max(b.ingest.Workers, 1) {
		go func() {
			for i := range next {
				b.read(ctx, &sources[i], i, queues[i])
				close(queues[i])
			}
		}()
	}
	go func() {
		defer close(next)
		for i := range sources {
			next <- i
		}
	}()
	return queues
}

// refusal says why an input was not read at all.
func refusal(name string, err error) error { return fmt.Errorf("%s: %w", name, err) }

// ErrOtherSensor means that the content is known under another named sensor.
var ErrOtherSensor = errors.New("known under another sensor")
