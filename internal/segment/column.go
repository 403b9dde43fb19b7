package segment

import (
	"net/netip"
	"unsafe"

	"github.com/parquet-go/parquet-go"

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

// values returns the function that gives a row's value in the column. Text is shared
// with the row, not copied.
func (c Column) values() func(*ts.Row) parquet.Value {
	switch c {
	case Day:
		return func(r *ts.Row) parquet.Value { return number32(uint32(r.Day())) }
	case Class:
		return func(r *ts.Row) parquet.Value { return text(r.Class.String()) }
	case Grade:
		return func(r *ts.Row) parquet.Value { return text(r.Grade.String()) }
	case PerpHi, VictimHi, ViaHi, PerpLo, VictimLo, ViaLo:
		return c.halves()
	case PerpPort:
		return func(r *ts.Row) parquet.Value { return number32(uint32(r.PerpPort)) }
	case VictimPort:
		return func(r *ts.Row) parquet.Value { return number32(uint32(r.VictimPort)) }
	case Flags:
		return func(r *ts.Row) parquet.Value { return number32(uint32(r.Flags)) }
	case First:
		return func(r *ts.Row) parquet.Value { return number32(uint32(r.First % ts.SecondsPerDay)) }
	case Duration:
		return func(r *ts.Row) parquet.Value { return number32(uint32(r.Last - r.First)) }
	case Records:
		return func(r *ts.Row) parquet.Value { return number64(r.Records) }
	case ByAS:
		return func(r *ts.Row) parquet.Value { return number32(r.ByAS) }
	case OnAS:
		return func(r *ts.Row) parquet.Value { return number32(r.OnAS) }
	case Input:
		return func(r *ts.Row) parquet.Value { return number32(r.At.Input) }
	case Offset:
		return func(r *ts.Row) parquet.Value { return number64(r.At.Offset) }
	default:
		field := c.text()
		return func(r *ts.Row) parquet.Value { return text(*field(r)) }
	}
}

func (c Column) halves() func(*ts.Row) parquet.Value {
	addr := func(r *ts.Row) netip.Addr { return r.Perp }
	switch c {
	case VictimHi, VictimLo:
		addr = func(r *ts.Row) netip.Addr { return r.Victim }
	case ViaHi, ViaLo:
		addr = func(r *ts.Row) netip.Addr { return r.Via }
	}
	switch c {
	case PerpHi, VictimHi, ViaHi:
		return func(r *ts.Row) parquet.Value { hi, _ := Halves(addr(r)); return number64(hi) }
	default:
		return func(r *ts.Row) parquet.Value { _, lo := Halves(addr(r)); return number64(lo) }
	}
}

// text returns the function that gives the field of a row kept in a column of free text.
func (c Column) text() func(*ts.Row) *string {
	switch c {
	case PerpName:
		return func(r *ts.Row) *string { return &r.PerpName }
	case VictimName:
		return func(r *ts.Row) *string { return &r.VictimName }
	case Site:
		return func(r *ts.Row) *string { return &r.Site }
	case Path:
		return func(r *ts.Row) *string { return &r.Path }
	case HostID:
		return func(r *ts.Row) *string { return &r.HostID }
	case Family:
		return func(r *ts.Row) *string { return &r.Family }
	case Rule:
		return func(r *ts.Row) *string { return &r.Rule }
	case Feed:
		return func(r *ts.Row) *string { return &r.Feed }
	case Indicator:
		return func(r *ts.Row) *string { return &r.Indicator }
	case Sensor:
		return func(r *ts.Row) *string { return &r.Sensor }
	case By:
		return func(r *ts.Row) *string { return (*string)(&r.By) }
	case On:
		return func(r *ts.Row) *string { return (*string)(&r.On) }
	case ByPlaces:
		return func(r *ts.Row) *string { return &r.ByPlaces }
	case OnPlaces:
		return func(r *ts.Row) *string { return &r.OnPlaces }
	}
	return nil
}

func number32(n uint32) parquet.Value { return parquet.Int32Value(int32(n)) }
func number64(n uint64) parquet.Value { return parquet.Int64Value(int64(n)) }

// text shares the memory of s, which the writer only reads.
func text(s string) parquet.Value {
	return parquet.ByteArrayValue(unsafe.Slice(unsafe.StringData(s), len(s)))
}
