package tallystick_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"

	ts "github.com/tallystick/tallystick"
)

// plainLine is the canonical line as its definition says it, key by key.
func plainLine(r *ts.Row) string {
	var parts []string
	add := func(key, format string, value any) {
		parts = append(parts, fmt.Sprintf(`"%s":`+format, key, value))
	}
	text := func(key, value string) { add(key, `"%s"`, plainEscaped(value)) }
	addr := func(key string, a netip.Addr) {
		if a.IsValid() {
			text(key, a.String())
		} else {
			text(key, "")
		}
	}
	text("day", time.Unix(r.First, 0).UTC().Format(time.DateOnly))
	text("class", r.Class.String())
	text("grade", r.Grade.String())
	addr("perp", r.Perp)
	addr("victim", r.Victim)
	text("perp_name", r.PerpName)
	text("victim_name", r.VictimName)
	add("perp_port", "%d", r.PerpPort)
	add("victim_port", "%d", r.VictimPort)
	addr("via", r.Via)
	text("site", r.Site)
	text("path", r.Path)
	text("host_id", r.HostID)
	text("family", r.Family)
	text("rule", r.Rule)
	text("feed", r.Feed)
	text("indicator", r.Indicator)
	text("sensor", r.Sensor)
	add("flags", "%d", r.Flags)
	add("first", "%d", r.First)
	add("last", "%d", r.Last)
	add("records", "%d", r.Records)
	text("by", string(r.By))
	text("on", string(r.On))
	add("by_as", "%d", r.ByAS)
	add("on_as", "%d", r.OnAS)
	text("by_places", r.ByPlaces)
	text("on_places", r.OnPlaces)
	return "{" + strings.Join(parts, ",") + "}"
}

func plainEscaped(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c < ' ' || c > '~' || strings.ContainsRune(`"\%`, rune(c)) {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// TestRowLineAgainstItsDefinition: rows of any bytes, addresses and numbers.
func TestRowLineAgainstItsDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	text := func() string {
		b := make([]byte, rng.IntN(4)*rng.IntN(12))
		for i := range b {
			if b[i] = byte(rng.Uint32()); rng.IntN(4) > 0 {
				b[i] = 'a' + b[i]%26
			}
		}
		return string(b)
	}
	addr := func() netip.Addr {
		switch rng.IntN(4) {
		case 0:
			return netip.Addr{}
		case 1:
			return netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 15: byte(rng.IntN(3))})
		default:
			return netip.AddrFrom4([4]byte{240, byte(rng.Uint32()), byte(rng.Uint32()), byte(rng.Uint32())})
		}
	}
	for range 5000 {
		first := rng.Int64N(2932897 * ts.SecondsPerDay) // up to 9999-12-31
		r := ts.Row{
			Sighting: ts.Sighting{
				Class: ts.Class(rng.IntN(7)), Grade: ts.Grade(rng.IntN(4)), Flags: ts.Flags(rng.Uint32()),
				Perp: addr(), Victim: addr(), Via: addr(),
				PerpPort: uint16(rng.Uint32()), VictimPort: uint16(rng.IntN(100)),
				PerpName: text(), VictimName: text(), Site: text(), Path: text(), HostID: text(), Family: text(),
				Rule: text(), Feed: text(), Indicator: text(), Sensor: text(),
				First: first, Last: first + rng.Int64N(1<<32), Records: rng.Uint64() >> rng.IntN(64),
			},
			By: ts.Country(text()), On: ts.Country(text()), ByAS: rng.Uint32() >> rng.IntN(32), OnAS: rng.Uint32(),
			ByPlaces: text(), OnPlaces: text(),
		}
		if got, want := string(r.AppendLine(nil)), plainLine(&r); got != want {
			t.Fatalf("line\n%s\nwant\n%s", got, want)
		}
	}
}

// BenchmarkAppendLine writes the line of the example again and again.
func BenchmarkAppendLine(b *testing.B) {
	row := exampleRow()
	line := row.AppendLine(nil)
	b.ReportAllocs()
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		line = row.AppendLine(line[:0])
	}
}
