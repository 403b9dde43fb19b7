// Package segmenttest makes rows for tests of what reads segments. It knows the row only,
// and must never know how rows are kept or counted: every field takes few values, so that
// rows collide in every way that matters.
package segmenttest

import (
	"fmt"
	"math/rand/v2"
	"net/netip"

	ts "github.com/tallystick/tallystick"
)

// FirstDay is the first of the days that Row spreads rows over.
const FirstDay ts.Day = 16148 // 2014-03-19

// Days is how many days there are.
const Days = 8

// Rows returns n rows, in no order.
func Rows(r *rand.Rand, n int) []ts.Row {
	rows := make([]ts.Row, n)
	for i := range rows {
		rows[i] = Row(r)
	}
	return rows
}

// Row returns one row. Some ends and names are unknown, some addresses internal to their
// sensor, some rows dated 1970.
func Row(r *rand.Rand) ts.Row {
	var row ts.Row
	row.Class = ts.Class(1 + r.IntN(6))
	row.Grade = ts.Grade(1 + r.IntN(3))
	row.Perp, row.Victim, row.Via = addr(r), addr(r), netip.Addr{}
	if row.Grade == ts.LookedUp {
		row.Via = addr(r)
	}
	row.PerpPort, row.VictimPort = port(r), port(r)
	row.PerpName, row.VictimName = name(r), name(r)
	row.Site = oneOf(r, "", "a.example", "b.example", "c.example")
	row.Path = oneOf(r, "", "/a", "/b", "/c", "/d")
	row.HostID = oneOf(r, "", "", "bot-1", "bot-2")
	row.Family = oneOf(r, "", "simda", "njrat")
	row.Rule = oneOf(r, "listed-contact/1", "declared/1")
	row.Feed = oneOf(r, "", "list", "trails")
	row.Indicator = oneOf(r, "", "240.0.0.7:1177", "c2.example", "exclude.example")
	row.Sensor = oneOf(r, "north", "south")
	row.Flags = flags(r)
	day := FirstDay + ts.Day(r.IntN(Days))
	if r.IntN(20) == 0 {
		day, row.Flags = 0, row.Flags|ts.FlagClock
	}
	row.First = day.Start() + int64(r.IntN(4))*900
	row.Last = row.First + int64(r.IntN(3))
	row.Records = uint64(1 + r.IntN(5))
	row.By, row.On = country(r), country(r)
	row.ByAS, row.OnAS = uint32(r.IntN(3))*64500, uint32(r.IntN(3))*64501
	row.ByPlaces, row.OnPlaces = places(r), places(r)
	row.At = ts.Locator{Input: uint32(r.IntN(3)), Offset: uint64(r.IntN(1 << 20))}
	return row
}

func oneOf(r *rand.Rand, texts ...string) string { return texts[r.IntN(len(texts))] }

func name(r *rand.Rand) string { return oneOf(r, "", "c2.example", "www.c2.example", "x.test") }

func port(r *rand.Rand) uint16 { return [...]uint16{0, 80, 443, 65535}[r.IntN(4)] }

func country(r *rand.Rand) ts.Country { return ts.Country(oneOf(r, "", "CN", "US", "CZ", "HK")) }

func places(r *rand.Rand) string {
	return oneOf(r, "", "", "CN/64500;US/64501", "US/;US/64501", "CN/;/;CN/", "/;/")
}

func addr(r *rand.Rand) netip.Addr {
	n := r.IntN(12)
	switch r.IntN(8) {
	case 0:
		return netip.Addr{}
	case 1:
		return netip.MustParseAddr(fmt.Sprintf("2001:db8::%x", n))
	case 2:
		return [...]netip.Addr{netip.IPv6Unspecified(), netip.IPv6LinkLocalAllNodes(), netip.IPv4Unspecified()}[n%3]
	default:
		return netip.AddrFrom4([4]byte{240, 0, byte(n % 2), byte(n)})
	}
}

// flags are rare, or next to nothing would be counted.
func flags(r *rand.Rand) ts.Flags {
	var f ts.Flags
	for range r.IntN(3) {
		f |= 1 << r.IntN(19)
	}
	return f
}
