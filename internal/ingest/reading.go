package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/detect"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/telemetry"
)

// reading is the reading of one source by one worker.
type reading struct {
	*builder
	source *source
	plan   plan
	send   func(part)

	file    *telemetry.File
	detect  *detect.Set
	current part
	shown   map[string]int // skipped records kept for people, by reason
	aside   asideRoom
	marks   marks
	days    days
	claimed uint64 // end of the last part: inputs up to it were named as judged again
	last    uint64 // end of the last record behind which the file may be cut
	before  uint64 // end of the one before that
}

func (r *reading) run(ctx context.Context) {
	raw, err := r.source.Open()
	if err != nil {
		r.send(part{base: committed, err: about(r.source.Name, err)})
		return
	}
	defer raw.Close() // only read: nothing is lost if closing fails
	r.file, err = telemetry.Open(r.source.Name, r.ingest.Progress.count(raw), telemetry.Options{Zone: r.ingest.Zone})
	if err != nil {
		r.send(part{base: committed, err: err})
		return
	}
	defer r.file.Close() // as above
	r.detect = detect.New(r.ingest.Intel, r.source.Sensor)
	r.begin(r.plan.from)
	err = r.records(ctx)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	r.cut(err)
}

// progressEvery is how many records go by between looks at the outside world.
const progressEvery = 8192

// records reads until the end of the file, cutting parts where they grow too large.
func (r *reading) records(ctx context.Context) error {
	var o ts.Observation
	var bad *ts.LineError
	emit := func(s ts.Sighting) { r.current.sightings.add(s) }
	for n := uint64(1); ; n++ {
		err := r.file.Next(&o)
		switch {
		case errors.As(err, &bad):
			if bad.Offset >= r.plan.resume {
				r.skip(bad)
			}
		case err != nil:
			r.ingest.Progress.records((n - 1) % progressEvery)
			return err
		case o.At.Offset >= r.plan.resume:
			r.current.input.Tally.Observe()
			r.days.add(ts.DayOf(o.Start), r.ingest.Now)
			r.detect.Observe(&o, emit)
			if o.Record == ts.RecordReport && !detect.Tells(string(o.Signature)) {
				r.current.mute[string(o.Signature)]++
			}
		}
		if n%progressEvery == 0 {
			r.ingest.Progress.records(progressEvery)
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
		}
		if r.divisible() && r.current.sightings.len() >= r.ingest.partRows() && r.last > r.plan.from.Offset {
			r.begin(r.cut(nil))
		}
	}
}

// divisible reports whether the next record begins behind the last line read, so that
// the file may be cut there, and notes where that is.
func (r *reading) divisible() bool {
	if !r.file.Divisible() {
		return false
	}
	if end := r.file.End(); end != r.last {
		r.before, r.last = r.last, end
		if end >= r.marks.next {
			r.marks.add(evidence.Mark{Offset: end, Sum: r.file.Sum()})
		}
	}
	return true
}

// shownSkips is how many skipped records of each reason are kept for people to see.
const shownSkips = 3

func (r *reading) skip(bad *ts.LineError) {
	r.current.input.Tally.Skip(bad.Reason)
	if r.shown[bad.Reason]++; r.shown[bad.Reason] <= shownSkips {
		r.current.skipped = append(r.current.skipped, bad)
	}
	if record, ok := r.aside.keep(bad, r.file.Held(bad.Offset)); ok {
		r.current.aside = append(r.current.aside, record)
	}
}

// begin starts a part behind the mark.
func (r *reading) begin(from evidence.Mark) {
	s := r.source
	r.marks, r.days = newMarks(from.Offset), days{}
	r.current = part{base: r.plan.base, sightings: newMerged(r.seed), mute: map[string]uint64{}, input: evidence.Input{
		Name: s.Name, Sensor: s.Sensor.Name, Named: s.Sensor.Named,
		Declared: r.plan.declared, From: from, Head: markOf(s.head),
	}}
}

// cut ends the current part behind the last record read, and sends it. err says why
// nothing follows, if that is not the end of the file.
func (r *reading) cut(err error) evidence.Mark {
	p := &r.current
	p.input.Format = r.file.Format()
	p.input.To = evidence.Mark{Offset: r.file.End(), Sum: r.file.Sum()}
	p.input.Marks = r.marks.upTo(p.input.To.Offset)
	p.input.Days = r.days.window()
	p.input.Resume = r.resume(err)
	p.err = err
	if p.input.To.Offset < p.input.From.Offset {
		p.err = errors.Join(err, about(p.input.Name, fmt.Errorf("has %d bytes, but had %d when it was opened before",
			p.input.To.Offset, p.input.From.Offset)))
	}
	for _, c := range r.plan.again {
		if c.input.To.Offset <= p.input.To.Offset {
			p.again = append(p.again, c)
		}
	}
	p.input.Again, r.claimed = r.claims(p.again), p.input.To.Offset
	if p.inside = r.plan.inside; p.inside != nil && p.input.To.Offset >= p.inside.input.To.Offset {
		p.inside = nil // it has grown since it was looked at
	}
	if p.grows() {
		r.known.remember(past{input: p.input, rules: r.rules, source: r.source.index})
	}
	r.send(*p)
	return p.input.To
}

// claims returns the digests of the inputs that the current part, and none before it,
// judges again to their ends. What is judged again already is the other's affair.
func (r *reading) claims(again []past) (list []ts.Digest) {
	for _, c := range again {
		named := c.input.To.Offset <= r.claimed && r.claimed > 0
		if !named && c.source == committed && !r.known.tellings.Claimed(c.input.Digest) && len(list) < evidence.MaxAgain {
			list = append(list, c.input.Digest)
		}
	}
	return list
}

// resume returns where reading goes on when the source has grown: before a last line
// that had no line end, and before a record that an error has cut off.
func (r *reading) resume(err error) uint64 {
	if err == nil && r.file.Unterminated() && r.last == r.file.End() {
		return r.before
	}
	return r.last
}
