package count

import (
	"cmp"
	"slices"
	"sort"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/place"
	"github.com/tallystick/tallystick/internal/segment"
)

// Where every group lies within one pair of countries, a scan takes a stretch of pairs
// through all segments before the next: its members fit the processor's cache, and are
// forgotten when the stretch ends. Segments are sorted by pair.

// pair is what segments are sorted by first.
type pair struct{ by, on ts.Country }

func (p pair) compare(o pair) int { return cmp.Or(cmp.Compare(p.by, o.by), cmp.Compare(p.on, o.on)) }

// beyond is behind every pair.
var beyond = pair{by: "\xff"}

// stretch is the pairs from one, up to another that is not in it.
type stretch struct{ from, to pair }

var everyPair = stretch{pair{}, beyond}

// A stretch has at least leastStretch rows, and of each segment twice the rows of a block:
// so many that few blocks lie across an edge, and must be read for both stretches. Where
// entries of runs are read, it has at least entryStretch: those of a row group are read anew
// with each stretch.
const (
	leastStretch   = 1 << 19
	entryStretch   = 1 << 22
	segmentStretch = 2 * segment.BlockRows
)

// stretchRows is how many rows a stretch through segments has, unless Options say otherwise.
func (s *Scan) stretchRows(q *query, segments []*Segment) int {
	if s.opt.StretchRows > 0 {
		return s.opt.StretchRows
	}
	least := leastStretch
	if q.shadowed != nil || slices.ContainsFunc(segments, func(seg *Segment) bool { return !covers(q.Window, seg) }) {
		least = entryStretch
	}
	return max(least, len(segments)*segmentStretch)
}

// asked returns the pairs that a question is about, as far as they stand together.
func (q *query) asked() stretch {
	if q.Verdict != place.First || len(q.By) != 1 {
		return everyPair
	}
	by := q.By[0]
	if len(q.On) != 1 {
		return stretch{pair{by, ""}, pair{by + "\x00", ""}}
	}
	return stretch{pair{by, q.On[0]}, pair{by, q.On[0] + "\x00"}}
}

// paired reports whether every group lies within one pair.
func (q *query) paired() bool {
	return slices.Contains(q.Group, By) && slices.Contains(q.Group, On)
}

// least returns a pair that none of the block is before.
func least(b *segment.Block) pair {
	if b.By.Min == b.By.Max {
		return pair{b.By.Min, b.On.Min}
	}
	return pair{by: b.By.Min}
}

// touches reports whether the block can have rows of s.
func (s stretch) touches(b *segment.Block) bool {
	return b.By.Max >= s.from.by && least(b).compare(s.to) < 0
}

// rows returns the rows [from, to) of the block in v that are of s.
func (s stretch) rows(v *view) (from, to int) {
	if s == everyPair {
		return 0, v.block.Rows
	}
	by, bys := v.index(segment.By), v.dictionary(segment.By).Texts
	on, ons := v.index(segment.On), v.dictionary(segment.On).Texts
	if v.err != nil {
		return 0, 0
	}
	before := func(limit pair) int {
		return sort.Search(v.block.Rows, func(i int) bool {
			return pair{ts.Country(bys[by.At(i)]), ts.Country(ons[on.At(i)])}.compare(limit) >= 0
		})
	}
	from, to = before(s.from), before(s.to)
	return from, max(from, to)
}

// stretches divides all pairs so that each stretch but the last has about as many rows as
// asked.
func stretches(pieces []piece, rows int) []stretch {
	var blocks []*segment.Block
	for _, p := range pieces {
		list := p.h.reader.Blocks(p.group)
		for i := range list {
			blocks = append(blocks, &list[i])
		}
	}
	slices.SortFunc(blocks, func(a, b *segment.Block) int { return least(a).compare(least(b)) })
	list := []stretch{everyPair}
	sum := 0
	for _, b := range blocks {
		last := &list[len(list)-1]
		if at := least(b); sum >= rows && at != last.from {
			last.to = at
			list = append(list, stretch{at, beyond})
			sum = 0
		}
		sum += b.Rows
	}
	return list
}
