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
// where a row cannot be kept exactly; nothing written then is of use.
func Write(w io.Writer, rows []ts.Row) error {
	file := newWriter(w, min(len(rows), BlockRows))
	for len(rows) > 0 {
		n := min(len(rows), BlockRows)
		if err := file.Write(rows[:n]); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return file.Close()
}

// Writer writes a segment a few rows at a time. Columns are encoded in parallel; the bytes
// depend neither on that nor on how the rows are divided.
type Writer struct {
	file    *parquet.GenericWriter[record]
	group   *parquet.ConcurrentRowGroupWriter
	columns []columnWriter
	rows    int64 // of the file
	inGroup int   // of the row group being written
	text    int   // bytes of text in it
	last    ts.Row
}

// NewWriter returns a Writer to w.
func NewWriter(w io.Writer) *Writer { return newWriter(w, BlockRows) }

func newWriter(w io.Writer, block int) *Writer {
	file := parquet.NewGenericWriter[record](w,
		bytewiseColumns(),
		parquet.CreatedBy("tallystick", "1", "segment"),
		parquet.DataPageStatistics(false), // the page index has them
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedBetterCompression}),
		// A page ends where Flush says so, at the same row in every column: the buffer is
		// larger than a block of the widest values, for it is flushed a little early.
		parquet.PageBufferSize(9*block+64),
		parquet.SortingWriterConfig(parquet.SortingColumns(
			parquet.Ascending("by"), parquet.Ascending("on"), parquet.Ascending("class"),
			parquet.Ascending("victim_hi"), parquet.Ascending("victim_lo"), parquet.Ascending("day"),
		)),
	)
	return &Writer{file: file}
}

// SetMeta keeps a value under a key beside the rows.
func (w *Writer) SetMeta(key, value string) { w.file.SetKeyValueMetadata(key, value) }

// Write appends rows, which must go on in the order of Sort. It fails where a row cannot
// be kept exactly; the file is then of no use.
func (w *Writer) Write(rows []ts.Row) error {
	if err := w.check(rows); err != nil {
		return err
	}
	for len(rows) > 0 {
		n := w.room(rows)
		if n == 0 {
			if err := w.commit(); err != nil {
				return err
			}
			continue
		}
		if err := w.write(rows[:n]); err != nil {
			return fmt.Errorf("segment: %w", err)
		}
		rows = rows[n:]
	}
	return nil
}

// room returns how many of the rows go on in the block being written, 0 where the row
// group is full.
func (w *Writer) room(rows []ts.Row) int {
	if w.inGroup == GroupRows {
		return 0
	}
	n := min(len(rows), BlockRows-w.inGroup%BlockRows)
	for i := range rows[:n] {
		size := textLen(&rows[i])
		if w.text+size > maxGroupText {
			return i
		}
		w.text += size
	}
	return n
}

// write appends rows to the block, and ends it where it is full.
func (w *Writer) write(rows []ts.Row) error {
	if w.group == nil {
		w.group = w.file.BeginRowGroup()
		for c, to := range w.group.ColumnWriters() {
			w.columns = append(w.columns, columnWriter{to, Column(c).values()})
		}
	}
	w.inGroup += len(rows)
	full := w.inGroup%BlockRows == 0
	errs := make([]error, runtime.GOMAXPROCS(0))
	var done sync.WaitGroup
	for share := range errs {
		done.Go(func() { errs[share] = writeShare(w.columns, share, len(errs), rows, full) })
	}
	done.Wait()
	return errors.Join(errs...)
}

// commit ends the row group.
func (w *Writer) commit() error {
	if w.inGroup == 0 {
		return nil
	}
	err := w.group.Flush()
	if err == nil {
		_, err = w.group.Commit()
	}
	w.inGroup, w.text = 0, 0
	if err != nil {
		return fmt.Errorf("segment: %w", err)
	}
	return nil
}

// Close ends the file. It does not close what the Writer writes to.
func (w *Writer) Close() error {
	if err := w.commit(); err != nil {
		return err
	}
	if err := w.file.Close(); err != nil {
		return fmt.Errorf("segment: %w", err)
	}
	return nil
}

// columnWriter writes one column of rows.
type columnWriter struct {
	to    *parquet.ColumnWriter
	value func(*ts.Row) parquet.Value
}

// writeShare writes every column whose number modulo of is share. It takes all of them a
// few rows at a time, because a pass over all rows a column would wait for memory.
func writeShare(columns []columnWriter, share, of int, rows []ts.Row, full bool) error {
	buf := make([]parquet.Value, writeChunk)
	for len(rows) > 0 {
		chunk := rows[:min(writeChunk, len(rows))]
		rows = rows[len(chunk):]
		for c := share; c < len(columns); c += of {
			if err := columns[c].write(chunk, buf); err != nil {
				return fmt.Errorf("column %d: %w", c, err)
			}
		}
	}
	for c := share; full && c < len(columns); c += of {
		if err := columns[c].to.Flush(); err != nil {
			return fmt.Errorf("column %d: %w", c, err)
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
