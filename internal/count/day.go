package count

import (
	"math/bits"

	"github.com/tallystick/tallystick/internal/segment"
)

// keepDays keeps the rows of a run that stand for a row of a day in the window.
func keepDays(v *view, rows []int32) []int32 {
	masks := v.int(segment.Duration)
	if v.err != nil {
		return nil
	}
	n := 0
	for _, i := range rows {
		if uint32(masks[i])&v.b.days != 0 {
			rows[n] = i
			n++
		}
	}
	return rows[:n]
}

// spans tells the first and the last day in the window of the rows of a block.
type spans struct {
	day   numbers
	run   *merged
	masks []int32
	days  uint32
}

func (v *view) spans() spans {
	if run := v.b.h.merged; run != nil {
		return spans{run: run, masks: v.int(segment.Duration), days: v.b.days}
	}
	return spans{day: v.numbers(segment.Day)}
}

func (s *spans) row(i int32) (first, last int32) {
	if s.run == nil {
		day := int32(s.day.row(i))
		return day, day
	}
	days, start := uint32(s.masks[i])&s.days, int32(s.run.start())
	return start + int32(bits.TrailingZeros32(days)), start + int32(bits.Len32(days)) - 1
}
