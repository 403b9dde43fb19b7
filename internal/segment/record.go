package segment

import (
	"fmt"
	"strings"

	ts "github.com/tallystick/tallystick"
)

// record is a row as Parquet holds it: its fields are the columns, in their order.
type record struct {
	Day        int32  `parquet:"day,dict,date"`
	Class      string `parquet:"class,dict"`
	Grade      string `parquet:"grade,dict"`
	PerpHi     uint64 `parquet:"perp_hi,dict"`
	PerpLo     uint64 `parquet:"perp_lo,dict"`
	VictimHi   uint64 `parquet:"victim_hi,dict"`
	VictimLo   uint64 `parquet:"victim_lo,delta"`
	PerpName   string `parquet:"perp_name,dict"`
	VictimName string `parquet:"victim_name,dict"`
	PerpPort   uint32 `parquet:"perp_port,dict"`
	VictimPort uint32 `parquet:"victim_port,dict"`
	ViaHi      uint64 `parquet:"via_hi,dict"`
	ViaLo      uint64 `parquet:"via_lo,dict"`
	Site       string `parquet:"site,dict"`
	Path       string `parquet:"path,dict"`
	HostID     string `parquet:"host_id,dict"`
	Family     string `parquet:"family,dict"`
	Rule       string `parquet:"rule,dict"`
	Feed       string `parquet:"feed,dict"`
	Indicator  string `parquet:"indicator,dict"`
	Sensor     string `parquet:"sensor,dict"`
	Flags      uint32 `parquet:"flags,dict"`
	First      uint32 `parquet:"first,delta"`    // second of the day
	Duration   uint32 `parquet:"duration,delta"` // last - first, seconds
	Records    uint64 `parquet:"records,delta"`
	By         string `parquet:"by,dict"`
	On         string `parquet:"on,dict"`
	ByAS       uint32 `parquet:"by_as,dict"`
	OnAS       uint32 `parquet:"on_as,dict"`
	ByPlaces   string `parquet:"by_places,dict"`
	OnPlaces   string `parquet:"on_places,dict"`
	Input      uint32 `parquet:"input,dict"`
	Offset     uint64 `parquet:"offset,delta"`
}

// row returns the row of c, refusing what no row can hold.
func (c *record) row() (ts.Row, error) {
	class, err := ts.ParseClass(c.Class)
	if err != nil {
		return ts.Row{}, err
	}
	grade, err := ts.ParseGrade(c.Grade)
	if err != nil {
		return ts.Row{}, err
	}
	if c.First >= ts.SecondsPerDay || c.PerpPort > maxPort || c.VictimPort > maxPort {
		return ts.Row{}, fmt.Errorf("first %d, ports %d and %d: out of range", c.First, c.PerpPort, c.VictimPort)
	}
	first := ts.Day(c.Day).Start() + int64(c.First)
	r := ts.Row{
		By: ts.Country(strings.Clone(c.By)), On: ts.Country(strings.Clone(c.On)),
		ByAS: c.ByAS, OnAS: c.OnAS,
		ByPlaces: strings.Clone(c.ByPlaces), OnPlaces: strings.Clone(c.OnPlaces),
	}
	r.Sighting = ts.Sighting{
		Class: class, Grade: grade, Flags: ts.Flags(c.Flags),
		Perp: AddrOf(c.PerpHi, c.PerpLo), Victim: AddrOf(c.VictimHi, c.VictimLo), Via: AddrOf(c.ViaHi, c.ViaLo),
		PerpPort: uint16(c.PerpPort), VictimPort: uint16(c.VictimPort),
		PerpName: strings.Clone(c.PerpName), VictimName: strings.Clone(c.VictimName),
		Site: strings.Clone(c.Site), Path: strings.Clone(c.Path), HostID: strings.Clone(c.HostID),
		Family: strings.Clone(c.Family), Rule: strings.Clone(c.Rule),
		Feed: strings.Clone(c.Feed), Indicator: strings.Clone(c.Indicator), Sensor: strings.Clone(c.Sensor),
		First: first, Last: first + int64(c.Duration), Records: c.Records,
		At: ts.Locator{Input: c.Input, Offset: c.Offset},
	}
	return r, nil
}
