package zeek

import (
	"encoding/binary"
	"math/bits"

	"github.com/tallystick/tallystick"
)

func (r *Reader) nextTSV(line []byte, o *tallystick.Observation) error {
	h := &r.header
	if h.kind == kindUnused && h.layout != nil {
		return r.lineError(fault{reason: unusedReason(h.path)})
	}
	if !split(&r.tsv, line, h.separator, h.layout) {
		return r.lineError(fault{"columns", line})
	}
	r.coding = "tsv"
	return r.observe(h.kind, &r.tsv, o)
}

const (
	ones = 0x0101010101010101
	lows = 0x7f7f7f7f7f7f7f7f

	gather = 0x0102040810204080 // times the lowest bits of eight bytes: its top byte holds them
)

// split cuts line at the separators into the columns of layout; false when their
// number differs.
func split(rec *record, line []byte, separator byte, layout []column) bool {
	rec.text = line
	pattern := ones * uint64(separator)
	n, start := 0, uint32(0)
	for at := 0; at < len(line); at += 64 {
		for hits := find(line[at:], pattern); hits != 0; hits &= hits - 1 {
			end := uint32(at + bits.TrailingZeros64(hits))
			if n >= len(layout) {
				return false
			}
			rec.spans[layout[n]&slotMask] = span{start, end}
			n, start = n+1, end+1
		}
	}
	if n+1 != len(layout) {
		return false
	}
	rec.spans[layout[n]&slotMask] = span{start, uint32(len(line))}
	return true
}

// find returns which of the first 64 bytes of s are the one that pattern repeats, by bit.
// A processor foresees better how many these are than how many there are in each eight.
func find(s []byte, pattern uint64) (hits uint64) {
	if len(s) < 64 {
		return findShort(s, pattern)
	}
	b, le := (*[64]byte)(s), binary.LittleEndian
	return equal(le.Uint64(b[0:]), pattern) | equal(le.Uint64(b[8:]), pattern)<<8 |
		equal(le.Uint64(b[16:]), pattern)<<16 | equal(le.Uint64(b[24:]), pattern)<<24 |
		equal(le.Uint64(b[32:]), pattern)<<32 | equal(le.Uint64(b[40:]), pattern)<<40 |
		equal(le.Uint64(b[48:]), pattern)<<48 | equal(le.Uint64(b[56:]), pattern)<<56
}

func findShort(s []byte, pattern uint64) (hits uint64) {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		hits |= equal(binary.LittleEndian.Uint64(s[i:]), pattern) << i
	}
	for ; i < len(s); i++ {
		if s[i] == byte(pattern) {
			hits |= 1 << i
		}
	}
	return hits
}

// equal returns in eight bits which bytes of w are those of pattern.
func equal(w, pattern uint64) uint64 {
	w ^= pattern
	zeros := ^(w&lows + lows | w | lows) // the top bit of each byte that is 0
	return zeros >> 7 * gather >> 56
}
