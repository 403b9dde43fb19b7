package publish

import (
	"errors"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/segment"
	"github.com/tallystick/tallystick/proof"
)

// sealed is a segment whose rows are looked through.
type sealed struct {
	ledger *ledger.Ledger
	salt   [32]byte
	entry  uint64
	*evidence.Segment
}

// serves reports whether rows of the segment may support a member under the rule.
func (s *sealed) serves(r *proof.Rule) bool {
	m := &s.Manifest
	return m.First < r.Window.To && m.Last >= r.Window.From && len(m.Places) > 0 &&
		(r.PlaceSource == "" || r.PlaceSource == m.Places[0].Name)
}

// hungry returns what members must be computed of which classes of rows: those of figures
// that the segment serves and that miss a good row.
func (s *sealed) hungry(all *search) map[kind][]ts.Class {
	wanted := map[kind][]ts.Class{}
	for _, k := range all.seekers {
		if !s.serves(k.rule) || !k.misses() {
			continue
		}
		of := kind{k.rule.Member, k.rule.Net64}
		wanted[of] = append(wanted[of], k.rule.Classes...)
	}
	return wanted
}

func (k *seeker) misses() bool {
	for _, f := range k.found {
		if !f.good {
			return true
		}
	}
	return false
}

// search returns for each wish the first row of the segment that supports it, and the first
// that is good too.
func (s *sealed) search(all *search) (hits []hit, err error) {
	wanted := s.hungry(all)
	if len(wanted) == 0 {
		return nil, nil
	}
	var classes []ts.Class
	for _, list := range wanted {
		classes = append(classes, list...)
	}
	had := map[*found]bool{} // whether a good one
	var member []byte
	err = s.rows(classes, func(number uint64, row *ts.Row) error {
		for of, list := range wanted {
			if !slices.Contains(list, row.Class) {
				continue
			}
			member, _ = row.AppendMember(member[:0], of.member)
			if of.net64 && len(member) > 0 {
				member = ts.WidenMember(member)
			}
			for _, w := range all.wishes[of][string(member)] {
				if h, ok := s.hit(w, row, had, all.excluded); ok {
					h.row, h.line = number, string(row.AppendLine(nil))
					hits = append(hits, h)
				}
			}
		}
		return nil
	})
	return hits, s.wrap(err)
}

// hit reports whether a row is better for a member than what the segment or those before it
// gave.
func (s *sealed) hit(w wish, row *ts.Row, had map[*found]bool, x excluded) (hit, bool) {
	good, any := had[w.found]
	if w.good || good || !s.serves(w.rule) {
		return hit{}, false
	}
	if _, err := w.rule.Supports(row); err != nil || x.has(row) {
		return hit{}, false
	}
	good = w.judge(s.entry, row) == nil
	if !good && (any || w.by != nil) {
		return hit{}, false
	}
	had[w.found] = good
	return hit{wish: w, by: s, good: good}, true
}

// prove gives rows of the segment the manifest, salts and paths.
func (s *sealed) prove(list []*found) error {
	manifest, err := s.ledger.Get(evidence.ManifestPath(s.Digest))
	if err != nil {
		return err
	}
	salts := proof.NewSalts(proof.SegmentKey(s.salt, s.Manifest.Segment))
	leaves := make([]proof.Hash, 0, s.Manifest.Rows)
	err = s.rows(nil, func(number uint64, row *ts.Row) error {
		leaves = append(leaves, salts.Leaf(number, row))
		return nil
	})
	if err != nil {
		return s.wrap(err)
	}
	numbers := make([]uint64, len(list))
	for i, f := range list {
		numbers[i] = f.Row
	}
	paths, err := proof.RowPaths(leaves, numbers)
	if err != nil {
		return s.wrap(err)
	}
	for i, f := range list {
		f.Manifest, f.Salt, f.RowPath = manifest, salts.Row(f.Row), paths[i]
	}
	return nil
}

// rows calls f with every row of some classes, nil all, and its number. The row is valid
// until f returns.
func (s *sealed) rows(classes []ts.Class, f func(number uint64, row *ts.Row) error) (err error) {
	file, err := s.ledger.OpenFile(evidence.SegmentPath(s.Manifest.First, s.Manifest.File))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	r, err := segment.Open(file, file.Size())
	if err != nil {
		return err
	}
	if uint64(r.NumRows()) != s.Manifest.Rows {
		return errRows
	}
	c, err := segment.NewCursor()
	if err != nil {
		return err
	}
	for g := range r.Groups() {
		if err := (&groupRows{r, c, g, map[segment.Column]*segment.Dictionary{}}).each(classes, f); err != nil {
			return err
		}
	}
	return nil
}

// groupRows reads the rows of one row group.
type groupRows struct {
	reader       *segment.Reader
	cursor       *segment.Cursor
	group        int
	dictionaries map[segment.Column]*segment.Dictionary
}

func (g *groupRows) dictionary(c segment.Column) (d *segment.Dictionary, err error) {
	if d = g.dictionaries[c]; d == nil {
		d, err = g.cursor.Dictionary(g.reader, g.group, c)
		g.dictionaries[c] = d
	}
	return d, err
}

func (g *groupRows) each(classes []ts.Class, f func(number uint64, row *ts.Row) error) error {
	blocks := g.reader.Blocks(g.group)
	for i := range blocks {
		at, err := g.ofClasses(&blocks[i], classes)
		if err != nil {
			return err
		}
		if len(at) == 0 {
			continue
		}
		rows, err := g.cursor.Gather(&blocks[i], at, g.dictionary)
		if err != nil {
			return err
		}
		for j := range rows {
			if err := f(uint64(blocks[i].FirstRow)+uint64(at[j]), &rows[j]); err != nil {
				return err
			}
		}
	}
	return nil
}

// ofClasses returns the numbers in the block of the rows of some classes, nil all.
func (g *groupRows) ofClasses(b *segment.Block, classes []ts.Class) ([]int32, error) {
	dictionary, err := g.dictionary(segment.Class)
	if err != nil {
		return nil, err
	}
	indexes, err := g.cursor.Indexes(segment.Class, b, dictionary)
	if err != nil {
		return nil, err
	}
	wanted := make([]bool, len(dictionary.Texts))
	for i, word := range dictionary.Texts {
		wanted[i] = classes == nil || slices.ContainsFunc(classes, func(c ts.Class) bool { return c.String() == word })
	}
	var at []int32
	for i := range b.Rows {
		if wanted[indexes.At(i)] {
			at = append(at, int32(i))
		}
	}
	return at, nil
}
