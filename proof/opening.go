package proof

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	ts "github.com/tallystick/tallystick"
)

// Opening shows what stands behind one drawn position of a figure: the member, and a row
// committed to in time that supports it. Or it says that the publisher refuses.
type Opening struct {
	Position uint64
	Refused  string // why; "" where it is opened

	Member   []byte
	Tag      Point
	Path     []Sibling // of the tag in the trie
	Entry    uint64    // index of the batch entry that names the manifest
	Manifest []byte
	Row      uint64 // number of the row in its segment
	Line     string // canonical
	Salt     Salt
	RowPath  []Hash
}

// ErrOpening means that a line of an openings file is malformed.
var ErrOpening = errors.New("malformed opening")

// maxOpening is the longest line: member, paths, manifest and row, all in hex.
const maxOpening = 2 * (4096 + maxTriePath*40 + ts.MaxObject + ts.MaxLine + maxRowPath*32 + 1024)

// AppendTo appends the opening as one line with its LF.
func (o *Opening) AppendTo(dst []byte) []byte {
	if o.Refused != "" {
		return append(ts.AppendEscaped(fmt.Appendf(dst, "refused %d ", o.Position), o.Refused), '\n')
	}
	return fmt.Appendf(dst, "open %d %s %s %s %d %s %d %s %x %s\n", o.Position, dashed(o.Member), o.Tag, dashed(siblingBytes(o.Path)),
		o.Entry, dashed(o.Manifest), o.Row, dashed([]byte(o.Line)), o.Salt, dashed(hashBytes(o.RowPath)))
}

// dashed formats bytes in hex; "-" is none.
func dashed(b []byte) string {
	if len(b) == 0 {
		return "-"
	}
	return hex.EncodeToString(b)
}

func siblingBytes(path []Sibling) []byte {
	var b []byte
	for _, s := range path {
		b = append(binary.BigEndian.AppendUint64(b, s.Count), s.Hash[:]...)
	}
	return b
}

func hashBytes(path []Hash) []byte {
	var b []byte
	for _, h := range path {
		b = append(b, h[:]...)
	}
	return b
}

// ParseOpening reads one line without its LF. It accepts exactly what AppendTo writes and
// fails with ErrOpening.
func ParseOpening(line []byte) (Opening, error) {
	if len(line) > maxOpening {
		return Opening{}, fmt.Errorf("%w: line of %d bytes", ErrOpening, len(line))
	}
	o, err := readOpening(strings.SplitN(string(line), " ", 3), strings.Split(string(line), " "))
	if err != nil {
		return o, fmt.Errorf("%w: %w", ErrOpening, err)
	}
	if again := o.AppendTo(nil); !bytes.Equal(again[:len(again)-1], line) {
		return o, fmt.Errorf("%w: not in its one canonical spelling", ErrOpening)
	}
	return o, nil
}

func readOpening(said, words []string) (o Opening, err error) {
	if len(said) == 3 && said[0] == "refused" && said[2] != "" {
		if o.Refused, err = ts.Unescape(said[2]); err == nil {
			o.Position, err = ts.ParseNumber(said[1])
		}
		return o, err
	}
	if len(words) != 11 || words[0] != "open" {
		return o, fmt.Errorf("%d words beginning with %.10q", len(words), words[0])
	}
	keep := func(e error) {
		if err == nil {
			err = e
		}
	}
	number := func(i int) uint64 {
		n, e := ts.ParseNumber(words[i])
		keep(e)
		return n
	}
	raw := func(i int) []byte {
		if words[i] == "-" {
			return nil
		}
		b, e := hex.DecodeString(words[i])
		keep(e)
		return b
	}
	o.Position, o.Entry, o.Row = number(1), number(5), number(7)
	o.Member, o.Manifest, o.Line = raw(2), raw(6), string(raw(8))
	tag, path, salt, rowPath := raw(3), raw(4), raw(9), raw(10)
	if err == nil && (len(tag) != len(o.Tag) || len(path)%40 != 0 || len(path) > 40*maxTriePath ||
		len(salt) != len(o.Salt) || len(rowPath)%32 != 0 || len(rowPath) > 32*maxRowPath) {
		err = errors.New("a tag, path or salt of impossible length")
	}
	if err != nil {
		return o, err
	}
	copy(o.Tag[:], tag)
	copy(o.Salt[:], salt)
	for ; len(path) > 0; path = path[40:] {
		o.Path = append(o.Path, Sibling{binary.BigEndian.Uint64(path), Hash(path[8:40])})
	}
	for ; len(rowPath) > 0; rowPath = rowPath[32:] {
		o.RowPath = append(o.RowPath, Hash(rowPath[:32]))
	}
	return o, nil
}

// ParseOpenings reads an openings file, a line a drawn position.
func ParseOpenings(file []byte) ([]Opening, error) {
	var list []Opening
	for n := 1; len(file) > 0; n++ {
		line, rest, ok := bytes.Cut(file, []byte("\n"))
		if !ok || uint64(n) > MaxMembers {
			return nil, fmt.Errorf("line %d: %w: without end", n, ErrOpening)
		}
		o, err := ParseOpening(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		list = append(list, o)
		file = rest
	}
	return list, nil
}

// Evidence is what an opening shows once Check has found it sound by itself. That its
// batch is in the ledger, live and committed in time, is left to whoever has the ledger.
type Evidence struct {
	Row      ts.Row
	Manifest Manifest
	Digest   ts.Digest // of the manifest, as the batch entry names it
}

// Check checks all of an opening that follows from itself, the statement and the rule:
// position, row in its segment, predicate and member. Its tag is proved with all others in
// one proof, AuditContext.
func (o *Opening) Check(s *Statement, r *Rule) (*Evidence, error) {
	if o.Refused != "" {
		return nil, errors.New("the publisher refused to open it")
	}
	position, err := CheckTriePath(s.Root, s.N, o.Tag, o.Path)
	if err != nil {
		return nil, err
	}
	if position != o.Position {
		return nil, fmt.Errorf("its tag stands at %d", position)
	}
	e := &Evidence{Digest: ts.DigestOf(o.Manifest)}
	if e.Manifest, err = ParseManifest(o.Manifest); err != nil {
		return nil, err
	}
	if e.Manifest.Schema != SchemaDigest() {
		return nil, errors.New("its rows are of a schema not known here")
	}
	if err := CheckRowPath(e.Manifest.RowRoot, e.Manifest.Rows, o.Row, RowLeaf(o.Salt, []byte(o.Line)), o.RowPath); err != nil {
		return nil, err
	}
	if e.Row, err = ts.ParseLine(o.Line); err != nil {
		return nil, err
	}
	return e, r.shows(o.Member, e)
}

// shows fails unless the row behind an opening supports the member under the rule.
func (r *Rule) shows(member []byte, e *Evidence) error {
	if r.PlaceSource != "" && (len(e.Manifest.Places) == 0 || e.Manifest.Places[0].Name != r.PlaceSource) {
		return fmt.Errorf("its rows were not placed by %s first", r.PlaceSource)
	}
	supported, err := r.Supports(&e.Row)
	if err != nil {
		return fmt.Errorf("its row does not count: %w", err)
	}
	if !bytes.Equal(supported, member) {
		return errors.New("its row supports another member")
	}
	return nil
}

// AuditContext is the context of the proof over all tags of an audit's openings.
func AuditContext(figure ts.Digest, seed [32]byte, origin string) []byte {
	return fmt.Appendf(nil, "figure %s\nseed %x\norigin %s\n", figure, seed, origin)
}

// Opened returns what the proof of an audit is about: the members' points and their tags,
// in order, those refused left out.
func Opened(list []Opening) (c, d []Point) {
	for i := range list {
		if list[i].Refused == "" {
			c, d = append(c, HashMember(list[i].Member)), append(d, list[i].Tag)
		}
	}
	return c, d
}
