package ingest

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
)

// ErrOtherSensor means that the content is known under another named sensor.
var ErrOtherSensor = errors.New("known under another sensor")

// plan is where reading a source begins.
type plan struct {
	declared ts.Digest     // of the source's sensor
	resume   uint64        // offset of the first new record
	from     evidence.Mark // end of the bytes accounted for; not before resume
	base     int           // source of this run that is continued, or committed
	whole    bool          // everything is known
	again    []past        // inputs that the source holds and that are judged again
}

// relation is what an input read before means for a source.
type relation int

const (
	unrelated relation = iota
	same               // judged alike: what it holds need not be read again
	other              // judged by other rules or for another declaration
	rival              // read for another named sensor
)

// relate says what an input that holds the same bytes means for a source of the sensor.
func (b *builder) relate(in *evidence.Input, rules, declared ts.Digest, s *ts.Sensor) relation {
	switch {
	case in.Named && s.Named && in.Sensor != s.Name:
		if in.Tally.Observed == 0 {
			return unrelated // headers alone are alike everywhere
		}
		return rival
	case rules == b.rules && in.Declared == declared:
		return same
	case b.ingest.Supersede:
		return other
	}
	return unrelated
}

// plan compares a source with the inputs that it may continue.
func (b *builder) plan(s *source) (plan, error) {
	p := plan{from: evidence.Mark{Sum: ts.DigestOf(nil)}, base: committed}
	var err error
	if p.declared, err = declaration(s.Sensor); err != nil {
		return p, err
	}
	list := slices.DeleteFunc(b.known.candidates(s.head, s.index), func(c past) bool {
		return b.relate(&c.input, c.rules, p.declared, s.Sensor) == unrelated
	})
	if len(list) == 0 {
		return p, nil
	}
	r, err := open(s.Source)
	if err != nil {
		return p, err
	}
	defer r.Close() // only read: nothing is lost if closing fails
	return p, b.compare(&p, s.Sensor, r, list)
}

// compare is one hash-only pass over a source. The longest known prefix is where
// reading resumes.
func (b *builder) compare(p *plan, sensor *ts.Sensor, r io.Reader, list []past) error {
	slices.SortStableFunc(list, func(x, y past) int { return cmp.Compare(x.input.To.Offset, y.input.To.Offset) })
	in, h := bufio.NewReader(r), sha256.New()
	var read uint64
	for _, c := range list {
		n, err := io.CopyN(h, in, int64(c.input.To.Offset-read))
		read += uint64(n)
		if err != nil {
			break // shorter than c, or damaged: reading will tell
		}
		if ts.Digest(h.Sum(nil)) != c.input.To.Sum {
			continue
		}
		switch b.relate(&c.input, c.rules, p.declared, sensor) {
		case rival:
			return c.refusal()
		case other:
			p.again = append(p.again, c)
		case same:
			p.from, p.resume, p.base = c.input.To, c.input.Resume, c.source
			if lineEnds(in) {
				p.resume = p.from.Offset
			}
		}
	}
	_, err := in.Peek(1)
	p.whole = err == io.EOF && read == p.from.Offset && read > 0
	return nil
}

// lineEnds reports whether a line that had no line end when it was read has got
// nothing but that since: it was read whole.
func lineEnds(in *bufio.Reader) bool {
	next, _ := in.Peek(1)
	return string(next) == "\n"
}

func (c *past) refusal() error {
	where := fmt.Sprintf("in ledger entry %d", c.entry)
	if c.source != committed {
		where = fmt.Sprintf("as %s in this run", c.input.Name)
	}
	return fmt.Errorf("%w: %q, %s", ErrOtherSensor, c.input.Sensor, where)
}

// maxSensor bounds a sensor's name, which stands in every row.
const maxSensor = 100

// declaration returns the digest of what a sensor declares apart from its name, which is
// part of the identity of an ingest. A folder may be renamed.
func declaration(s *ts.Sensor) (ts.Digest, error) {
	if len(s.Name) > maxSensor {
		return ts.Digest{}, fmt.Errorf("sensor name of %d bytes: more than %d", len(s.Name), maxSensor)
	}
	if _, err := evidence.FormatSensor(s); err != nil {
		return ts.Digest{}, fmt.Errorf("sensor %q: %w", s.Name, err)
	}
	nameless := *s
	nameless.Name = ""
	text, err := evidence.FormatSensor(&nameless)
	if err != nil {
		return ts.Digest{}, fmt.Errorf("sensor %q: %w", s.Name, err)
	}
	return ts.DigestOf(text), nil
}
