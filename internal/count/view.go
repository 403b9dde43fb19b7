package count

import (
	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/segment"
)

// view shows one block's columns, each read when it is first asked for. After an error it
// shows nothing; err says why.
type view struct {
	b      *bound
	cursor *segment.Cursor
	block  *segment.Block
	err    error

	have    [segment.Columns]bool
	indexes [segment.Columns]segment.Indexes
	longs   [segment.Columns][]int64
	ints    [segment.Columns][]int32
}

// turn shows another block.
func (v *view) turn(b *bound, c *segment.Cursor, block *segment.Block) {
	v.b, v.cursor, v.block = b, c, block
	v.have = [segment.Columns]bool{}
}

func (v *view) dictionary(col segment.Column) *segment.Dictionary {
	d := v.b.dicts[col]
	if d == nil && v.err == nil {
		d, v.err = v.b.dictionary(v.cursor, col)
	}
	if d == nil {
		return &segment.Dictionary{}
	}
	return d
}

func (v *view) index(col segment.Column) *segment.Indexes {
	if !v.have[col] && v.err == nil {
		v.indexes[col], v.err = v.cursor.Indexes(col, v.block, v.dictionary(col))
		v.have[col] = true
	}
	return &v.indexes[col]
}

func (v *view) long(col segment.Column) []int64 {
	if !v.have[col] && v.err == nil {
		v.longs[col], v.err = v.cursor.Longs(col, v.block)
		v.have[col] = true
	}
	return v.longs[col]
}

func (v *view) int(col segment.Column) []int32 {
	if !v.have[col] && v.err == nil {
		v.ints[col], v.err = v.cursor.Ints(col, v.block)
		v.have[col] = true
	}
	return v.ints[col]
}

// numbers is a column of numbers, ready to be asked by row.
type numbers struct {
	dict []uint64
	at   *segment.Indexes
}

func (v *view) numbers(col segment.Column) numbers {
	return numbers{v.dictionary(col).Numbers, v.index(col)}
}

func (n *numbers) row(i int32) uint64 { return n.dict[n.at.At(int(i))] }

// ends is an address column, ready to be asked by row.
type ends struct {
	hi    numbers
	lo    numbers
	plain []int64 // the low half, where it is not kept by dictionary
}

func (v *view) perps() ends {
	return ends{hi: v.numbers(segment.PerpHi), lo: v.numbers(segment.PerpLo)}
}

func (v *view) vias() ends { return ends{hi: v.numbers(segment.ViaHi), lo: v.numbers(segment.ViaLo)} }

func (v *view) victims() ends {
	return ends{hi: v.numbers(segment.VictimHi), plain: v.long(segment.VictimLo)}
}

func (e *ends) row(i int32) halves {
	if e.plain != nil {
		return halves{e.hi.row(i), uint64(e.plain[i])}
	}
	return halves{e.hi.row(i), e.lo.row(i)}
}

// slot returns the number of the half-hour that row i began in, counted from 1970.
func slot(day uint64, second int32) uint64 {
	return day*(ts.SecondsPerDay/ts.SlotSeconds) + uint64(second)/ts.SlotSeconds
}
