package ingest

import (
	"context"
	"hash/maphash"
	"maps"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/segment"
)

// builder gathers parts into a batch and commits it when it is full. It is owned by
// the goroutine of Run; readers use known only, and the fields that never change.
type builder struct {
	ingest  *Ingest
	sources []Source
	rules   ts.Digest
	seed    maphash.Seed
	view    *evidence.View  // of the ledger, as far as it was looked at
	seen    int             // batches of view when this pass began
	own     map[uint64]bool // entries committed by this pass
	known   *known
	batch   batch
	stale   map[int]bool // sources to be read again: another writer was faster
	judged  judged
	packers segment.Packers
	result  Result
}

// run reads all sources, and again those of batches that met another writer's, until
// every one is settled. Each further pass means that another writer has committed.
func (b *builder) run(ctx context.Context) error {
	todo := make([]int, len(b.sources))
	for i := range todo {
		todo[i] = i
		b.result.Inputs = append(b.result.Inputs, InputResult{Name: b.sources[i].Name, Sensor: b.sources[i].Sensor.Name})
	}
	for len(todo) > 0 {
		b.known, b.seen, b.own, b.stale = newKnown(b.view), len(b.view.Batches), map[uint64]bool{}, map[int]bool{}
		if err := b.pass(ctx, todo); err != nil {
			return err
		}
		todo = slices.Sorted(maps.Keys(b.stale))
	}
	return nil
}

// pass reads sources on several workers and takes their parts in the order of the
// sources, so that the ledger does not depend on which worker was faster.
func (b *builder) pass(parent context.Context, todo []int) error {
	ctx, stop := context.WithCancel(parent)
	order := b.start(ctx, todo)
	defer drain(order)
	defer stop()
	for queue := range order {
		for p := range queue {
			if err := b.take(p); err != nil {
				stop()
				drainParts(queue)
				return err
			}
		}
	}
	if err := context.Cause(parent); err != nil {
		return err
	}
	return b.flush()
}

// drain waits for the readers to end.
func drain(order <-chan chan part) {
	for queue := range order {
		drainParts(queue)
	}
}

func drainParts(queue <-chan part) {
	for range queue {
	}
}

// ahead is how many sources may be read, for each worker, while the first of them is
// not done: with partRows it bounds what waits in memory.
const ahead = 4

// start begins to read the sources one after the other, each into a queue. Sources are
// announced in their order, so that a source waits for earlier ones only.
func (b *builder) start(ctx context.Context, todo []int) <-chan chan part {
	workers := max(b.ingest.Workers, 1)
	order := make(chan chan part, ahead*workers)
	free := make(chan struct{}, workers)
	go func() {
		defer close(order)
		for _, i := range todo {
			queue := make(chan part, 1)
			select {
			case order <- queue:
			case <-ctx.Done():
				return
			}
			free <- struct{}{}
			s := &source{Source: &b.sources[i], index: i, done: make(chan struct{})}
			if s.head, s.err = readHead(s.Source); s.err == nil {
				s.wait = b.known.begin(s.head, s.done)
			}
			go func() {
				defer func() { <-free }()
				defer close(queue)
				defer close(s.done)
				b.read(ctx, s, queue)
			}()
		}
	}()
	return order
}
