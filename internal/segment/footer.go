package segment

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

const magic = "PAR1" // both ends of a Parquet file

// fileWriter puts pages one behind the other, and at the end says where they are.
type fileWriter struct {
	out     io.Writer
	at      int64 // how much is written
	meta    format.FileMetaData
	columns [][]format.ColumnIndex // of each row group
	offsets [][]format.OffsetIndex
}

// newFileWriter lets parquet-go say what the schema of record is in a footer: by way of a
// file without rows.
func newFileWriter(out io.Writer) (*fileWriter, error) {
	var b bytes.Buffer
	if err := parquet.NewGenericWriter[record](&b, parquet.CreatedBy("tallystick", "1", "segment")).Close(); err != nil {
		return nil, err
	}
	empty, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		return nil, err
	}
	w := &fileWriter{out: out, meta: *empty.Metadata()}
	return w, w.write([]byte(magic))
}

func (w *fileWriter) write(b []byte) error {
	n, err := w.out.Write(b)
	w.at += int64(n)
	return err
}

// rowGroup writes the chunks of a row group, which have ended.
func (w *fileWriter) rowGroup(chunks []*chunkWriter) error {
	group := format.RowGroup{NumRows: int64(chunks[0].closed), SortingColumns: sorting(),
		FileOffset: w.at, Ordinal: int16(len(w.meta.RowGroups))}
	columns, offsets := make([]format.ColumnIndex, len(chunks)), make([]format.OffsetIndex, len(chunks))
	for i, c := range chunks {
		meta, err := w.chunk(c, &offsets[i])
		if err != nil {
			return err
		}
		columns[i] = c.bounds.index()
		group.Columns = append(group.Columns, format.ColumnChunk{MetaData: meta})
		group.TotalByteSize += meta.TotalUncompressedSize
		group.TotalCompressedSize += meta.TotalCompressedSize
	}
	w.meta.RowGroups = append(w.meta.RowGroups, group)
	w.meta.NumRows += group.NumRows
	w.columns, w.offsets = append(w.columns, columns), append(w.offsets, offsets)
	return nil
}

// sorting names the columns by which rows are sorted first.
func sorting() []format.SortingColumn {
	var list []format.SortingColumn
	for _, c := range [...]Column{By, On, Class, VictimHi, VictimLo, Day} {
		list = append(list, format.SortingColumn{ColumnIdx: int32(c)})
	}
	return list
}

// chunk writes the pages of c, and tells where they are.
func (w *fileWriter) chunk(c *chunkWriter, offsets *format.OffsetIndex) (format.ColumnMetaData, error) {
	meta := format.ColumnMetaData{
		Type: c.column.physical(), Codec: format.Zstd, NumValues: int64(c.closed), Statistics: c.bounds.whole(),
		PathInSchema: []string{w.meta.Schema[1+c.column].Name},
	}
	put := func(p *page) error {
		meta.TotalUncompressedSize += int64(p.plain)
		meta.TotalCompressedSize += int64(len(p.bytes))
		return w.write(p.bytes)
	}
	if c.column.indexed() {
		meta.DictionaryPageOffset = w.at
		meta.Encoding = append(meta.Encoding, format.Plain)
		meta.EncodingStats = append(meta.EncodingStats, format.PageEncodingStats{PageType: format.DictionaryPage, Encoding: format.Plain, Count: 1})
		if err := put(&c.dict); err != nil {
			return meta, err
		}
	}
	meta.DataPageOffset = w.at
	meta.Encoding = append(meta.Encoding, c.column.encoding())
	meta.EncodingStats = append(meta.EncodingStats, format.PageEncodingStats{
		PageType: format.DataPageV2, Encoding: c.column.encoding(), Count: int32(len(c.pages))})
	for i := range c.pages {
		offsets.PageLocations = append(offsets.PageLocations, format.PageLocation{
			Offset: w.at, CompressedPageSize: int32(len(c.pages[i].bytes)), FirstRowIndex: int64(i) * BlockRows})
		if err := put(&c.pages[i]); err != nil {
			return meta, err
		}
	}
	return meta, nil
}

// close writes the page index and the footer.
func (w *fileWriter) close() error {
	for g, group := range w.meta.RowGroups {
		for c := range group.Columns {
			chunk := &group.Columns[c]
			chunk.ColumnIndexOffset = w.at
			if err := w.encode(&w.columns[g][c]); err != nil {
				return err
			}
			chunk.ColumnIndexLength = int32(w.at - chunk.ColumnIndexOffset)
		}
	}
	for g, group := range w.meta.RowGroups {
		for c := range group.Columns {
			chunk := &group.Columns[c]
			chunk.OffsetIndexOffset = w.at
			if err := w.encode(&w.offsets[g][c]); err != nil {
				return err
			}
			chunk.OffsetIndexLength = int32(w.at - chunk.OffsetIndexOffset)
		}
	}
	start := w.at
	if err := w.encode(&w.meta); err != nil {
		return err
	}
	return w.write(append(binary.LittleEndian.AppendUint32(nil, uint32(w.at-start)), magic...))
}

// encode writes a part of the footer.
func (w *fileWriter) encode(part any) error {
	b, err := thrift.Marshal(new(thrift.CompactProtocol), part)
	if err != nil {
		return fmt.Errorf("footer: %w", err)
	}
	return w.write(b)
}
