package segment

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/parquet-go/parquet-go/format"
)

// Dictionary is the dictionary of one column in one row group: its distinct values, each
// once. Numbers are set for columns of numbers, Texts for columns of text.
type Dictionary struct {
	Numbers []uint64
	Texts   []string
}

// Len returns the number of values.
func (d *Dictionary) Len() int { return len(d.Numbers) + len(d.Texts) }

// width returns the bytes of a plain value, 0 for text.
func (c Column) width() int {
	switch c {
	case Day, PerpPort, VictimPort, Flags, First, Duration, ByAS, OnAS, Input:
		return 4
	case PerpHi, PerpLo, VictimHi, VictimLo, ViaHi, ViaLo, Records, Offset:
		return 8
	default:
		return 0
	}
}

// Dictionary reads the dictionary of a column that has one, in a row group of r.
func (c *Cursor) Dictionary(r *Reader, group int, col Column) (d *Dictionary, err error) {
	defer guard(&err)
	one := &r.groups[group]
	at := one.columns[col]
	header, page, err := c.pager.page(r.source, at.dictionary, at.data-at.dictionary)
	if err != nil {
		return nil, fmt.Errorf("segment: row group %d, dictionary of column %d: %w", group, col, err)
	}
	v := &header.DictionaryPageHeader
	if !v.Valid || v.V.Encoding != format.Plain || v.V.NumValues < 1 || int(v.V.NumValues) > one.rows {
		return nil, fmt.Errorf("segment: row group %d, column %d: not a dictionary of up to %d values", group, col, one.rows)
	}
	if d, err = readDictionary(page, int(v.V.NumValues), col.width()); err != nil {
		return nil, fmt.Errorf("segment: row group %d, dictionary of column %d: %w", group, col, err)
	}
	return d, nil
}

func readDictionary(page []byte, n, width int) (*Dictionary, error) {
	if width == 0 {
		texts, err := readTexts(page, n)
		if err != nil {
			return nil, err
		}
		return &Dictionary{Texts: texts}, nil
	}
	if len(page) != n*width {
		return nil, fmt.Errorf("%d bytes for %d values", len(page), n)
	}
	d := &Dictionary{Numbers: make([]uint64, n)}
	for i := range d.Numbers {
		if width == 4 {
			d.Numbers[i] = uint64(binary.LittleEndian.Uint32(page[4*i:]))
		} else {
			d.Numbers[i] = binary.LittleEndian.Uint64(page[8*i:])
		}
	}
	return d, nil
}

// readTexts reads values that each follow their length in four bytes. They share one
// copy of the page.
func readTexts(page []byte, n int) ([]string, error) {
	all := string(page)
	texts := make([]string, 0, n)
	for range n {
		if len(page) < 4 {
			return nil, errors.New("ends inside a length")
		}
		size := binary.LittleEndian.Uint32(page)
		page = page[4:]
		if uint64(size) > uint64(len(page)) {
			return nil, errors.New("ends inside a value")
		}
		start := len(all) - len(page)
		texts = append(texts, all[start:start+int(size)])
		page = page[size:]
	}
	if len(page) != 0 {
		return nil, fmt.Errorf("%d bytes behind the last value", len(page))
	}
	return texts, nil
}
