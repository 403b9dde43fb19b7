package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/telemetry"
)

// part is what a worker read of one source: all of it, or as much as it may hold.
type part struct {
	source    int // index of the source
	sensor    *ts.Sensor
	head      []byte // first bytes of the source
	base      int    // source of this run that it continues, or committed
	input     evidence.Input
	sightings *merged
	again     []past            // inputs that are judged again up to here
	mute      map[string]uint64 // rows of reports that give no sightings, by type
	skipped   []*ts.LineError   // the first few of each reason in the source
	aside     []setAside
	inside    *past // an input that may hold what the part does
	known     bool  // nothing of the source is new
	err       error // why reading ended early
}

// grows reports whether p accounts for bytes that nobody has accounted for.
func (p *part) grows() bool { return p.input.To.Offset > p.input.From.Offset }

// source is a Source of this run as it is being read.
type source struct {
	*Source
	index int
	head  []byte // its first evidence.HeadBytes, decompressed
	err   error  // of reading head
	wait  []<-chan struct{}
	done  chan struct{}
}

// read sends the parts of one source. It ends with the last one.
func (b *builder) read(ctx context.Context, s *source, out chan<- part) {
	defer b.ingest.Progress.file()
	stopped := false // nothing may follow a part that was not taken
	send := func(p part) {
		p.source, p.sensor, p.head = s.index, s.Sensor, s.head
		if stopped = stopped || ctx.Err() != nil; stopped {
			return
		}
		select {
		case out <- p:
		case <-ctx.Done():
			stopped = true
		}
	}
	for _, earlier := range s.wait {
		<-earlier
	}
	if s.err != nil {
		send(part{base: committed, err: about(s.Name, s.err)})
		return
	}
	p, err := b.plan(s)
	switch {
	case err != nil:
		send(part{base: committed, err: about(s.Name, err)})
	case p.whole:
		send(part{base: p.base, known: true, again: p.again})
	default:
		r := reading{builder: b, source: s, plan: p, send: send, shown: map[string]int{},
			aside: asideRoom{map[string]int{}, asideInput}}
		r.run(ctx)
	}
}

// about puts the name of an input before the reason why it was not read, once.
func about(name string, err error) error {
	var path *fs.PathError
	switch {
	case strings.HasPrefix(err.Error(), name+": "):
		return err
	case errors.As(err, &path) && path.Path == name:
		err = path.Err
	}
	return fmt.Errorf("%s: %w", name, err)
}

// readHead returns the first evidence.HeadBytes of a source, decompressed. A damaged
// source has a shorter head; reading it will say why.
func readHead(s *Source) ([]byte, error) {
	r, err := open(s)
	if err != nil {
		return nil, err
	}
	defer r.Close() // only read: nothing is lost if closing fails
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
