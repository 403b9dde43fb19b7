package segment

import (
	"cmp"
	"slices"

	ts "github.com/tallystick/tallystick"
)

// sortKey is what most rows differ in, packed so that comparing and sorting touch 40 bytes
// and not a row of several hundred.
type sortKey struct {
	pair, hi, lo uint64 // pair: by, on, class
	day          int32
}

func keyOf(r *ts.Row) sortKey {
	hi, lo := Halves(r.Victim)
	pair := twoBytes(string(r.By))<<24 | twoBytes(string(r.On))<<8 | uint64(r.Class)
	return sortKey{pair, hi, lo, int32(r.Day())}
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
	switch {
	case a.pair != b.pair:
		return cmp.Compare(a.pair, b.pair)
	case a.hi != b.hi:
		return cmp.Compare(a.hi, b.hi)
	case a.lo != b.lo:
		return cmp.Compare(a.lo, b.lo)
	default:
		return cmp.Compare(a.day, b.day)
	}
}

// Sort puts rows into the order of a segment: by, on, class, victim, day, then all else
// that a row holds. Rows in the same multiset end in the same order.
func Sort(rows []ts.Row) {
	keys := make([]sortKey, len(rows))
	order := make([]uint32, len(rows))
	for i := range rows {
		keys[i], order[i] = keyOf(&rows[i]), uint32(i)
	}
	sortByKeys(order, keys)
	sortTies(order, keys, rows)
	permute(rows, order)
}

// sortTies sorts each run of rows whose keys are equal by the rest of the row.
func sortTies(order []uint32, keys []sortKey, rows []ts.Row) {
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && keys[order[to]] == keys[order[from]] {
			to++
		}
		slices.SortFunc(order[from:to], func(a, b uint32) int { return compareRest(&rows[a], &rows[b]) })
		from = to
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
