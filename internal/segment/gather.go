package segment

import (
	ts "github.com/tallystick/tallystick"
)

// Gather returns the rows of a block whose numbers in it are at, in that order, put
// together from their columns. dictionary gives the dictionaries of the block's row group.
func (c *Cursor) Gather(b *Block, at []int32, dictionary func(Column) (*Dictionary, error)) ([]ts.Row, error) {
	records := make([]record, len(at))
	for col := range Columns {
		var err error
		switch {
		case col.indexed():
			err = c.gatherIndexed(b, col, at, records, dictionary)
		case col == First || col == Duration:
			err = c.gatherInts(b, col, at, records)
		default:
			err = c.gatherLongs(b, col, at, records)
		}
		if err != nil {
			return nil, err
		}
	}
	rows := make([]ts.Row, len(at))
	for i := range records {
		var err error
		if rows[i], err = records[i].row(); err != nil {
			return nil, where(Columns, b, err)
		}
	}
	return rows, nil
}

func (c *Cursor) gatherIndexed(b *Block, col Column, at []int32, records []record, dictionary func(Column) (*Dictionary, error)) error {
	dict, err := dictionary(col)
	if err != nil {
		return err
	}
	x, err := c.Indexes(col, b, dict)
	if err != nil {
		return err
	}
	for i, row := range at {
		if index := x.At(int(row)); dict.Texts != nil {
			*records[i].text(col) = dict.Texts[index]
		} else {
			records[i].set(col, dict.Numbers[index])
		}
	}
	return nil
}

func (c *Cursor) gatherInts(b *Block, col Column, at []int32, records []record) error {
	list, err := c.Ints(col, b)
	if err != nil {
		return err
	}
	for i, row := range at {
		records[i].set(col, uint64(uint32(list[row])))
	}
	return nil
}

func (c *Cursor) gatherLongs(b *Block, col Column, at []int32, records []record) error {
	list, err := c.Longs(col, b)
	if err != nil {
		return err
	}
	for i, row := range at {
		records[i].set(col, uint64(list[row]))
	}
	return nil
}

// set gives a column of numbers its value.
func (r *record) set(c Column, n uint64) {
	switch c {
	case Day:
		r.Day = int32(uint32(n))
	case PerpHi:
		r.PerpHi = n
	case PerpLo:
		r.PerpLo = n
	case VictimHi:
		r.VictimHi = n
	case VictimLo:
		r.VictimLo = n
	case ViaHi:
		r.ViaHi = n
	case ViaLo:
		r.ViaLo = n
	case Records:
		r.Records = n
	case Offset:
		r.Offset = n
	default:
		*r.number(c) = uint32(n)
	}
}

// number returns the field of a column of 32-bit numbers.
func (r *record) number(c Column) *uint32 {
	switch c {
	case PerpPort:
		return &r.PerpPort
	case VictimPort:
		return &r.VictimPort
	case Flags:
		return &r.Flags
	case First:
		return &r.First
	case Duration:
		return &r.Duration
	case ByAS:
		return &r.ByAS
	case OnAS:
		return &r.OnAS
	case Input:
		return &r.Input
	}
	return nil
}

// text returns the field of a column of text.
func (r *record) text(c Column) *string {
	switch c {
	case Class:
		return &r.Class
	case Grade:
		return &r.Grade
	case PerpName:
		return &r.PerpName
	case VictimName:
		return &r.VictimName
	case Site:
		return &r.Site
	case Path:
		return &r.Path
	case HostID:
		return &r.HostID
	case Family:
		return &r.Family
	case Rule:
		return &r.Rule
	case Feed:
		return &r.Feed
	case Indicator:
		return &r.Indicator
	case Sensor:
		return &r.Sensor
	case By:
		return &r.By
	case On:
		return &r.On
	case ByPlaces:
		return &r.ByPlaces
	case OnPlaces:
		return &r.OnPlaces
	}
	return nil
}
