package segment

import (
	"github.com/parquet-go/parquet-go/format"

	ts "github.com/tallystick/tallystick"
)

// Column numbers the columns of a segment, in their order in the file.
type Column int

// The columns; record names and types them.
const (
	Day Column = iota
	Class
	Grade
	PerpHi
	PerpLo
	VictimHi
	VictimLo
	PerpName
	VictimName
	PerpPort
	VictimPort
	ViaHi
	ViaLo
	Site
	Path
	HostID
	Family
	Rule
	Feed
	Indicator
	Sensor
	Flags
	First
	Duration
	Records
	By
	On
	ByAS
	OnAS
	ByPlaces
	OnPlaces
	Input
	Offset
	Columns // how many there are
)

// indexed reports whether the column is kept as indexes into a dictionary.
func (c Column) indexed() bool {
	switch c {
	case VictimLo, First, Duration, Records, Offset:
		return false
	}
	return true
}

// narrow reports whether the indexes of the column keep to the bits that they need: ports
// are all about as frequent, so that whole bytes would not help zstd.
func (c Column) narrow() bool { return c == PerpPort || c == VictimPort }

// encoding returns that of the values.
func (c Column) encoding() format.Encoding {
	if c.indexed() {
		return format.RLEDictionary
	}
	return format.DeltaBinaryPacked
}

// physical returns the Parquet type of a value.
func (c Column) physical() format.Type {
	switch c.width() {
	case 4:
		return format.Int32
	case 8:
		return format.Int64
	default:
		return format.ByteArray
	}
}

// number returns the function that gives a row's value in a column of numbers.
func (c Column) number() func(*ts.Row) uint64 {
	switch c {
	case Day:
		return func(r *ts.Row) uint64 { return uint64(r.Day()) }
	case PerpHi:
		return func(r *ts.Row) uint64 { hi, _ := Halves(r.Perp); return hi }
	case PerpLo:
		return func(r *ts.Row) uint64 { _, lo := Halves(r.Perp); return lo }
	case VictimHi:
		return func(r *ts.Row) uint64 { hi, _ := Halves(r.Victim); return hi }
	case VictimLo:
		return func(r *ts.Row) uint64 { _, lo := Halves(r.Victim); return lo }
	case ViaHi:
		return func(r *ts.Row) uint64 { hi, _ := Halves(r.Via); return hi }
	case ViaLo:
		return func(r *ts.Row) uint64 { _, lo := Halves(r.Via); return lo }
	case PerpPort:
		return func(r *ts.Row) uint64 { return uint64(r.PerpPort) }
	case VictimPort:
		return func(r *ts.Row) uint64 { return uint64(r.VictimPort) }
	case Flags:
		return func(r *ts.Row) uint64 { return uint64(r.Flags) }
	case First:
		return func(r *ts.Row) uint64 { return uint64(r.First % ts.SecondsPerDay) }
	case Duration:
		return func(r *ts.Row) uint64 { return uint64(r.Last - r.First) }
	case Records:
		return func(r *ts.Row) uint64 { return r.Records }
	case ByAS:
		return func(r *ts.Row) uint64 { return uint64(r.ByAS) }
	case OnAS:
		return func(r *ts.Row) uint64 { return uint64(r.OnAS) }
	case Input:
		return func(r *ts.Row) uint64 { return uint64(r.At.Input) }
	case Offset:
		return func(r *ts.Row) uint64 { return r.At.Offset }
	}
	return nil
}

// text returns the function that gives a row's value in a column of text.
func (c Column) text() func(*ts.Row) string {
	switch c {
	case Class:
		return func(r *ts.Row) string { return r.Class.String() }
	case Grade:
		return func(r *ts.Row) string { return r.Grade.String() }
	case PerpName:
		return func(r *ts.Row) string { return r.PerpName }
	case VictimName:
		return func(r *ts.Row) string { return r.VictimName }
	case Site:
		return func(r *ts.Row) string { return r.Site }
	case Path:
		return func(r *ts.Row) string { return r.Path }
	case HostID:
		return func(r *ts.Row) string { return r.HostID }
	case Family:
		return func(r *ts.Row) string { return r.Family }
	case Rule:
		return func(r *ts.Row) string { return r.Rule }
	case Feed:
		return func(r *ts.Row) string { return r.Feed }
	case Indicator:
		return func(r *ts.Row) string { return r.Indicator }
	case Sensor:
		return func(r *ts.Row) string { return r.Sensor }
	case By:
		return func(r *ts.Row) string { return string(r.By) }
	case On:
		return func(r *ts.Row) string { return string(r.On) }
	case ByPlaces:
		return func(r *ts.Row) string { return r.ByPlaces }
	case OnPlaces:
		return func(r *ts.Row) string { return r.OnPlaces }
	}
	return nil
}
