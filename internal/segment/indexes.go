package segment

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/parquet-go/parquet-go/encoding/rle"

	ts "github.com/tallystick/tallystick"
)

// indexes are those of the values of a page into a dictionary.
type indexes struct {
	list    []int32
	index   int32 // last in list
	top     int32 // the highest in list
	narrow  bool
	encoded []byte
}

// page encodes the indexes (Parquet encodings, RLE_DICTIONARY): their bit width, then runs
// and bit-packed ones. Where an index has more than eight bits, all have whole bytes but
// in narrow columns: zstd, which sees bytes only, then finds the frequent ones. They take a
// sixth less, unless all are about as frequent.
func (x *indexes) page() (values []byte, wide bool, err error) {
	width := bits.Len32(uint32(x.top))
	if width > 8 && !x.narrow {
		width = (width + 7) / 8 * 8
	}
	x.encoded, err = (&rle.Encoding{BitWidth: width}).EncodeInt32(x.encoded, x.list)
	x.encoded = slices.Insert(x.encoded, 0, byte(width))
	x.list, x.top = x.list[:0], 0
	return x.encoded, width > 8, err
}

// numberIndexes encodes a column of numbers as indexes.
type numberIndexes struct {
	indexes
	value       func(*ts.Row) uint64
	width       int // bytes of a plain value
	numbers     distinct[uint64]
	last        uint64 // added
	least, most uint64
}

func (x *numberIndexes) add(rows []ts.Row) {
	list, last, index := x.list, x.last, x.index
	for i := range rows {
		if v := x.value(&rows[i]); v != last || len(list) == 0 {
			if len(list) == 0 {
				x.least, x.most = v, v
			}
			x.least, x.most = min(x.least, v), max(x.most, v)
			last, index = v, x.numbers.number(v)
			x.top = max(x.top, index)
		}
		list = append(list, index)
	}
	x.list, x.last, x.index = list, last, index
}

func (x *numberIndexes) bounds() (least, most []byte) {
	return plainNumber(nil, x.least, x.width), plainNumber(nil, x.most, x.width)
}

func (x *numberIndexes) dictionary() ([]byte, int) {
	plain := make([]byte, 0, len(x.numbers.values)*x.width)
	for _, v := range x.numbers.values {
		plain = plainNumber(plain, v, x.width)
	}
	return plain, len(x.numbers.values)
}

func (x *numberIndexes) reset() { x.numbers.reset() }

// textIndexes encodes a column of text as indexes. Texts are shared with the rows.
type textIndexes struct {
	indexes
	value       func(*ts.Row) string
	texts       distinct[string]
	pages       int32   // so far
	seen        []int32 // page in which each text came last
	last        string  // added
	least, most string
}

func (x *textIndexes) add(rows []ts.Row) {
	list, last, index := x.list, x.last, x.index
	for i := range rows {
		if v := x.value(&rows[i]); v != last || len(list) == 0 {
			if len(list) == 0 {
				x.pages++
				x.least, x.most = v, v
			}
			last, index = v, x.texts.number(v)
			x.top = max(x.top, index)
			x.see(index, v)
		}
		list = append(list, index)
	}
	x.list, x.last, x.index = list, last, index
}

// see widens the bounds of the page by a text when it comes first.
func (x *textIndexes) see(index int32, v string) {
	if int(index) == len(x.seen) {
		x.seen = append(x.seen, 0)
	}
	if x.seen[index] != x.pages {
		x.seen[index] = x.pages
		x.least, x.most = min(x.least, v), max(x.most, v)
	}
}

func (x *textIndexes) bounds() (least, most []byte) { return []byte(x.least), []byte(x.most) }

func (x *textIndexes) dictionary() ([]byte, int) {
	var plain []byte
	for _, v := range x.texts.values {
		plain = append(binary.LittleEndian.AppendUint32(plain, uint32(len(v))), v...)
	}
	return plain, len(x.texts.values)
}

func (x *textIndexes) reset() {
	x.texts.reset()
	x.seen, x.pages, x.least, x.most = x.seen[:0], 0, "", ""
}
