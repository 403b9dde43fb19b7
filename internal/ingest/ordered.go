package ingest

import (
	"cmp"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/segment"
	"github.com/tallystick/tallystick/proof"
)

// ordered are some rows of a batch, by their numbers, in an order of their own.
type ordered struct {
	numbers []uint32
	row     func(uint32) *ts.Row
}

// days divides the rows by day.
func (m *merged) days() map[ts.Day]*ordered {
	days := map[ts.Day]*ordered{}
	var last ts.Day
	for i := range uint32(m.len()) {
		day := m.row(i).Day()
		if i == 0 || day != last {
			last = day
			if days[day] == nil {
				days[day] = &ordered{row: m.row}
			}
		}
		of := days[day]
		of.numbers = append(of.numbers, i)
	}
	return days
}

// portionRows is how many rows are gathered for the writer at once: few enough to stay in
// the processor's cache.
const portionRows = 1 << 11

// gather copies rows, which stand anywhere, to where they stand one behind the other. The
// processor fetches many at a time then; whoever works on one row after the other would
// wait for each.
func (o *ordered) gather(portion []ts.Row, numbers []uint32) []ts.Row {
	portion = portion[:len(numbers)]
	for i, n := range numbers {
		portion[i] = *o.row(n)
	}
	return portion
}

// write writes the rows as a segment, gathering some while those before are written.
func (o *ordered) write(file *segment.Writer) error {
	full, free := make(chan []ts.Row, 1), make(chan []ts.Row, 2)
	for range cap(free) {
		free <- make([]ts.Row, min(portionRows, len(o.numbers)))
	}
	go func() {
		defer close(full)
		for numbers := range slices.Chunk(o.numbers, portionRows) {
			full <- o.gather(<-free, numbers)
		}
	}()
	var err error
	for portion := range full {
		if err == nil {
			err = file.Write(portion)
		}
		free <- portion[:0]
	}
	return cmp.Or(err, file.Close())
}

// leafRows is how many rows are fetched for hashing at once.
const leafRows = 1 << 6

// subtree returns the root over the rows of a segment from one number up to another.
func (o *ordered) subtree(key [32]byte, from, to int) proof.Hash {
	var tree proof.RowTree
	salts := proof.NewSalts(key)
	for numbers := range slices.Chunk(o.numbers[from:to], leafRows) {
		o.fetch(numbers)
		for _, n := range numbers {
			tree.Append(salts.Leaf(uint64(from)+tree.Len(), o.row(n)))
		}
	}
	return tree.Root()
}

// fetch reads a word in every 64 bytes of each row, and does nothing with it: the rows are in
// the processor's cache then, as after gather, but nothing was copied. Inlined, it would be
// found to be of no use.
//
//go:noinline
func (o *ordered) fetch(numbers []uint32) (sum int) {
	for _, n := range numbers {
		r := o.row(n)
		sum += int(r.Class) + int(r.VictimPort) + len(r.VictimName) + len(r.HostID) +
			len(r.Feed) + int(r.Records) + len(r.By) + len(r.OnPlaces)
		if r.Indicator != "" { // a text of its own for many rows
			sum += int(r.Indicator[0])
		}
	}
	return sum
}
