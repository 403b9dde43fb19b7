package publish

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/segment"
	"github.com/tallystick/tallystick/proof"
)

// seeker looks for a row behind each of some members of a figure.
type seeker struct {
	rule  *proof.Rule
	found map[string]*proof.Opening // by member; without a line while nothing is found
	left  int
}

func newSeeker(r *proof.Rule, wanted [][]byte) *seeker {
	s := &seeker{rule: r, found: map[string]*proof.Opening{}}
	for _, m := range wanted {
		s.found[string(m)] = &proof.Opening{Member: m}
	}
	s.left = len(s.found)
	return s
}

// seek reads the rows that were counted once, batch after batch, until each member has a
// row: the first one committed to. It is the slow road of package segment.
func seek(ctx context.Context, l *ledger.Ledger, v *evidence.View, seekers []*seeker) error {
	salt, err := l.SaltKey()
	if err != nil {
		return err
	}
	x := exclusions(v)
	for b := range v.Live() {
		for i := range b.Segments {
			if err := ctx.Err(); err != nil {
				return err
			}
			s := sealed{l, salt, b.Index, &b.Segments[i]}
			if err := s.seek(x, seekers); err != nil {
				return fmt.Errorf("segment %s: %w", s.Manifest.File, err)
			}
		}
	}
	return nil
}

// sealed is a segment whose rows are looked through.
type sealed struct {
	ledger *ledger.Ledger
	salt   [32]byte
	entry  uint64
	*evidence.Segment
}

func (s *sealed) seek(x excluded, seekers []*seeker) (err error) {
	var hungry []*seeker
	for _, k := range seekers {
		if k.left > 0 && s.serves(k.rule) {
			hungry = append(hungry, k)
		}
	}
	if len(hungry) == 0 {
		return nil
	}
	f, err := s.ledger.OpenFile(evidence.SegmentPath(s.Manifest.First, s.Manifest.File))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r, err := segment.Open(f, f.Size())
	if err != nil {
		return err
	}
	var found []*proof.Opening
	row := uint64(0)
	for one, err := range r.Rows() {
		if err != nil {
			return err
		}
		for _, k := range hungry {
			if o := k.match(&one, x); o != nil {
				o.Entry, o.Row, o.Line = s.entry, row, string(one.AppendLine(nil))
				found = append(found, o)
			}
		}
		row++
	}
	if len(found) == 0 {
		return nil
	}
	return s.prove(r, found)
}

// serves reports whether rows of the segment may support a member under the rule.
func (s *sealed) serves(r *proof.Rule) bool {
	m := &s.Manifest
	return m.First < r.Window.To && m.Last >= r.Window.From && len(m.Places) > 0 &&
		(r.PlaceSource == "" || r.PlaceSource == m.Places[0].Name)
}

// match returns the opening that a row is the first found for.
func (k *seeker) match(row *ts.Row, x excluded) *proof.Opening {
	if k.left == 0 || !slices.Contains(k.rule.Classes, row.Class) {
		return nil
	}
	member, err := k.rule.Supports(row)
	if err != nil || x.has(row) {
		return nil
	}
	o := k.found[string(member)]
	if o == nil || o.Line != "" {
		return nil
	}
	k.left--
	return o
}

// prove gives openings the salts and paths of their rows.
func (s *sealed) prove(r *segment.Reader, found []*proof.Opening) error {
	manifest, err := s.ledger.Get(evidence.ManifestPath(s.Digest))
	if err != nil {
		return err
	}
	salts := proof.NewSalts(proof.SegmentKey(s.salt, s.Manifest.Segment))
	leaves := make([]proof.Hash, 0, s.Manifest.Rows)
	var line []byte
	for row, err := range r.Rows() {
		if err != nil {
			return err
		}
		line = row.AppendLine(line[:0])
		leaves = append(leaves, proof.RowLeaf(salts.Row(uint64(len(leaves))), line))
	}
	for _, o := range found {
		o.Manifest, o.Salt = manifest, salts.Row(o.Row)
		if o.RowPath, err = proof.RowPath(leaves, o.Row); err != nil {
			return err
		}
	}
	return nil
}

// excluded is what exclusions name.
type excluded struct {
	words map[string]bool
	addrs map[netip.Addr]bool
}

func exclusions(v *evidence.View) excluded {
	x := excluded{map[string]bool{}, map[netip.Addr]bool{}}
	for _, e := range v.Exclusions {
		x.words[e.Value] = true
		if a, err := netip.ParseAddr(e.Value); err == nil {
			x.addrs[ts.Canonical(a)] = true
		}
	}
	return x
}

func (x excluded) has(r *ts.Row) bool {
	return x.words[r.Indicator] || x.words[r.PerpName] || x.addrs[r.Perp] || x.addrs[r.Victim]
}
