package segment

import (
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	ts "github.com/tallystick/tallystick"
)

// Reader reads one segment. It is safe for concurrent use.
type Reader struct {
	source io.ReaderAt
	file   *parquet.File
	groups []group
}

// group is one row group: where its pages are.
type group struct {
	rows    int
	columns [Columns]chunk
	blocks  []Block
}

// chunk is one column of a row group.
type chunk struct {
	dictionary int64 // offset of its page, 0 where the column has none
	data       int64 // offset of the first page of values
	pages      []format.PageLocation
}

// Block is a stretch of consecutive rows that has one page in every column.
type Block struct {
	reader       *Reader
	Group, Index int // row group, and number of the block in it
	Rows         int
	FirstRow     int64 // of the file
	By, On       Range // what the columns hold at least and at most
}

// Range holds the least and the greatest country of a Block.
type Range struct{ Min, Max ts.Country }

// Open reads the footer of the segment of size bytes in r and checks that it has the
// columns, encodings and page borders that Write gives. Pages are read later.
func Open(r io.ReaderAt, size int64) (s *Reader, err error) {
	defer guard(&err)
	file, err := parquet.OpenFile(r, size, parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, fmt.Errorf("segment: %w", err)
	}
	if got, want := file.Schema().String(), parquet.SchemaOf(record{}).String(); got != want {
		return nil, fmt.Errorf("segment: its columns are not those of a segment: %.200q", got)
	}
	s = &Reader{source: r, file: file}
	total := int64(0)
	for g := range file.Metadata().RowGroups {
		one, err := s.openGroup(g, total)
		if err != nil {
			return nil, fmt.Errorf("segment: row group %d: %w", g, err)
		}
		s.groups = append(s.groups, one)
		total += int64(one.rows)
	}
	if total != file.NumRows() {
		return nil, fmt.Errorf("segment: %d rows in its row groups, %d in its footer", total, file.NumRows())
	}
	return s, nil
}

// guard turns a panic into an error: parquet-go checks most of what it reads, but has
// been seen to index out of range on pages whose lengths lie.
func guard(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("segment: corrupt: %v", p)
	}
}

func (s *Reader) openGroup(g int, firstRow int64) (group, error) {
	file := s.file
	meta := &file.Metadata().RowGroups[g]
	if meta.NumRows < 1 || meta.NumRows > GroupRows || len(meta.Columns) != int(Columns) {
		return group{}, fmt.Errorf("%d rows in %d columns", meta.NumRows, len(meta.Columns))
	}
	one := group{rows: int(meta.NumRows)}
	for c := range Columns {
		index := g*int(Columns) + int(c)
		if index >= len(file.OffsetIndexes()) || index >= len(file.ColumnIndexes()) {
			return group{}, errors.New("no page index")
		}
		var err error
		if one.columns[c], err = openChunk(&meta.Columns[c].MetaData, file.OffsetIndexes()[index].PageLocations, c); err != nil {
			return group{}, fmt.Errorf("column %d: %w", c, err)
		}
		if err := one.columns[c].borders(one.rows); err != nil {
			return group{}, fmt.Errorf("column %d: %w", c, err)
		}
	}
	indexes := file.ColumnIndexes()[g*int(Columns):]
	return one, one.divide(s, g, firstRow, &indexes[By], &indexes[On])
}

func openChunk(meta *format.ColumnMetaData, pages []format.PageLocation, c Column) (chunk, error) {
	if meta.Codec != format.Zstd {
		return chunk{}, fmt.Errorf("compressed by %s, want zstd", meta.Codec)
	}
	ch := chunk{dictionary: meta.DictionaryPageOffset, data: meta.DataPageOffset, pages: pages}
	if c.indexed() != (ch.dictionary != 0) {
		return chunk{}, errors.New("a dictionary where none belongs, or none where one does")
	}
	return ch, nil
}

// borders checks that the pages end at every BlockRows rows.
func (ch *chunk) borders(rows int) error {
	if want := (rows + BlockRows - 1) / BlockRows; len(ch.pages) != want {
		return fmt.Errorf("%d pages for %d rows, want %d", len(ch.pages), rows, want)
	}
	for i, p := range ch.pages {
		if p.FirstRowIndex != int64(i)*BlockRows || p.Offset < 0 || p.CompressedPageSize < 0 || p.CompressedPageSize > maxPage {
			return fmt.Errorf("page %d: first row %d, %d bytes at %d", i, p.FirstRowIndex, p.CompressedPageSize, p.Offset)
		}
	}
	return nil
}

// divide lists the blocks of the group, with the bounds that the page index gives.
func (one *group) divide(s *Reader, g int, firstRow int64, by, on *format.ColumnIndex) error {
	n := len(one.columns[By].pages)
	if min(len(by.MinValues), len(by.MaxValues), len(on.MinValues), len(on.MaxValues)) < n {
		return errors.New("page index without bounds")
	}
	for i := range n {
		one.blocks = append(one.blocks, Block{
			reader: s, Group: g, Index: i,
			Rows:     min(BlockRows, one.rows-i*BlockRows),
			FirstRow: firstRow + int64(i)*BlockRows,
			By:       Range{ts.Country(by.MinValues[i]), ts.Country(by.MaxValues[i])},
			On:       Range{ts.Country(on.MinValues[i]), ts.Country(on.MaxValues[i])},
		})
	}
	return nil
}

// NumRows returns the number of rows.
func (s *Reader) NumRows() int64 { return s.file.NumRows() }

// Groups returns the number of row groups.
func (s *Reader) Groups() int { return len(s.groups) }

// Blocks returns the blocks of a row group, which are not to be changed.
func (s *Reader) Blocks(group int) []Block { return s.groups[group].blocks }

// Meta returns what Writer.SetMeta kept under key, "" if nothing.
func (s *Reader) Meta(key string) string {
	value, _ := s.file.Lookup(key)
	return value
}
