package ingest

import (
	"context"
	"errors"
	"io"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/detect"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/telemetry"
)

// part is what a worker read of one source: all of it, or as much as fits a batch.
type part struct {
	source    int // index of the source
	input     evidence.Input
	sensor    *ts.Sensor
	sightings merged
	skipped   []*ts.LineError // the first few of each reason
	known     bool
	err       error // why reading ended early
}

// shownSkips is how many skipped records of each reason are kept for people to see.
const shownSkips = 3

func (p *part) skip(bad *ts.LineError) {
	p.input.Tally.Skip(bad.Reason)
	if p.input.Tally.Skipped[bad.Reason] <= shownSkips {
		p.skipped = append(p.skipped, bad)
	}
}

// read sends the parts of one source. It ends with the last one.
func (b *builder) read(ctx context.Context, s *Source, index int, out chan<- part) {
	defer b.ingest.Progress.file()
	send := func(p part) bool {
		p.source, p.sensor = index, s.Sensor
		select {
		case out <- p:
			return true
		case <-ctx.Done():
			return false
		}
	}
	head, err := readHead(s)
	if err != nil {
		send(part{err: err})
		return
	}
	defer b.known.claim(ts.DigestOf(head))()
	p, err := b.plan(s, head)
	switch {
	case err != nil:
		send(part{err: refusal(s.Name, err)})
	case p.whole:
		send(part{known: true})
	default:
		r := reading{builder: b, source: s, plan: p, head: head, send: send}
		r.run(ctx)
	}
}

// readHead returns the first evidence.HeadBytes of a source, decompressed. A damaged
// source has a shorter head; reading it will say why.
func readHead(s *Source) ([]byte, error) {
	r, err := open(s)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	head := make([]byte, evidence.HeadBytes)
	n, _ := io.ReadFull(r, head)
	return head[:n], nil
}

// open opens a source and decompresses it.
func open(s *Source) (io.ReadCloser, error) {
	raw, err := s.Open()
	if err != nil {
		return nil, err
	}
	r, err := telemetry.Decompress(s.Name, raw, telemetry.Limit{})
	if err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	return both{r, raw}, nil
}

// both closes what decompresses and what it reads from.
type both struct {
	io.ReadCloser
	raw io.Closer
}

func (c both) Close() error { return errors.Join(c.ReadCloser.Close(), c.raw.Close()) }

func (b *builder) plan(s *Source, head []byte) (plan, error) {
	start := evidence.Mark{Sum: ts.DigestOf(nil)}
	declared, err := declaration(s.Sensor)
	if err != nil {
		return plan{}, err
	}
	list := b.known.candidates(head, declared)
	if len(list) == 0 {
		return plan{from: start, declared: declared}, nil
	}
	r, err := open(s)
	if err != nil {
		return plan{}, err
	}
	defer r.Close()
	p, err := planFor(s, r, list, start)
	p.declared = declared
	return p, err
}

// reading is the reading of one source by one worker.
type reading struct {
	*builder
	source *Source
	plan   plan
	head   []byte
	send   func(part) bool

	file    *telemetry.File
	detect  *detect.Set
	current part
}

func (r *reading) run(ctx context.Context) {
	raw, err := r.source.Open()
	if err != nil {
		r.send(part{err: err})
		return
	}
	defer raw.Close() // only read: nothing is lost if closing fails
	r.file, err = telemetry.Open(r.source.Name, r.ingest.Progress.count(raw), telemetry.Options{Zone: r.ingest.Zone})
	if err != nil {
		r.send(part{err: err})
		return
	}
	defer r.file.Close()
	r.detect = detect.New(r.ingest.Intel, r.source.Sensor)
	r.begin(r.plan.from)
	err = r.records(ctx)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	r.cut(err)
}

// records reads until the end of the file, cutting parts where they grow too large.
func (r *reading) records(ctx context.Context) error {
	var o ts.Observation
	emit := func(s ts.Sighting) { r.current.sightings.add(s) }
	for n := 1; ; n++ {
		err := r.file.Next(&o)
		var bad *ts.LineError
		switch {
		case errors.As(err, &bad):
			if bad.Offset >= r.plan.resume {
				r.current.skip(bad)
			}
		case err != nil:
			return err
		case o.At.Offset >= r.plan.resume:
			r.current.input.Tally.Observe()
			r.detect.Observe(&o, emit)
		}
		if n%progressEvery == 0 {
			r.ingest.Progress.records(progressEvery)
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
		}
		if len(r.current.sightings) >= r.ingest.batchRows() {
			to := r.cut(nil)
			r.begin(to)
		}
	}
}

// progressEvery is how many records go by between looks at the outside world.
const progressEvery = 8192

// begin starts a part behind the mark.
func (r *reading) begin(from evidence.Mark) {
	head := evidence.Mark{Offset: uint64(len(r.head)), Sum: ts.DigestOf(r.head)}
	r.current = part{sightings: merged{}, input: evidence.Input{
		Name: r.source.Name, Sensor: r.source.Sensor.Name, Named: r.source.Sensor.Named,
		Declared: r.plan.declared, From: from, Head: head,
	}}
}

// cut ends the current part behind the last record read, and sends it. err says why
// nothing follows, if that is not the end of the file.
func (r *reading) cut(err error) evidence.Mark {
	in := &r.current.input
	in.Format = r.file.Format()
	in.To = evidence.Mark{Offset: r.file.End(), Sum: r.file.Sum()}
	if r.file.Unterminated() {
		in.Unterminated = r.file.Offset()
	}
	r.current.err = err
	if in.To.Offset > in.From.Offset {
		r.known.remember(in)
	}
	r.send(r.current)
	return in.To
}
