package segment

import (
	"cmp"
	"slices"

	ts "github.com/tallystick/tallystick"
)

// sortKey is what most rows differ in, packed so that sorting moves 40 bytes and not a
// row of several hundred.
type sortKey struct {
	pair, hi, lo uint64 // pair: by, on, class
	day          int32
	row          uint32
}

func keyOf(r *ts.Row) sortKey {
	hi, lo := Halves(r.Victim)
	pair := twoBytes(string(r.By))<<24 | twoBytes(string(r.On))<<8 | uint64(r.Class)
	return sortKey{pair, hi, lo, int32(r.Day()), 0}
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

// Sort puts rows into the order of a segment: by, on, class, victim, day, then all else
// that a row holds. Rows in the same multiset end in the same order.
func Sort(rows []ts.Row) {
	keys := make([]sortKey, len(rows))
	for i := range rows {
		keys[i] = keyOf(&rows[i])
		keys[i].row = uint32(i)
	}
	slices.SortFunc(keys, func(a, b sortKey) int {
		if c := a.compare(&b); c != 0 {
			return c
		}
		return compareRest(&rows[a.row], &rows[b.row])
	})
	permute(rows, keys)
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

// permute moves rows to where keys has their numbers, following each cycle once.
func permute(rows []ts.Row, keys []sortKey) {
	for i := range keys {
		from := int(keys[i].row)
		if from == i {
			continue
		}
		kept, at := rows[i], i
		for from != i {
			rows[at] = rows[from]
			keys[at].row = uint32(at)
			at, from = from, int(keys[from].row)
		}
		rows[at] = kept
		keys[at].row = uint32(at)
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
