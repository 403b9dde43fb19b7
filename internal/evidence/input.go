package evidence

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	ts "github.com/tallystick/tallystick"
)

const (
	typeInput = "tally-input/v1"
	inputForm = "salt name sensor named declared format from to head mark* resume again* read observed skipped* days?"
)

// HeadBytes is how much of an input's beginning tells whether it may be known.
const HeadBytes = 1024

// MaxMarks bounds the marks of an input: its record then fits 4 KiB, the least that a
// file takes on most disks.
const MaxMarks = 32

// MaxAgain bounds the inputs that one judges again, so that its record fits
// ts.MaxObject.
const MaxAgain = 500

// Input is the record of one input of a batch: which bytes were read, and what became
// of every record in them. All offsets and digests are over decompressed bytes, so that
// renaming, rotating and compressing a file change nothing.
type Input struct {
	Digest   ts.Digest // of the record, as the batch names it; not in the record
	Salt     string    // hex; keeps the digests of guessable files secret
	Name     string    // as given, for people
	Sensor   string
	Named    bool      // the operator named the sensor
	Declared ts.Digest // of the sensor's entry
	Format   string
	From, To Mark
	Head     Mark        // of at most HeadBytes
	Marks    []Mark      // some places between From and To where records end, ascending; the first such is one
	Resume   uint64      // where reading goes on when the input has grown: To, or before an unfinished record
	Again    []ts.Digest // of inputs by other rules or another declaration, all of whose bytes this content holds
	Tally    ts.Tally
	Days     ts.Window // from the first to the last that a record observed began on; zero: not known
}

// Mark is a place in an input with the digest of all bytes before it.
type Mark struct {
	Offset uint64
	Sum    ts.Digest
}

func (m Mark) String() string { return strconv.FormatUint(m.Offset, 10) + " " + m.Sum.String() }

func parseMark(s string) (Mark, error) {
	n, hex, _ := strings.Cut(s, " ")
	offset, err := strconv.ParseUint(n, 10, 64)
	if err != nil {
		return Mark{}, err
	}
	sum, err := ts.ParseDigest(hex)
	return Mark{offset, sum}, err
}

// FormatInput writes the input record.
func FormatInput(in *Input) ([]byte, error) {
	o := ts.Object{Type: typeInput}
	o.Add("salt", in.Salt)
	o.Add("name", strings.TrimRight(printable(in.Name), " ")) // no line may end in a space
	o.Add("sensor", printable(in.Sensor))
	o.Add("named", strconv.FormatBool(in.Named))
	o.Add("declared", in.Declared.String())
	o.Add("format", in.Format)
	o.Add("from", in.From.String())
	o.Add("to", in.To.String())
	o.Add("head", in.Head.String())
	for _, m := range in.Marks {
		o.Add("mark", m.String())
	}
	o.Add("resume", strconv.FormatUint(in.Resume, 10))
	for _, d := range in.Again {
		o.Add("again", d.String())
	}
	o.Add("read", strconv.FormatUint(in.Tally.Read, 10))
	o.Add("observed", strconv.FormatUint(in.Tally.Observed, 10))
	for _, reason := range slices.Sorted(maps.Keys(in.Tally.Skipped)) {
		o.Add("skipped", strconv.FormatUint(in.Tally.Skipped[reason], 10)+" "+printable(reason))
	}
	if !in.Days.All() {
		o.Add("days", in.Days.From.String()+" "+in.Days.Last().String())
	}
	return o.Bytes()
}

// ParseInput reads an input record; its Tally must balance.
func ParseInput(text []byte) (Input, error) {
	o, err := ts.ParseObjectAs(text, typeInput, inputForm)
	if err != nil {
		return Input{}, err
	}
	in := Input{Salt: o.Get("salt"), Format: o.Get("format"), Named: o.Get("named") == "true"}
	p := fieldParser{o: &o}
	in.Name, in.Sensor = p.text("name"), p.text("sensor")
	in.Declared = p.digest("declared")
	in.From, in.To, in.Head = p.mark("from"), p.mark("to"), p.mark("head")
	in.Resume = p.number(o.Get("resume"))
	in.Tally.Read, in.Tally.Observed = p.number(o.Get("read")), p.number(o.Get("observed"))
	for _, line := range o.All("mark") {
		in.Marks = append(in.Marks, p.markOf(line))
	}
	for _, line := range o.All("again") {
		in.Again = append(in.Again, p.digestOf(line))
	}
	for _, line := range o.All("skipped") {
		n, reason, _ := strings.Cut(line, " ")
		if reason == "" {
			return in, fmt.Errorf("skipped %q: want a number and a reason", line)
		}
		if in.Tally.Skipped == nil {
			in.Tally.Skipped = map[string]uint64{}
		}
		in.Tally.Skipped[p.unescape(reason)] += p.number(n)
	}
	in.Days = p.days(o.Get("days"))
	switch {
	case p.err != nil:
	case !in.Tally.Balanced():
		p.err = fmt.Errorf("tally does not balance: %s", in.Tally.String())
	case in.To.Offset < in.From.Offset, in.Resume > in.To.Offset:
		p.err = fmt.Errorf("bytes %d to %d, resumed at %d: out of order", in.From.Offset, in.To.Offset, in.Resume)
	case !in.marksInOrder():
		p.err = fmt.Errorf("marks are not in order between bytes %d and %d", in.From.Offset, in.To.Offset)
	}
	return in, p.err
}

func (in *Input) marksInOrder() bool {
	before := in.From.Offset
	for _, m := range in.Marks {
		if m.Offset <= before || m.Offset >= in.To.Offset {
			return false
		}
		before = m.Offset
	}
	return true
}

// fieldParser keeps the first error.
type fieldParser struct {
	o   *ts.Object
	err error
}

func (p *fieldParser) keep(err error) {
	if p.err == nil {
		p.err = err
	}
}

func (p *fieldParser) number(s string) uint64 {
	n, err := strconv.ParseUint(s, 10, 64)
	p.keep(err)
	return n
}

// days reads the first and the last day; "" is not known.
func (p *fieldParser) days(s string) ts.Window {
	if s == "" {
		return ts.Window{}
	}
	first, last, _ := strings.Cut(s, " ")
	from, err := ts.ParseDay(first)
	p.keep(err)
	to, err := ts.ParseDay(last)
	p.keep(err)
	if to < from {
		p.keep(fmt.Errorf("days %q: out of order", s))
	}
	return ts.Window{From: from, To: to + 1}
}

func (p *fieldParser) mark(key string) Mark { return p.markOf(p.o.Get(key)) }

func (p *fieldParser) markOf(s string) Mark {
	m, err := parseMark(s)
	p.keep(err)
	return m
}

func (p *fieldParser) digest(key string) ts.Digest { return p.digestOf(p.o.Get(key)) }

func (p *fieldParser) digestOf(s string) ts.Digest {
	d, err := ts.ParseDigest(s)
	p.keep(err)
	return d
}

func (p *fieldParser) text(key string) string { return p.unescape(p.o.Get(key)) }

func (p *fieldParser) unescape(s string) string {
	text, err := ts.Unescape(s)
	p.keep(err)
	return text
}
