package segment

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	ts "github.com/tallystick/tallystick"
)

// writeChunk is how many rows pass to the column writers at once: few enough to stay in
// the processor's cache.
const writeChunk = 256

// Write writes rows, which must be in the order of Sort, as a Parquet file. It fails
// where a row cannot be kept exactly; nothing written then is of use. Columns are encoded
// in parallel, the bytes do not depend on it.
func Write(w io.Writer, rows []ts.Row) error {
	if err := checkAll(rows); err != nil {
		return err
	}
	file := parquet.NewGenericWriter[record](w, writerOptions(len(rows))...)
	for len(rows) > 0 {
		n := groupLen(rows)
		if err := writeGroup(file, rows[:n]); err != nil {
			return fmt.Errorf("segment: %w", err)
		}
		rows = rows[n:]
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("segment: %w", err)
	}
	return nil
}

func writerOptions(rows int) []parquet.WriterOption {
	return []parquet.WriterOption{
		parquet.CreatedBy("tallystick", "1", "segment"),
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedBetterCompression}),
		// A page ends where Flush says so, at the same row in every column: the buffer is
		// larger than a block of the widest values, for it is flushed a little early.
		parquet.PageBufferSize(9*min(rows, BlockRows) + 64),
		parquet.SortingWriterConfig(parquet.SortingColumns(
			parquet.Ascending("by"), parquet.Ascending("on"), parquet.Ascending("class"),
			parquet.Ascending("victim_hi"), parquet.Ascending("victim_lo"), parquet.Ascending("day"),
		)),
	}
}

// groupLen returns how many of the rows make the next row group.
func groupLen(rows []ts.Row) int {
	text := 0
	for i := range rows[:min(len(rows), GroupRows)] {
		if text += textLen(&rows[i]); text > maxGroupText {
			return i
		}
	}
	return min(len(rows), GroupRows)
}

// writeGroup shares the columns of a row group among the processors.
func writeGroup(file *parquet.GenericWriter[record], rows []ts.Row) error {
	group := file.BeginRowGroup()
	columns := make([]columnWriter, Columns)
	for c, w := range group.ColumnWriters() {
		columns[c] = columnWriter{w, Column(c).values()}
	}
	errs := make([]error, runtime.GOMAXPROCS(0))
	var done sync.WaitGroup
	for share := range errs {
		done.Go(func() { errs[share] = writeShare(columns, share, len(errs), rows) })
	}
	done.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	_, err := group.Commit()
	return err
}

// columnWriter writes one column of rows.
type columnWriter struct {
	to    *parquet.ColumnWriter
	value func(*ts.Row) parquet.Value
}

// writeShare writes every column whose number modulo of is share. It takes all of them a
// few rows at a time, because a pass over all rows a column would wait for memory.
func writeShare(columns []columnWriter, share, of int, rows []ts.Row) error {
	buf := make([]parquet.Value, writeChunk)
	for len(rows) > 0 {
		block := rows[:min(BlockRows, len(rows))]
		rows = rows[len(block):]
		for len(block) > 0 {
			chunk := block[:min(writeChunk, len(block))]
			block = block[len(chunk):]
			for c := share; c < len(columns); c += of {
				if err := columns[c].write(chunk, buf); err != nil {
					return fmt.Errorf("column %d: %w", c, err)
				}
			}
		}
		for c := share; c < len(columns); c += of {
			if err := columns[c].to.Flush(); err != nil {
				return fmt.Errorf("column %d: %w", c, err)
			}
		}
	}
	return nil
}

func (w *columnWriter) write(rows []ts.Row, buf []parquet.Value) error {
	for i := range rows {
		buf[i] = w.value(&rows[i])
	}
	_, err := w.to.WriteRowValues(buf[:len(rows)])
	return err
}
