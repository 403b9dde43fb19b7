package segment

import "slices"

// fewRows is below how many rows comparing is faster than counting bytes.
const fewRows = 256

// sortByKeys sorts order, the numbers of keys, by what they stand for. Ties stay as they
// are, or come in any order where there are few rows.
func sortByKeys(order []uint32, keys []sortKey) {
	if len(order) < fewRows {
		slices.SortFunc(order, func(a, b uint32) int { return keys[a].compare(&keys[b]) })
		return
	}
	list, spare := make([]word, len(order)), make([]word, len(order))
	for _, part := range [...]func(*sortKey) uint64{ // the least significant first
		func(k *sortKey) uint64 { return uint64(uint32(k.day) ^ 1<<31) },
		func(k *sortKey) uint64 { return k.lo },
		func(k *sortKey) uint64 { return k.hi },
		func(k *sortKey) uint64 { return k.pair },
	} {
		for i, row := range order {
			list[i] = word{part(&keys[row]), row}
		}
		list, spare = radix(list, spare)
		for i := range list {
			order[i] = list[i].row
		}
	}
}

// word is 64 bits of the key of a row.
type word struct {
	bits uint64
	row  uint32
}

// radix sorts list by its bits, a byte at a time from the least significant on, leaving out
// the bytes in which all are equal. It returns the sorted list and the other of the two.
func radix(list, spare []word) (sorted, other []word) {
	var differ uint64
	for i := range list {
		differ |= list[i].bits ^ list[0].bits
	}
	for shift := 0; shift < 64; shift += 8 {
		if differ>>shift&0xff == 0 {
			continue
		}
		byByte(spare, list, shift)
		list, spare = spare, list
	}
	return list, spare
}

// byByte copies src to dst, sorted by one byte; ties keep their order.
func byByte(dst, src []word, shift int) {
	var at [256]int
	for i := range src {
		at[byte(src[i].bits>>shift)]++
	}
	sum := 0
	for b, n := range at {
		at[b], sum = sum, sum+n
	}
	for i := range src {
		b := byte(src[i].bits >> shift)
		dst[at[b]] = src[i]
		at[b]++
	}
}
