package segmenttest

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"sort"

	ts "github.com/tallystick/tallystick"
)

// Botnets makes rows such as two months of national telemetry have: victims that come back
// most days, few servers with many victims each, pairs of countries of very unequal size.
// It is for benchmarks; the same Botnets gives the same rows.
type Botnets struct {
	Victims int // distinct, about 5 in 6 of which are seen on a day
	Servers int
	shares  []float64
	texts   map[string]string
}

// National is of the size that the targets speak of: 60 days of it have 60 million rows,
// 1.2 million victims and some 30,000 pairs of countries.
func National() *Botnets { return &Botnets{Victims: 1_200_000, Servers: 20_000} }

// countries is how many countries there are, unequal as 1, 1/2, 1/3 …
const countries = 240

// Day returns the rows of a day, in no order, one a victim in scale.
func (b *Botnets) Day(day, scale int) []ts.Row {
	b.weigh()
	r := rand.New(rand.NewPCG(uint64(day), 60))
	rows := make([]ts.Row, 0, b.Victims/scale)
	for v := 0; v < b.Victims; v += scale {
		if r.IntN(6) > 0 {
			rows = append(rows, b.row(r, day, uint64(v)))
		}
	}
	return rows
}

// shared returns the one text that is equal to s: as those of an indicator set, texts of
// many rows are one.
func (b *Botnets) shared(s string) string {
	if t, known := b.texts[s]; known {
		return t
	}
	if b.texts == nil {
		b.texts = map[string]string{}
	}
	b.texts[s] = s
	return s
}

func (b *Botnets) weigh() {
	if b.shares != nil {
		return
	}
	sum := 0.0
	for i := range countries {
		sum += 1 / float64(i+1)
		b.shares = append(b.shares, sum)
	}
}

// country returns a country for a hash, as often as its share says.
func (b *Botnets) country(h uint64) int {
	at := float64(h>>11) / (1 << 53) * b.shares[countries-1]
	return sort.SearchFloat64s(b.shares, at)
}

// network returns one of a country's 40 networks, few of which have most addresses.
func network(h uint64) int {
	share := float64(h>>20&0xffff) / (1 << 16)
	return int(40 * share * share * share)
}

func code(country int) string {
	return string([]byte{'A' + byte(country/26), 'A' + byte(country%26)})
}

// mix is the finalizer of SplitMix64: an even hash of a number.
func mix(n uint64) uint64 {
	n += 0x9e3779b97f4a7c15
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

func ipv4(h uint64) netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], 0xf0000000|uint32(h>>36))
	return netip.AddrFrom4(b)
}

func (b *Botnets) row(r *rand.Rand, day int, victim uint64) ts.Row {
	h := mix(victim)
	// A victim has one server, or two by turns; few servers have most victims.
	choice := mix(victim<<1 | uint64(r.IntN(2))&(h>>8&1))
	server := mix(uint64(math.Pow(float64(b.Servers), float64(choice>>11)/(1<<53))) << 20)
	by, on := b.country(mix(server)), b.country(mix(h))
	port := [...]uint16{80, 443, 1177, 8080, 6667, 3389, 25, 4444}[server>>20&7]
	var row ts.Row
	row.Class, row.Grade = ts.Control, ts.Established
	if r.IntN(10) == 0 {
		row.Grade = ts.Attempted
	}
	row.Perp, row.Victim = ipv4(server), ipv4(mix(h))
	row.PerpPort, row.VictimPort = port, uint16(49152+r.IntN(16384)) // dynamic ports, RFC 6335
	row.Family = b.shared(fmt.Sprintf("family-%d", server>>12%300))
	row.Rule, row.Feed = "listed-contact/1", b.shared(fmt.Sprintf("feed-%d", server>>8%6))
	row.Indicator = b.shared(fmt.Sprintf("%s:%d", row.Perp, port))
	row.Sensor = [...]string{"north", "south", "east"}[h>>16%3]
	row.Flags = [...]ts.Flags{0, 0, 0, ts.FlagUndated, ts.FlagShared, ts.FlagUndated}[server>>30%6]
	row.First = ts.Day(int(FirstDay)+day).Start() + int64(r.IntN(ts.SecondsPerDay/2))
	row.Last = row.First + int64(r.IntN(1+r.IntN(ts.SecondsPerDay/2)))
	row.Records = 1 + uint64(r.ExpFloat64()*20)
	row.By, row.On = ts.Country(b.shared(code(by))), ts.Country(b.shared(code(on)))
	row.ByAS, row.OnAS = uint32(64512+by*7+int(server>>40%7)), uint32(70000+on*40+network(h))
	row.At = ts.Locator{Input: uint32(h >> 16 % 3), Offset: r.Uint64N(8 << 30)}
	return row
}
