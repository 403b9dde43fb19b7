package segment

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/parquet-go/parquet-go/format"
)

// bounds are the least and the greatest value of each page of a column, plain.
type bounds struct {
	least, most [][]byte
	width       int // of a value, 0 for text
}

func (b *bounds) add(least, most []byte) {
	b.least, b.most = append(b.least, least), append(b.most, most)
}

// compare orders plain values: numbers are unsigned, and days never negative.
func (b *bounds) compare(x, y []byte) int {
	if b.width == 0 {
		return bytes.Compare(x, y)
	}
	for i := b.width - 1; i >= 0; i-- { // little-endian
		if c := cmp.Compare(x[i], y[i]); c != 0 {
			return c
		}
	}
	return 0
}

// whole returns the bounds of all pages.
func (b *bounds) whole() format.Statistics {
	return format.Statistics{MinValue: slices.MinFunc(b.least, b.compare), MaxValue: slices.MaxFunc(b.most, b.compare)}
}

// maxBound is how many bytes of a text the page index holds at most.
const maxBound = 16

// index returns the column's part of the page index, with long texts cut.
func (b *bounds) index() format.ColumnIndex {
	least, most := slices.Clone(b.least), slices.Clone(b.most)
	for i := range least {
		least[i], most[i] = least[i][:min(len(least[i]), maxBound)], above(most[i])
	}
	return format.ColumnIndex{
		NullPages: make([]bool, len(least)), NullCounts: make([]int64, len(least)),
		MinValues: least, MaxValues: most, BoundaryOrder: b.order(least, most),
	}
}

// above returns a text of at most maxBound bytes that is not below one, where there is any.
func above(text []byte) []byte {
	if len(text) <= maxBound {
		return text
	}
	text = bytes.Clone(text[:maxBound])
	for i := maxBound - 1; i >= 0; i-- {
		if text[i]++; text[i] != 0 {
			return text
		}
	}
	return bytes.Repeat([]byte{0xff}, maxBound)
}

// order says how both lists are sorted, if they are.
func (b *bounds) order(least, most [][]byte) format.BoundaryOrder {
	if order := b.direction(least); order == b.direction(most) {
		return order
	}
	return format.Unordered
}

func (b *bounds) direction(list [][]byte) format.BoundaryOrder {
	switch {
	case len(list) < 2:
		return format.Unordered
	case slices.IsSortedFunc(list, b.compare):
		return format.Ascending
	case slices.IsSortedFunc(list, func(x, y []byte) int { return b.compare(y, x) }):
		return format.Descending
	}
	return format.Unordered
}
