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
	inside   *past         // the input in the midst of which the source ends, at no place that is known of it
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
	}
	return other
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

// point is a place in a source where its bytes so far are compared with an input's.
type point struct {
	evidence.Mark
	of   *past
	kind pointKind
}

type pointKind int

const (
	begin pointKind = iota // where the input began to be read: reading may not resume here
	inner                  // a place where a record ends
	end
)

// points returns the places of the inputs, in order.
func points(list []past) (all []point) {
	for i := range list {
		c := &list[i]
		all = append(all, point{c.input.From, c, begin}, point{c.input.To, c, end})
		for _, m := range c.input.Marks {
			all = append(all, point{m, c, inner})
		}
	}
	slices.SortStableFunc(all, func(x, y point) int {
		return cmp.Or(cmp.Compare(x.Offset, y.Offset), cmp.Compare(x.kind, y.kind))
	})
	return all
}

// compare is one hash-only pass over a source. The longest known prefix is where
// reading resumes.
func (b *builder) compare(p *plan, sensor *ts.Sensor, r io.Reader, list []past) error {
	in, h := bufio.NewReader(r), sha256.New()
	var read uint64
	inside := map[*past]bool{} // those whose bytes the source holds as far as is known
	for _, at := range points(list) {
		n, err := io.CopyN(h, in, int64(at.Offset-read))
		read += uint64(n)
		if err != nil {
			break // the source is shorter, or damaged: reading will tell
		}
		if ts.Digest(h.Sum(nil)) != at.Sum {
			delete(inside, at.of)
			continue
		}
		if err := b.met(p, at, sensor, in, inside); err != nil {
			return err
		}
	}
	_, err := in.Peek(1)
	p.whole = err == io.EOF && read == p.from.Offset && read > 0
	if err != nil && !p.whole { // it ends, be it by damage
		p.inside = b.innermost(p, list, inside, sensor)
	}
	return nil
}

// met notes what it means that the source holds the bytes of an input up to a point.
func (b *builder) met(p *plan, at point, sensor *ts.Sensor, in *bufio.Reader, inside map[*past]bool) error {
	c := at.of
	if inside[c] = at.kind != end && (at.kind == begin || inside[c]); at.kind == begin {
		return nil
	}
	switch b.relate(&c.input, c.rules, p.declared, sensor) {
	case rival:
		if _, err := in.Peek(1); at.kind == end || err == io.EOF {
			return c.refusal()
		}
	case other:
		if at.kind == end {
			p.again = append(p.again, *c)
		}
	case same:
		p.from, p.resume, p.base = at.Mark, at.Offset, c.source
		if at.kind == end && !lineEnds(in) {
			p.resume = c.input.Resume
		}
	}
	return nil
}

// innermost returns the first input, if any, that may hold the rest of a source, which
// ends before it does: whether the bytes behind the last point are the same, nobody can
// say any more.
func (b *builder) innermost(p *plan, list []past, inside map[*past]bool, sensor *ts.Sensor) *past {
	for i := range list {
		if c := &list[i]; inside[c] && b.relate(&c.input, c.rules, p.declared, sensor) == same {
			return c
		}
	}
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
