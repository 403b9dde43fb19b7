// Package publish knows what a report needs of a ledger: the segments to count over,
// the evidence that stands beside the figures, the files of a published report and the
// entry that commits to them. It must never know how figures are rendered or counted.
package publish

import (
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
)

// Source returns what is counted: the segments of the live batches, each file once, since
// a file that is judged again may give the same rows; without what was excluded.
func Source(l *ledger.Ledger, v *evidence.View) count.Source {
	src := count.Source{Shadowed: shadows(v)}
	seen := map[ts.Digest]bool{}
	for b := range v.Live() {
		for _, s := range b.Segments {
			m := s.Manifest
			if seen[m.File] {
				continue
			}
			seen[m.File] = true
			path := evidence.SegmentPath(m.First, m.File)
			src.Segments = append(src.Segments, count.Segment{
				Name: m.File.String(), FirstDay: m.First, LastDay: m.Last, Rows: m.Rows,
				Open: func() (count.File, error) { return l.OpenFile(path) },
			})
		}
	}
	for _, x := range v.Exclusions {
		src.Excluded = append(src.Excluded, x.Value)
	}
	return src
}

// shadows finds the inputs that a newer batch tells again, as when other feeds judged
// the same file: their members stay, their records are not summed twice. Where both
// name one and the same segment, the newer decides.
func shadows(v *evidence.View) func(segment string, input uint32) bool {
	type place struct {
		segment string
		input   uint32
	}
	shadowed := map[place]bool{}
	again := retellings(v)
	for b := range v.Live() {
		for i := range b.Inputs {
			retold := again.retold(&b.Inputs[i], b)
			for _, s := range b.Segments {
				at := place{s.Manifest.File.String(), uint32(i)}
				if retold {
					shadowed[at] = true
				} else {
					delete(shadowed, at)
				}
			}
		}
	}
	if len(shadowed) == 0 {
		return nil
	}
	return func(segment string, input uint32) bool { return shadowed[place{segment, input}] }
}

// tellings are the live batches by the beginnings of their inputs.
type tellings map[evidence.Mark][]*evidence.Batch

func retellings(v *evidence.View) tellings {
	t := tellings{}
	for b := range v.Live() {
		for _, in := range b.Inputs {
			t[in.Head] = append(t[in.Head], b)
		}
	}
	return t
}

// retold reports whether a later batch of other rules read all bytes of in again.
func (t tellings) retold(in *evidence.Input, b *evidence.Batch) bool {
	return slices.ContainsFunc(t[in.Head], func(c *evidence.Batch) bool {
		return c.Index > b.Index && c.Rules != b.Rules && slices.ContainsFunc(c.Inputs, func(again evidence.Input) bool {
			return again.Head == in.Head && again.From.Offset <= in.From.Offset && again.To.Offset >= in.To.Offset
		})
	})
}

// checkpoint returns the signed state that holds all evidence, and not the reports
// behind it.
func checkpoint(l *ledger.Ledger, v *evidence.View) (ts.FigureCheckpoint, error) {
	c := ts.FigureCheckpoint{Origin: l.Origin()}
	if v.EvidenceSize() == 0 {
		return c, nil
	}
	head, err := l.HeadAt(v.EvidenceSize())
	if err != nil {
		return c, err
	}
	c.Size, c.Root = head.Size, head.Root.String()
	return c, nil
}
