package segment

import (
	"math/bits"

	ts "github.com/tallystick/tallystick"
)

// fewRows is below how many rows comparing is faster than counting bytes.
const fewRows = 256

// sortByKeys returns the numbers of rows sorted by keyOf, ties in any order. whole says
// that the bits of a word are all in which the keys differ.
func sortByKeys(numbers []uint32, row func(uint32) *ts.Row) (list []word, whole bool) {
	list, spare := make([]word, len(numbers)), make([]word, len(numbers))
	for i, n := range numbers {
		list[i].row = n
	}
	rounds := squeeze(differing(numbers, row))
	for _, parts := range rounds {
		inShares(len(list), func(_, from, to int) {
			for i := range list[from:to] {
				key := keyOf(row(list[from+i].row))
				list[from+i].bits = parts.of(&key)
			}
		})
		list, spare = radix(list, spare)
	}
	return list, len(rounds) == 1
}

// differing returns the bits in which keys differ.
func differing(numbers []uint32, row func(uint32) *ts.Row) (all sortKey) {
	first := keyOf(row(numbers[0]))
	shares := make([]sortKey, numShares())
	inShares(len(numbers), func(share, from, to int) {
		var differ sortKey
		for _, n := range numbers[from:to] {
			key := keyOf(row(n))
			for i := range key {
				differ[i] |= key[i] ^ first[i]
			}
		}
		shares[share] = differ
	})
	for _, differ := range shares {
		for i := range differ {
			all[i] |= differ[i]
		}
	}
	return all
}

// bitRun is a run of bits of a part of the key, and where it begins in a word.
type bitRun struct {
	part     int
	from, to int
	mask     uint64 // of its width
}

// bitRuns make a word.
type bitRuns []bitRun

// squeeze divides the bits that differ into words, the least significant first: for most
// rows there is but one word, which a fifth of the passes sorts.
func squeeze(differ sortKey) []bitRuns {
	words, used := []bitRuns{nil}, 0
	for part := len(differ) - 1; part >= 0; part-- {
		for rest, at := differ[part], 0; rest != 0; {
			gap := bits.TrailingZeros64(rest)
			width := bits.TrailingZeros64(^(rest >> gap))
			if used+width > 64 {
				words, used = append(words, nil), 0
			}
			last := &words[len(words)-1]
			*last = append(*last, bitRun{part, at + gap, used, 1<<width - 1})
			used, at = used+width, at+gap+width
			rest = rest >> gap >> width
		}
	}
	return words
}

// of returns the word of a key.
func (w bitRuns) of(key *sortKey) (word uint64) {
	for i := range w {
		r := &w[i]
		word |= key[r.part] >> r.from & r.mask << r.to
	}
	return word
}

// word is up to 64 bits of the key of a row.
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
