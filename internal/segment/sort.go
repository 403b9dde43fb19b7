package segment

import (
	"cmp"
	"slices"

	ts "github.com/tallystick/tallystick"
)

// sortKey is what most rows differ in, the most significant first: by, on and class; upper
// and lower half of the victim; day.
type sortKey [4]uint64

func keyOf(r *ts.Row) sortKey {
	hi, lo := Halves(r.Victim)
	pair := twoBytes(string(r.By))<<24 | twoBytes(string(r.On))<<8 | uint64(r.Class)
	return sortKey{pair, hi, lo, uint64(uint32(r.Day()) ^ 1<<31)}
}

func twoBytes(s string) uint64 {
	switch len(s) {
	case 0:
		return 0
	case 1:
		return uint64(s[0]) << 8
	default:
		return uint64(s[0])<<8 | uint64(s[1])
	}
}

func (a *sortKey) compare(b *sortKey) int {
	for i := range a {
		if a[i] != b[i] {
			return cmp.Compare(a[i], b[i])
		}
	}
	return 0
}

// Sort puts rows into the order of a segment: by, on, class, victim, day, then all else
// that a row holds. Rows in the same multiset end in the same order.
func Sort(rows []ts.Row) {
	order := make([]uint32, len(rows))
	for i := range order {
		order[i] = uint32(i)
	}
	Order(order, func(i uint32) *ts.Row { return &rows[i] })
	permute(rows, order)
}

// Order sorts the numbers of rows as Sort does rows, which stay where they are.
func Order(numbers []uint32, row func(uint32) *ts.Row) {
	if len(numbers) < fewRows {
		slices.SortFunc(numbers, func(a, b uint32) int { return Compare(row(a), row(b)) })
		return
	}
	list, whole := sortByKeys(numbers, row)
	for from := 0; from < len(list); { // each run of equal keys by the rest of the row
		to := from + 1
		for to < len(list) && list[to].bits == list[from].bits && (whole || keyOf(row(list[to].row)) == keyOf(row(list[from].row))) {
			to++
		}
		slices.SortFunc(list[from:to], func(a, b word) int { return compareRest(row(a.row), row(b.row)) })
		from = to
	}
	for i := range list {
		numbers[i] = list[i].row
	}
}

// permute moves rows to where order has their numbers, following each cycle once. It
// leaves order as that of sorted rows.
func permute(rows []ts.Row, order []uint32) {
	for i := range order {
		if int(order[i]) == i {
			continue
		}
		kept, at := rows[i], i
		for from := int(order[i]); from != i; from = int(order[at]) {
			rows[at] = rows[from]
			order[at] = uint32(at)
			at = from
		}
		rows[at] = kept
		order[at] = uint32(at)
	}
}

// Compare orders rows as Sort does; 0 means that they are equal in every column.
func Compare(a, b *ts.Row) int {
	ka, kb := keyOf(a), keyOf(b)
	if c := ka.compare(&kb); c != 0 {
		return c
	}
	return compareRest(a, b)
}

// compareRest orders rows whose keys are equal. What a merged copy without locators drops
// or shortens comes last, so that such a copy keeps the order.
func compareRest(a, b *ts.Row) int {
	return cmp.Or(
		cmp.Compare(a.By, b.By), cmp.Compare(a.On, b.On),
		cmp.Compare(a.Grade, b.Grade),
		compareEnds(a, b),
		cmp.Compare(a.PerpName, b.PerpName), cmp.Compare(a.PerpPort, b.PerpPort),
		cmp.Compare(a.Site, b.Site), cmp.Compare(a.Path, b.Path),
		cmp.Compare(a.Family, b.Family), cmp.Compare(a.Feed, b.Feed), cmp.Compare(a.Indicator, b.Indicator),
		cmp.Compare(a.Sensor, b.Sensor), cmp.Compare(a.Flags, b.Flags),
		cmp.Compare(a.ByAS, b.ByAS), cmp.Compare(a.OnAS, b.OnAS),
		cmp.Compare(a.ByPlaces, b.ByPlaces), cmp.Compare(a.OnPlaces, b.OnPlaces),
		cmp.Compare(a.Records, b.Records), cmp.Compare(a.At.Input, b.At.Input),
		cmp.Compare(a.First, b.First), cmp.Compare(a.Last, b.Last),
		cmp.Compare(a.VictimName, b.VictimName), cmp.Compare(a.VictimPort, b.VictimPort),
		cmp.Compare(a.HostID, b.HostID), cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.At.Offset, b.At.Offset),
	)
}

func compareEnds(a, b *ts.Row) int {
	if c := a.Perp.Compare(b.Perp); c != 0 {
		return c
	}
	return a.Via.Compare(b.Via)
}
