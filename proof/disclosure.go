package proof

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"strings"

	ts "github.com/tallystick/tallystick"
)

// DisclosureType is the first line of a disclosure.
const DisclosureType = "tally-open/v1"

// Disclosure answers somebody who asks about his own addresses: every member of a figure
// that has one of them, opened, and for single addresses that are no member, their absence.
type Disclosure struct {
	Figure   ts.Digest // of the statement
	Asked    []netip.Prefix
	Openings []Opening
	Absent   []AbsentMember
	Proof    []byte // one for all tags, of the openings and behind them of the absences
}

// AbsentMember shows that a member is not in a figure.
type AbsentMember struct {
	Member []byte
	Tag    Point
	Absence
}

// ErrDisclosure means that a file of disclosures is malformed.
var ErrDisclosure = errors.New("malformed disclosure")

// head is what the proof is about, beside members and tags.
func (d *Disclosure) head() []byte {
	b := fmt.Appendf(nil, "figure %s\n", d.Figure)
	for _, p := range d.Asked {
		b = fmt.Appendf(b, "asked %s\n", p)
	}
	return b
}

// Context is the context of the proof: the figure, what was asked, and who answers.
func (d *Disclosure) Context(origin string) []byte {
	return fmt.Appendf(d.head(), "origin %s\n", origin)
}

// Points returns what the proof is about: members' points and their tags, in order.
func (d *Disclosure) Points() (c, t []Point) {
	c, t = Opened(d.Openings)
	for i := range d.Absent {
		c, t = append(c, HashMember(d.Absent[i].Member)), append(t, d.Absent[i].Tag)
	}
	return c, t
}

// AppendTo appends the disclosure as lines: its type, what it is about, the openings, the
// absences, each "absent MEMBER TAG OTHER PATH" in hex with "-" for none, and the proof.
func (d *Disclosure) AppendTo(dst []byte) []byte {
	dst = append(append(dst, DisclosureType+"\n"...), d.head()...)
	for i := range d.Openings {
		dst = d.Openings[i].AppendTo(dst)
	}
	for _, a := range d.Absent {
		other := "-"
		if a.Other != nil {
			other = a.Other.String()
		}
		dst = fmt.Appendf(dst, "absent %s %s %s %s\n", dashed(a.Member), a.Tag, other, dashed(siblingBytes(a.Path)))
	}
	return fmt.Appendf(dst, "proof %s\n", dashed(d.Proof))
}

// ParseDisclosures reads a file of disclosures, one after another. It accepts exactly what
// AppendTo writes, and fails with ErrDisclosure.
func ParseDisclosures(file []byte) ([]Disclosure, error) {
	var list []Disclosure
	var again []byte
	for rest := file; len(rest) > 0; {
		section := rest
		if i := bytes.Index(rest[1:], []byte("\n"+DisclosureType+"\n")); i >= 0 {
			section = rest[:i+2]
		}
		d, err := parseDisclosure(section)
		if err != nil {
			return nil, fmt.Errorf("%w %d: %w", ErrDisclosure, len(list)+1, err)
		}
		list, again, rest = append(list, d), d.AppendTo(again), rest[len(section):]
	}
	if !bytes.Equal(again, file) {
		return nil, fmt.Errorf("%w: not in its one canonical spelling", ErrDisclosure)
	}
	return list, nil
}

func parseDisclosure(section []byte) (d Disclosure, err error) {
	for n := 0; len(section) > 0; n++ {
		line, rest, ok := bytes.Cut(section, []byte("\n"))
		if !ok || len(line) > maxOpening || n == 0 && string(line) != DisclosureType {
			return d, fmt.Errorf("line %d", n+1)
		}
		if n > 0 {
			err = d.take(line)
		}
		if err != nil {
			return d, fmt.Errorf("line %d: %w", n+1, err)
		}
		section = rest
	}
	return d, nil
}

func (d *Disclosure) take(line []byte) error {
	word, value, _ := strings.Cut(string(line), " ")
	switch word {
	case "figure":
		f, err := ts.ParseDigest(value)
		d.Figure = f
		return err
	case "asked":
		p, err := netip.ParsePrefix(value)
		d.Asked = append(d.Asked, p)
		return err
	case "open", "refused":
		o, err := ParseOpening(line)
		d.Openings = append(d.Openings, o)
		return err
	case "absent":
		a, err := parseAbsent(strings.Split(value, " "))
		d.Absent = append(d.Absent, a)
		return err
	case "proof":
		p, err := undashed(value)
		d.Proof = p
		return err
	}
	return fmt.Errorf("begins with %.20q", word)
}

func parseAbsent(words []string) (a AbsentMember, err error) {
	if len(words) != 4 {
		return a, fmt.Errorf("%d words", len(words))
	}
	if a.Member, err = undashed(words[0]); err != nil {
		return a, err
	}
	if a.Tag, err = pointFromHex(words[1]); err != nil {
		return a, err
	}
	if words[2] != "-" {
		other, err := pointFromHex(words[2])
		if err != nil {
			return a, err
		}
		a.Other = &other
	}
	path, err := undashed(words[3])
	if err != nil {
		return a, err
	}
	a.Path, err = siblingsOf(path)
	return a, err
}

func undashed(s string) ([]byte, error) {
	if s == "-" {
		return nil, nil
	}
	return hex.DecodeString(s)
}

func siblingsOf(path []byte) (list []Sibling, err error) {
	if len(path)%40 != 0 || len(path) > 40*maxTriePath {
		return nil, fmt.Errorf("path of %d bytes", len(path))
	}
	for ; len(path) > 0; path = path[40:] {
		list = append(list, Sibling{binary.BigEndian.Uint64(path), Hash(path[8:40])})
	}
	return list, nil
}
