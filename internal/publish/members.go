package publish

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/proof"
)

// members are those of one figure in the order of their tags. Who holds them knows whose
// the tags are.
type members struct {
	list [][]byte
	tags []proof.Point
}

// countMembers returns the public members of a measure over a scope, in the order of their
// bytes.
func countMembers(ctx context.Context, scan *count.Scan, m *measure.Measure, s *proof.Scope) ([][]byte, error) {
	var list [][]byte
	for one, err := range scan.Members(ctx, count.Question{Measure: *m, Window: s.Window, By: s.By, On: s.On}) {
		if err != nil {
			return nil, err
		}
		if !one.Internal {
			list = append(list, one.Bytes)
		}
	}
	return list, nil
}

// under returns the members as the rule counts them.
func under(r *proof.Rule, list [][]byte) [][]byte {
	if !r.Net64 {
		return list
	}
	wide := make([][]byte, len(list))
	for i, m := range list {
		wide[i] = ts.WidenMember(m)
	}
	slices.SortFunc(wide, bytes.Compare)
	return slices.CompactFunc(wide, bytes.Equal)
}

// tagger has the tag of every member of some figures. A member of several has one tag under
// one key, which is made once.
type tagger struct {
	list [][]byte // in order, each once
	tags []proof.Point
}

func newTagger(secret *proof.Secret, lists ...[][]byte) *tagger {
	all := slices.Concat(lists...)
	slices.SortFunc(all, bytes.Compare)
	all = slices.CompactFunc(all, bytes.Equal)
	return &tagger{all, secret.Tags(all)}
}

// members gives each of a list in order its tag, and puts them in the order of the tags.
func (t *tagger) members(list [][]byte) members {
	tags := make([]proof.Point, len(list))
	at := 0
	for i, member := range list {
		for !bytes.Equal(t.list[at], member) {
			at++
		}
		tags[i] = t.tags[at]
	}
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return bytes.Compare(tags[a][:], tags[b][:]) })
	m := members{make([][]byte, len(list)), make([]proof.Point, len(list))}
	for i, at := range order {
		m.list[i], m.tags[i] = list[at], tags[at]
	}
	return m
}

func tagged(secret *proof.Secret, list [][]byte) members {
	return newTagger(secret, list).members(list)
}

// tagFile returns the content of tags.bin.
func (m *members) tagFile() []byte {
	file := make([]byte, 0, 32*len(m.tags))
	for i := range m.tags {
		file = append(file, m.tags[i][:]...)
	}
	return file
}

// membersName is where the members of a figure are kept, by its root.
func membersName(root proof.Hash) string { return fmt.Sprintf("members/%x", root) }

// keep writes the members for their owner only, so that an audit is answered without
// making every tag again.
func (m *members) keep(l *ledger.Ledger, root proof.Hash) error {
	var b []byte
	for i, one := range m.list {
		b = append(b, m.tags[i][:]...)
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(one))), one...)
	}
	sum := sha256.Sum256(b)
	return l.PutPrivate(membersName(root), append(b, sum[:]...))
}

// errMembers means that a kept list of members is not what was kept.
var errMembers = errors.New("is damaged: delete it, and it is made again")

func readMembers(b []byte) (m members, err error) {
	if len(b) < sha256.Size || sha256.Sum256(b[:len(b)-sha256.Size]) != [sha256.Size]byte(b[len(b)-sha256.Size:]) {
		return m, errMembers
	}
	for b = b[:len(b)-sha256.Size]; len(b) > 0; {
		if len(b) < 36 || uint64(len(b)-36) < uint64(binary.BigEndian.Uint32(b[32:])) {
			return m, errMembers
		}
		end := 36 + int(binary.BigEndian.Uint32(b[32:]))
		m.tags = append(m.tags, proof.Point(b[:32]))
		m.list = append(m.list, b[36:end])
		b = b[end:]
	}
	return m, nil
}

// membersOf returns the members of a statement: those kept, or where they are missing,
// counted and tagged again.
func (p *Publisher) membersOf(ctx context.Context, s *proof.Statement, r *proof.Rule) (members, error) {
	kept, err := p.Ledger.Private(membersName(s.Root))
	if err == nil {
		m, err := readMembers(kept)
		if err != nil {
			err = fmt.Errorf("keys/%s %w", membersName(s.Root), err)
		}
		return m, err
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return members{}, err
	}
	m, err := p.countAgain(ctx, s, r)
	if err != nil {
		return m, err
	}
	if proof.TrieRoot(m.tags) != s.Root {
		return m, fmt.Errorf("figure %s: its members, counted again, are not those of the statement", s.ID)
	}
	return m, m.keep(p.Ledger, s.Root)
}

func (p *Publisher) countAgain(ctx context.Context, s *proof.Statement, r *proof.Rule) (members, error) {
	v, err := viewAt(p.Ledger, s.EvidenceSize)
	if err != nil {
		return members{}, err
	}
	m, err := measure.ByName(s.Measure)
	if err != nil {
		return members{}, err
	}
	secret, err := p.secret(s.Report)
	if err != nil {
		return members{}, err
	}
	scan := count.New(Source(p.Ledger, v), count.Options{})
	list, err := countMembers(ctx, scan, &m, &s.Scope)
	if err := errors.Join(err, scan.Close()); err != nil {
		return members{}, err
	}
	return tagged(secret, under(r, list)), nil
}

// viewAt reads what the first size entries of a ledger mean.
func viewAt(l *ledger.Ledger, size uint64) (*evidence.View, error) {
	return evidence.Read(firstEntries{l, size})
}

// firstEntries is a ledger as it was.
type firstEntries struct {
	*ledger.Ledger
	size uint64
}

func (f firstEntries) EntriesFrom(i uint64) iter.Seq2[uint64, []byte] {
	return func(yield func(uint64, []byte) bool) {
		for i, entry := range f.Ledger.EntriesFrom(i) {
			if i >= f.size || !yield(i, entry) {
				return
			}
		}
	}
}
