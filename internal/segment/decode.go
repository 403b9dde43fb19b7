package segment

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/parquet-go/bitpack"
	"github.com/parquet-go/parquet-go/encoding/delta"
)

var errShort = errors.New("values end too early")

// decodeIndexes reads the RLE_DICTIONARY page src into dst, whose length is the number of
// values. Where all values are one, it says so and leaves dst alone. Every index is below
// limit. src needs bitpack.PaddingInt32 bytes of capacity behind it.
//
// The decoder of parquet-go would expand single runs, and allocates what the page says.
func decodeIndexes(dst []int32, src []byte, limit int) (same int32, one bool, err error) {
	if len(src) == 0 || src[0] > 32 {
		return 0, false, errors.New("indexes without a bit width")
	}
	width := uint(src[0])
	src = src[1:]
	for at := 0; at < len(dst); {
		header, n := binary.Uvarint(src)
		if n <= 0 || header>>1 == 0 {
			return 0, false, errShort
		}
		src = src[n:]
		if header&1 != 0 {
			if at, src, err = unpackRun(dst, at, src, header>>1, width); err != nil {
				return 0, false, err
			}
			continue
		}
		value, size := uint32(0), int(width+7)/8
		if len(src) < size {
			return 0, false, errShort
		}
		for i, b := range src[:size] {
			value |= uint32(b) << (8 * i)
		}
		src = src[size:]
		if at == 0 && header>>1 >= uint64(len(dst)) {
			return int32(value), true, within(value, limit)
		}
		end := at + int(min(header>>1, uint64(len(dst)-at)))
		fill(dst[at:end], int32(value))
		at = end
	}
	greatest := uint32(0)
	for _, v := range dst {
		greatest = max(greatest, uint32(v))
	}
	return 0, false, within(greatest, limit)
}

func within(index uint32, limit int) error {
	if uint64(index) >= uint64(limit) {
		return fmt.Errorf("index %d in a dictionary of %d", index, limit)
	}
	return nil
}

func fill(dst []int32, v int32) {
	for i := range dst {
		dst[i] = v
	}
}

// unpackRun reads eights of bit-packed values, the last of which may go beyond dst.
func unpackRun(dst []int32, at int, src []byte, eights uint64, width uint) (int, []byte, error) {
	if eights > uint64(len(dst)) || uint64(len(src)) < eights*uint64(width) {
		return at, src, errShort
	}
	end := min(at+8*int(eights), len(dst))
	bitpack.Unpack(dst[at:end], src[:cap(src)], width)
	return end, src[int(eights)*int(width):], nil
}

// decodeUint64s reads the DELTA_BINARY_PACKED page src into dst.
func decodeUint64s(dst []int64, src []byte) ([]int64, error) {
	if err := checkDelta(src, len(dst)); err != nil {
		return nil, err
	}
	return new(delta.BinaryPackedEncoding).DecodeInt64(dst[:0], src)
}

// decodeUint32s reads the DELTA_BINARY_PACKED page src into dst.
func decodeUint32s(dst []int32, src []byte) ([]int32, error) {
	if err := checkDelta(src, len(dst)); err != nil {
		return nil, err
	}
	return new(delta.BinaryPackedEncoding).DecodeInt32(dst[:0], src)
}

// maxDeltaBlock bounds what a page may ask the decoder to set aside.
const maxDeltaBlock = 1 << 12

// checkDelta checks the header: block size, miniblocks a block, number of values.
func checkDelta(src []byte, values int) error {
	block, n := binary.Uvarint(src)
	if n <= 0 || block > maxDeltaBlock {
		return errors.New("delta block size out of range")
	}
	src = src[n:]
	minis, n := binary.Uvarint(src)
	if n <= 0 || minis == 0 || minis > block {
		return errors.New("delta miniblocks out of range")
	}
	if total, n := binary.Uvarint(src[n:]); n <= 0 || total != uint64(values) {
		return fmt.Errorf("%d values, want %d", total, values)
	}
	return nil
}
