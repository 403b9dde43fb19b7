package segment

import (
	"fmt"

	"github.com/parquet-go/parquet-go/format"
)

// Cursor reads single columns of blocks, of whatever Reader, without making rows. It keeps
// one block of each column asked for, at most 8 MiB in all. It is not safe for concurrent
// use.
type Cursor struct {
	pager *pager
	lists [Columns][]int32
	longs [Columns][]int64
}

// Indexes are the dictionary indexes of a block's rows: List, or, where List is nil, Same
// for every row.
type Indexes struct {
	Same int32
	List []int32
}

// At returns the index of row i of the block.
func (x *Indexes) At(i int) int32 {
	if x.List == nil {
		return x.Same
	}
	return x.List[i]
}

// NewCursor returns a Cursor that has read nothing.
func NewCursor() (*Cursor, error) {
	p, err := newPager()
	if err != nil {
		return nil, fmt.Errorf("segment: %w", err)
	}
	return &Cursor{pager: p}, nil
}

// Indexes returns the indexes of a block into dict, the column's dictionary in the block's
// row group, valid until the column is asked for again.
func (c *Cursor) Indexes(col Column, b *Block, dict *Dictionary) (x Indexes, err error) {
	defer guard(&err)
	if dict.Len() == 1 {
		return Indexes{}, nil
	}
	page, err := c.values(col, b, format.RLEDictionary)
	if err != nil {
		return Indexes{}, err
	}
	if c.lists[col] == nil {
		c.lists[col] = make([]int32, BlockRows)
	}
	list := c.lists[col][:b.Rows]
	same, one, err := decodeIndexes(list, page, dict.Len())
	switch {
	case err != nil:
		return Indexes{}, where(col, b, err)
	case one:
		return Indexes{Same: same}, nil
	default:
		return Indexes{List: list}, nil
	}
}

// Longs returns the values of a block in VictimLo, Records or Offset, bit by bit as
// uint64; valid until the column is asked for again.
func (c *Cursor) Longs(col Column, b *Block) (list []int64, err error) {
	defer guard(&err)
	page, err := c.values(col, b, format.DeltaBinaryPacked)
	if err != nil {
		return nil, err
	}
	if c.longs[col] == nil {
		c.longs[col] = make([]int64, BlockRows)
	}
	list, err = decodeUint64s(c.longs[col][:b.Rows], page)
	return list, where(col, b, err)
}

// Ints returns the values of a block in First or Duration; valid until the column is asked
// for again.
func (c *Cursor) Ints(col Column, b *Block) (list []int32, err error) {
	defer guard(&err)
	page, err := c.values(col, b, format.DeltaBinaryPacked)
	if err != nil {
		return nil, err
	}
	if c.lists[col] == nil {
		c.lists[col] = make([]int32, BlockRows)
	}
	list, err = decodeUint32s(c.lists[col][:b.Rows], page)
	return list, where(col, b, err)
}

// values returns the decompressed values of one page.
func (c *Cursor) values(col Column, b *Block, encoding format.Encoding) ([]byte, error) {
	at := b.reader.groups[b.Group].columns[col].pages[b.Index]
	header, page, err := c.pager.page(b.reader.source, at.Offset, int64(at.CompressedPageSize))
	if err != nil {
		return nil, where(col, b, err)
	}
	v2 := &header.DataPageHeaderV2
	if !v2.Valid || v2.V.Encoding != encoding || int(v2.V.NumValues) != b.Rows || v2.V.NumNulls != 0 ||
		v2.V.DefinitionLevelsByteLength != 0 || v2.V.RepetitionLevelsByteLength != 0 {
		return nil, where(col, b, fmt.Errorf("not a page of %d values in %s", b.Rows, encoding))
	}
	return page, nil
}

func where(col Column, b *Block, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("segment: row group %d, column %d, block %d: %w", b.Group, col, b.Index, err)
}
