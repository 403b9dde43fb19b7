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
)

// split cuts line at the separators into the columns of layout; false when their
// number differs. It looks at eight bytes at a time.
func split(rec *record, line []byte, separator byte, layout []column) bool {
	rec.text = line
	pattern := ones * uint64(separator)
	n, start, i := 0, 0, 0
	for ; i+8 <= len(line); i += 8 {
		w := binary.LittleEndian.Uint64(line[i:]) ^ pattern
		for hits := ^(w&lows + lows | w | lows); hits != 0; hits &= hits - 1 {
			end := i + bits.TrailingZeros64(hits)/8
			if n >= len(layout) {
				return false
			}
			rec.spans[layout[n]&slotMask] = span{uint32(start), uint32(end)}
			n, start = n+1, end+1
		}
	}
	for ; i < len(line); i++ {
		if line[i] != separator {
			continue
		}
		if n >= len(layout) {
			return false
		}
		rec.spans[layout[n]&slotMask] = span{uint32(start), uint32(i)}
		n, start = n+1, i+1
	}
	if n+1 != len(layout) {
		return false
	}
	rec.spans[layout[n]&slotMask] = span{uint32(start), uint32(len(line))}
	return true
}
