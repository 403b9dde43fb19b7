package tallystick

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// maxInt is the largest integer of the protocol, 2^53−1, exact in JavaScript.
const maxInt = 1<<53 - 1

// ParseLine reads a canonical line. Any other spelling of the same row is refused: a
// parsed line, written again, has the same bytes.
func ParseLine(line string) (Row, error) {
	if len(line) > MaxLine {
		return Row{}, fmt.Errorf("row line of %d bytes: more than %d", len(line), MaxLine)
	}
	p := lineParser{rest: line}
	row := p.row()
	if p.err == nil && p.rest != "" {
		p.err = fmt.Errorf("%d bytes behind the row", len(p.rest))
	}
	if p.err == nil && string(row.AppendLine(nil)) != line {
		p.err = errors.New("row line is not canonical")
	}
	if p.err != nil {
		return Row{}, fmt.Errorf("row line: %w", p.err)
	}
	return row, nil
}

// lineParser reads values in the order of the keys; after the first error it reads
// nothing more.
type lineParser struct {
	rest string
	err  error
}

func (p *lineParser) row() Row {
	var r Row
	p.expect(`{"day":`)
	p.quoted() // follows from first; the caller compares the whole line
	r.Class = parsed(p, "class", ParseClass)
	r.Grade = parsed(p, "grade", ParseGrade)
	r.Perp = parsed(p, "perp", parseAddr)
	r.Victim = parsed(p, "victim", parseAddr)
	r.PerpName, r.VictimName = p.text("perp_name"), p.text("victim_name")
	r.PerpPort, r.VictimPort = uint16(p.number("perp_port", 1<<16-1)), uint16(p.number("victim_port", 1<<16-1))
	r.Via = parsed(p, "via", parseAddr)
	r.Site, r.Path, r.HostID = p.text("site"), p.text("path"), p.text("host_id")
	r.Family, r.Rule = p.text("family"), p.text("rule")
	r.Feed, r.Indicator, r.Sensor = p.text("feed"), p.text("indicator"), p.text("sensor")
	r.Flags = Flags(p.number("flags", uint64(flagEnd)-1))
	r.First, r.Last = int64(p.number("first", maxInt)), int64(p.number("last", maxInt))
	r.Records = p.number("records", maxInt)
	r.By, r.On = Country(p.text("by")), Country(p.text("on"))
	r.ByAS, r.OnAS = uint32(p.number("by_as", 1<<32-1)), uint32(p.number("on_as", 1<<32-1))
	r.ByPlaces, r.OnPlaces = p.text("by_places"), p.text("on_places")
	p.expect("}")
	return r
}

func parseAddr(s string) (netip.Addr, error) {
	if s == "" {
		return netip.Addr{}, nil
	}
	a, err := netip.ParseAddr(s)
	if err == nil && a != Canonical(a) {
		err = fmt.Errorf("address %s is not canonical", s)
	}
	return a, err
}

func parsed[T any](p *lineParser, key string, parse func(string) (T, error)) T {
	var none T
	s := p.text(key)
	if p.err != nil {
		return none
	}
	v, err := parse(s)
	if err != nil {
		p.err = err
		return none
	}
	return v
}

func (p *lineParser) expect(s string) {
	if p.err != nil {
		return
	}
	rest, ok := strings.CutPrefix(p.rest, s)
	if !ok {
		p.err = fmt.Errorf("want %s at %.20q", s, p.rest)
		return
	}
	p.rest = rest
}

func (p *lineParser) quoted() string {
	p.expect(`"`)
	if p.err != nil {
		return ""
	}
	s, rest, ok := strings.Cut(p.rest, `"`)
	if !ok {
		p.err = errors.New("string without end")
		return ""
	}
	p.rest = rest
	return s
}

func (p *lineParser) text(key string) string {
	p.expect(`,"` + key + `":`)
	s, err := Unescape(p.quoted())
	if p.err == nil && err != nil {
		p.err = fmt.Errorf("%s: %w", key, err)
	}
	return s
}

func (p *lineParser) number(key string, most uint64) uint64 {
	p.expect(`,"` + key + `":`)
	if p.err != nil {
		return 0
	}
	end := strings.IndexAny(p.rest, ",}")
	if end < 0 {
		end = len(p.rest)
	}
	n, err := strconv.ParseUint(p.rest[:end], 10, 64)
	if err != nil || n > most {
		p.err = fmt.Errorf("%s: %.30q is no number up to %d", key, p.rest[:end], most)
		return 0
	}
	p.rest = p.rest[end:]
	return n
}
