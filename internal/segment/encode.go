package segment

import (
	"encoding/binary"

	"github.com/parquet-go/parquet-go/encoding/delta"

	ts "github.com/tallystick/tallystick"
)

// encoder holds the values of one column that await their page, and in a column of indexes
// the dictionary of the row group. Bytes given out are valid until the next call.
type encoder interface {
	add(rows []ts.Row)
	page() (values []byte, wide bool, err error) // encoded, wide where most take over a byte; they are gone then
	bounds() (least, most []byte)                // of the values, plain
	dictionary() ([]byte, int)                   // plain, and its number of values; 0 in columns without
	reset()                                      // for the next row group
}

func newEncoder(c Column) encoder {
	switch {
	case !c.indexed() && c.width() == 4:
		return &deltas[int32]{value: c.number(), encode: new(delta.BinaryPackedEncoding).EncodeInt32}
	case !c.indexed():
		return &deltas[int64]{value: c.number(), encode: new(delta.BinaryPackedEncoding).EncodeInt64}
	case c.width() == 0:
		return &textIndexes{indexes: indexes{narrow: c.narrow()}, value: c.text(), texts: newTexts()}
	default:
		return &numberIndexes{indexes: indexes{narrow: c.narrow()}, value: c.number(), width: c.width(), numbers: newNumbers()}
	}
}

// deltas encodes a column of numbers by their differences (DELTA_BINARY_PACKED).
type deltas[N int32 | int64] struct {
	value       func(*ts.Row) uint64
	encode      func([]byte, []N) ([]byte, error)
	list        []N
	encoded     []byte
	least, most uint64
}

func (x *deltas[N]) add(rows []ts.Row) {
	for i := range rows {
		v := x.value(&rows[i])
		if len(x.list) == 0 {
			x.least, x.most = v, v
		}
		x.least, x.most = min(x.least, v), max(x.most, v)
		x.list = append(x.list, N(v))
	}
}

func (x *deltas[N]) page() (values []byte, wide bool, err error) {
	x.encoded, err = x.encode(x.encoded, x.list)
	x.list = x.list[:0]
	return x.encoded, true, err
}

func (x *deltas[N]) bounds() (least, most []byte) {
	width := binary.Size(N(0))
	return plainNumber(nil, x.least, width), plainNumber(nil, x.most, width)
}

func (x *deltas[N]) dictionary() ([]byte, int) { return nil, 0 }
func (x *deltas[N]) reset()                    {}

func plainNumber(dst []byte, v uint64, width int) []byte {
	if width == 4 {
		return binary.LittleEndian.AppendUint32(dst, uint32(v))
	}
	return binary.LittleEndian.AppendUint64(dst, v)
}
