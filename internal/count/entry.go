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
// much text, and the text; "" for one. The text is how many there are; for each, how much
// later its origin is than the last, times two, plus one where the number of rows follows,
// which else is one; and then the records of each. Heads are much alike from row to row,
// records are not: apart they compress better, and faster come back.
func pack(list []entry, room int) (n int, text string) {
	var heads, records []byte
	var sum uint64
	last := uint32(0)
	for _, e := range list {
		head, record := appendHead(heads, e, last), binary.AppendUvarint(records, e.records)
		if sum += e.records; binary.MaxVarintLen16+len(head)+len(record) > room || sum > maxSum {
			break
		}
		heads, records, last = head, record, e.origin
		n++
	}
	if n <= 1 {
		return 1, ""
	}
	return n, string(binary.AppendUvarint(nil, uint64(n))) + string(heads) + string(records)
}

func appendHead(dst []byte, e entry, last uint32) []byte {
	later := uint64(e.origin-last) << 1
	if e.rows == 1 {
		return binary.AppendUvarint(dst, later)
	}
	return binary.AppendUvarint(binary.AppendUvarint(dst, later|1), e.rows)
}

var errEntry = errors.New("count: entries of a run's row are cut, or more than it says")

// eachEntry calls f with every entry of a text that pack made.
func eachEntry(text string, f func(entry)) error {
	n, text, ok := cutUvarint(text)
	records := text
	for range n {
		if !ok {
			break
		}
		var head uint64
		if head, records, ok = cutUvarint(records); ok && head&1 != 0 {
			_, records, ok = cutUvarint(records)
		}
	}
	e := entry{}
	for range n {
		if !ok {
			return errEntry
		}
		var head uint64
		head, text, _ = cutUvarint(text)
		e.origin += uint32(head >> 1)
		if e.rows = 1; head&1 != 0 {
			e.rows, text, _ = cutUvarint(text)
		}
		if e.records, records, ok = cutUvarint(records); ok {
			f(e)
		}
	}
	if !ok || records != "" {
		return errEntry
	}
	return nil
}

func cutUvarint(text string) (n uint64, rest string, ok bool) {
	if len(text) > 0 && text[0] < 0x80 {
		return uint64(text[0]), text[1:], true
	}
	for i := 0; i < len(text) && i < binary.MaxVarintLen64; i++ {
		b := text[i]
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			return n, text[i+1:], true
		}
	}
	return 0, "", false
}
