package count

import (
	"fmt"

	"github.com/tallystick/tallystick/internal/segment"
)

// weights tells how many rows the rows of a block stand for, and the sum of their records
// that are not shadowed: one, and its own, but for the rows of a run.
type weights struct {
	v       *view
	plain   bool // rows stand for themselves, and none is shadowed
	records []int64
	inputs  numbers // where some inputs are shadowed, or some days of a run are not in the window
	run     *merged
	counts  []int64
	masks   []int32
	entries *segment.Indexes
	texts   []string
}

func (v *view) weights() weights {
	w := weights{v: v, records: v.long(segment.Records), run: v.b.h.merged}
	parted := v.b.shadow != nil || w.run != nil && w.run.all&^v.b.days != 0
	w.plain = w.run == nil && !parted
	if parted {
		w.inputs = v.numbers(segment.Input)
	}
	if w.run == nil {
		return w
	}
	w.counts = v.long(segment.Offset)
	if parted {
		w.masks = v.int(segment.Duration)
		w.entries, w.texts = v.index(segment.HostID), v.dictionary(segment.HostID).Texts
	}
	return w
}

// row tells of row i of the block.
func (w *weights) row(i int32) (rows, records uint64) {
	if w.plain {
		return 1, uint64(w.records[i])
	}
	return w.parted(i)
}

func (w *weights) parted(i int32) (rows, records uint64) {
	switch {
	case w.run == nil:
		if w.v.b.shadow[w.inputs.at.At(int(i))] {
			return 1, 0
		}
		return 1, uint64(w.records[i])
	case w.masks == nil || w.v.b.shadow == nil && uint32(w.masks[i])&^w.v.b.days == 0:
		return uint64(w.counts[i]), uint64(w.records[i])
	}
	text := w.texts[w.entries.At(int(i))]
	if text == "" {
		return w.seen(entry{uint32(w.inputs.row(i)), uint64(w.counts[i]), uint64(w.records[i])})
	}
	if err := eachEntry(text, func(e entry) {
		n, sum := w.seen(e)
		rows, records = rows+n, records+sum
	}); err != nil {
		w.v.err = fmt.Errorf("run %s: %w", w.v.b.h.name, err)
	}
	return rows, records
}

// seen is the part of an entry that is in the window and not shadowed.
func (w *weights) seen(e entry) (rows, records uint64) {
	switch {
	case int(e.origin) >= len(w.run.origins):
		w.v.err = fmt.Errorf("count: run %s: origin %d of %d", w.v.b.h.name, e.origin, len(w.run.origins))
		return 0, 0
	case w.run.origins[e.origin].bit()&w.v.b.days == 0:
		return 0, 0
	case w.v.b.shadow != nil && w.v.b.shadow[e.origin]:
		return e.rows, 0
	default:
		return e.rows, e.records
	}
}
