package segment

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	ts "github.com/tallystick/tallystick"
)

// writeChunk is how many values pass to a column writer at once: few enough to stay in
// the processor's cache.
const writeChunk = 512

// Write writes rows, which must be in the order of Sort, as a Parquet file. It fails
// where a row cannot be kept exactly; nothing written then is of use. Columns are encoded
// in parallel, the bytes do not depend on it.
func Write(w io.Writer, rows []ts.Row) error {
	for i := range rows {
		if err := check(&rows[i]); err != nil {
			return fmt.Errorf("segment row %d: %w", i, err)
		}
		if i > 0 && Compare(&rows[i-1], &rows[i]) > 0 {
			return fmt.Errorf("segment row %d is out of order", i)
		}
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
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedFastest}),
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

func writeGroup(file *parquet.GenericWriter[record], rows []ts.Row) error {
	group := file.BeginRowGroup()
	columns := group.ColumnWriters()
	errs := make([]error, len(columns))
	var next atomic.Int32
	var done sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(columns)) {
		done.Go(func() {
			for c := next.Add(1) - 1; int(c) < len(columns); c = next.Add(1) - 1 {
				errs[c] = writeColumn(columns[c], Column(c), rows)
			}
		})
	}
	done.Wait()
	for c, err := range errs {
		if err != nil {
			return fmt.Errorf("column %d: %w", c, err)
		}
	}
	_, err := group.Commit()
	return err
}

func writeColumn(w *parquet.ColumnWriter, c Column, rows []ts.Row) error {
	value := c.values()
	buf := make([]parquet.Value, writeChunk)
	for start := 0; start < len(rows); start += BlockRows {
		block := rows[start:min(start+BlockRows, len(rows))]
		for len(block) > 0 {
			n := min(len(block), writeChunk)
			for i := range n {
				buf[i] = value(&block[i])
			}
			if _, err := w.WriteRowValues(buf[:n]); err != nil {
				return err
			}
			block = block[n:]
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return w.Close()
}
