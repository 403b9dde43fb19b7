package count

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"
)

// entry is what a row of a run stands for of one origin.
type entry struct {
	origin        uint32
	rows, records uint64
}

// maxSum is the most records that a row can have.
const maxSum = 1<<53 - 1

// sumOrigins orders entries by origin, and makes those of one origin one.
func sumOrigins(list []entry) []entry {
	slices.SortFunc(list, func(a, b entry) int { return cmp.Compare(a.origin, b.origin) })
	n := 0
	for _, e := range list {
		if n > 0 && list[n-1].origin == e.origin && list[n-1].records+e.records <= maxSum {
			list[n-1].rows += e.rows
			list[n-1].records += e.records
			continue
		}
		list[n] = e
		n++
	}
	return list[:n]
}

// pack returns how many of the entries, one at least, go into one row that has room for so
// much text, and the text; "" for one.
func pack(list []entry, room int) (n int, text string) {
	var b []byte
	var records uint64
	last := uint32(0)
	for _, e := range list {
		more := appendEntry(b, e, last)
		if records += e.records; len(more) > room || records > maxSum {
			break
		}
		b, last = more, e.origin
		n++
	}
	if n <= 1 {
		return 1, ""
	}
	return n, string(b)
}

// appendEntry appends an entry behind one of the origin last: how much later its origin is,
// times two, plus one where rows follow, which else are one; and records.
func appendEntry(dst []byte, e entry, last uint32) []byte {
	later := uint64(e.origin-last) << 1
	if e.rows == 1 {
		dst = binary.AppendUvarint(dst, later)
	} else {
		dst = binary.AppendUvarint(binary.AppendUvarint(dst, later|1), e.rows)
	}
	return binary.AppendUvarint(dst, e.records)
}

var errEntry = errors.New("count: entries of a run's row end too early")

// cutEntry returns the first entry of text, behind one of the origin last, and what follows.
func cutEntry(text string, last uint32) (e entry, rest string, err error) {
	later, text, err := cutUvarint(text)
	if err != nil {
		return e, "", err
	}
	e = entry{origin: last + uint32(later>>1), rows: 1}
	if later&1 != 0 {
		if e.rows, text, err = cutUvarint(text); err != nil {
			return e, "", err
		}
	}
	e.records, text, err = cutUvarint(text)
	return e, text, err
}

func cutUvarint(text string) (n uint64, rest string, err error) {
	for i := 0; i < len(text) && i < binary.MaxVarintLen64; i++ {
		b := text[i]
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			return n, text[i+1:], nil
		}
	}
	return 0, "", errEntry
}
