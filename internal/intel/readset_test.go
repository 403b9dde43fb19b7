package intel

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/tallystick/tallystick"
)

const listingColumns = 10

// readSet reads what WriteTo wrote and compiles it. It refuses a listing that is not
// canonical: the set read has the digest of the bytes.
func readSet(r io.Reader) (*Set, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	if !lines.Scan() || lines.Text() != listingHead {
		return nil, errors.Join(fmt.Errorf("indicator listing: first line is not %q", listingHead), lines.Err())
	}
	p := listingParser{words: NewLoader()}
	var list chunks
	var before Indicator
	var again []byte
	for n := 2; lines.Scan(); n++ {
		i, err := p.parse(lines.Text())
		if err != nil {
			return nil, fmt.Errorf("indicator listing line %d: %w", n, err)
		}
		again = i.appendLine(again[:0])
		if string(again[:len(again)-1]) != lines.Text() {
			return nil, fmt.Errorf("indicator listing line %d is not canonical", n)
		}
		if n > 2 && precedes(&before, &i) >= 0 {
			return nil, fmt.Errorf("indicator listing line %d is out of order", n)
		}
		list.add(i)
		before = i
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("indicator listing: %w", err)
	}
	return compile(list.take(), nil)
}

// listingParser reads the columns of a line; after the first error it reads no more.
type listingParser struct {
	words *Loader
	rest  string
	err   error
}

func (p *listingParser) parse(line string) (Indicator, error) {
	if n := strings.Count(line, "\t") + 1; n != listingColumns {
		return Indicator{}, fmt.Errorf("%d columns, want %d", n, listingColumns)
	}
	p.rest, p.err = line, nil
	var i Indicator
	i.Kind = column(p, parseKind)
	i.Class, i.Veto = p.class()
	i.Role = column(p, parseRoles)
	i.Family, i.Feed = p.words.word(p.text()), p.words.word(p.text())
	i.Confidence = uint8(p.number(100))
	i.From, i.To = tallystick.Day(p.number(1<<31-1)), tallystick.Day(p.number(1<<31-1))
	i.Exact = p.text() == "exact"
	i.Value = strings.Clone(p.text())
	if p.err == nil && i.Class == 0 && i.Role == 0 && !i.Veto {
		p.err = errors.New("no class, role or veto")
	}
	if p.err == nil {
		p.err = i.check()
	}
	return i, p.err
}

// check refuses a value that no loader would write for its kind.
func (i *Indicator) check() error {
	v, reason := parseValue(i.Value)
	if reason != "" || v.kind != i.Kind || v.text != i.Value {
		return fmt.Errorf("value %.80q is no canonical %s", i.Value, i.Kind)
	}
	return nil
}

func (p *listingParser) text() string {
	s, rest, _ := strings.Cut(p.rest, "\t")
	p.rest = rest
	if s == "-" || p.err != nil {
		return ""
	}
	if s == "%2D" {
		return "-"
	}
	text, err := tallystick.Unescape(s)
	p.err = err
	return text
}

func (p *listingParser) class() (tallystick.Class, bool) {
	s := p.text()
	if s == "veto" || s == "" {
		return 0, s == "veto"
	}
	class, err := tallystick.ParseClass(s)
	if err != nil {
		p.err = err
	}
	return class, false
}

func (p *listingParser) number(most uint64) uint64 {
	n, err := strconv.ParseUint(p.text(), 10, 64)
	if p.err == nil && (err != nil || n > most) {
		p.err = fmt.Errorf("want a number up to %d", most)
	}
	return n
}

func column[T any](p *listingParser, parse func(string) (T, error)) T {
	v, err := parse(p.text())
	if p.err == nil {
		p.err = err
	}
	return v
}

func parseKind(s string) (Kind, error) {
	for k, name := range kindNames {
		if k > 0 && name == s {
			return Kind(k), nil
		}
	}
	return 0, fmt.Errorf("kind %.20q is none of %q", s, kindNames[1:])
}

func parseRoles(s string) (Role, error) {
	var r Role
	for word := range strings.FieldsFuncSeq(s, func(c rune) bool { return c == '+' }) {
		role, ok := parseRole(word)
		if !ok {
			return 0, fmt.Errorf("role %.20q is none of %q", word, roleNames)
		}
		r |= role
	}
	return r, nil
}
