package place

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	_ "unsafe" // for go:linkname

	"github.com/klauspost/compress/gzip"
	"github.com/phuslu/iploc"

	ts "github.com/tallystick/tallystick"
)

// EmbeddedName is the name of the embedded data set.
const EmbeddedName = "iploc"

// EmbeddedNotice must stand wherever places of the embedded data set are published.
const EmbeddedNotice = "This product includes IP2Location LITE data available from https://lite.ip2location.com."

// The tables of the module, which it only lets be asked an address at a time: the first
// addresses of consecutive ranges as native-endian numbers (IPv6: pairs, gzip-compressed
// until the module's own first IPv6 look-up), and two letters a range. They are read
// here, never written. A release that lays them out otherwise fails to link, or
// TestEmbeddedAgreesWithModule.
//
//go:linkname moduleStarts4 github.com/phuslu/iploc.ip4bin
var moduleStarts4 []byte

//go:linkname moduleStarts6 github.com/phuslu/iploc.ip6bin
var moduleStarts6 []byte

//go:linkname moduleCountries4 github.com/phuslu/iploc.ip4txt
var moduleCountries4 []byte

//go:linkname moduleCountries6 github.com/phuslu/iploc.ip6txt
var moduleCountries6 []byte

// maxStarts6 bounds the decompressed IPv6 table, today 11 MB.
const maxStarts6 = 64 << 20

// Embedded returns the countries of the module github.com/phuslu/iploc, so that nothing
// need be downloaded: one edition, of the day in the module's version. Its digest is that
// of the table as WriteTo writes it.
func Embedded() (*Snapshot, error) {
	day, err := embeddedDay(iploc.Version)
	if err != nil {
		return nil, err
	}
	starts6, err := inflated(moduleStarts6)
	if err != nil {
		return nil, fmt.Errorf("embedded places: %w", err)
	}
	if len(moduleStarts4)/4 != len(moduleCountries4)/2 || len(starts6)/16 != len(moduleCountries6)/2 {
		return nil, fmt.Errorf("embedded places: %s has not one country a range", iploc.Version)
	}
	s := &Snapshot{Edition: Edition{Name: EmbeddedName, Day: day}, countries: true}
	s.steps, s.source = embeddedSteps(starts6), s.WriteTo
	return s, s.digest()
}

// embeddedDay reads v1.0.YYYYMMDD.
func embeddedDay(version string) (ts.Day, error) {
	_, date, ok := strings.Cut(version, "v1.0.")
	if !ok || len(date) != 8 {
		return 0, fmt.Errorf("embedded places: version %q has no date", version)
	}
	return ts.ParseDay(date[:4] + "-" + date[4:6] + "-" + date[6:])
}

func inflated(b []byte) ([]byte, error) {
	if !bytes.HasPrefix(b, []byte{0x1f, 0x8b}) {
		return b, nil
	}
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, maxStarts6))
}

// embeddedSteps joins the two families in rising order: the IPv6 ranges before
// ::ffff:0:0/96, IPv4, the other IPv6 ranges. What the module says of IPv4-mapped
// addresses as IPv6 is passed over.
func embeddedSteps(starts6 []byte) steps {
	var s steps
	var m mark
	i, n := 0, len(starts6)/16
	for ; i < n && start6(starts6, i).compare(firstIPv4) < 0; i++ {
		m = embeddedMark(moduleCountries6, i)
		s.set(start6(starts6, i), m)
	}
	for j := range len(moduleStarts4) / 4 {
		start := binary.NativeEndian.Uint32(moduleStarts4[4*j:])
		s.set(point{0, firstIPv4.lo | uint64(start)}, embeddedMark(moduleCountries4, j))
	}
	for ; i < n && start6(starts6, i).compare(behindIPv4) <= 0; i++ {
		m = embeddedMark(moduleCountries6, i)
	}
	s.set(behindIPv4, m)
	for ; i < n; i++ {
		s.set(start6(starts6, i), embeddedMark(moduleCountries6, i))
	}
	return s
}

func start6(starts []byte, i int) point {
	b := starts[16*i:]
	return point{binary.NativeEndian.Uint64(b), binary.NativeEndian.Uint64(b[8:])}
}

func embeddedMark(letters []byte, i int) mark {
	return mark{country: country(letters[2*i : 2*i+2])}
}
