// Package publish knows what a report needs of a ledger: the segments to count over,
// the evidence that stands beside the figures, the files of a published report and the
// entry that commits to them; and how its figures are offered to whoever checks them:
// rules, statements, the answers to audits, the bundle. It must never know how figures are
// rendered or counted, nor how a bundle is judged.
package publish

import (
	"maps"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/proof"
)

// Source returns what is counted: the segments of the live batches, each file once, since
// a file that is judged again may give the same rows; without what was excluded.
func Source(l *ledger.Ledger, v *evidence.View) count.Source {
	return sourceOf(l, v, func(*evidence.Batch, *proof.Manifest) bool { return true })
}

// sourceOf is Source of the segments to be kept.
func sourceOf(l *ledger.Ledger, v *evidence.View, keep func(*evidence.Batch, *proof.Manifest) bool) count.Source {
	src := count.Source{Shadowed: shadows(v)}
	seen := map[ts.Digest]bool{}
	for b := range v.Live() {
		for _, s := range b.Segments {
			m := s.Manifest
			if seen[m.File] || !keep(b, &m) {
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

// shadows finds the inputs that another batch tells again, as when other feeds judged
// the same file, or it was read for another declaration: their members stay, their records
// are not summed twice. A segment may be that of several batches: it is shadowed if all
// their inputs are.
func shadows(v *evidence.View) func(segment string, input uint32) bool {
	type place struct {
		segment string
		input   uint32
	}
	shadowed, shown := map[place]bool{}, map[place]bool{}
	again := v.Tellings()
	for b := range v.Live() {
		for i := range b.Inputs {
			to := shown
			if again.Retold(b.Inputs[i].Digest) {
				to = shadowed
			}
			for _, s := range b.Segments {
				to[place{s.Manifest.File.String(), uint32(i)}] = true
			}
		}
	}
	maps.DeleteFunc(shadowed, func(p place, _ bool) bool { return shown[p] })
	if len(shadowed) == 0 {
		return nil
	}
	return func(segment string, input uint32) bool { return shadowed[place{segment, input}] }
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
