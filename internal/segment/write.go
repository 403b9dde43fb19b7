package segment

import (
	"cmp"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"github.com/parquet-go/parquet-go/format"

	ts "github.com/tallystick/tallystick"
)

// writeChunk is how many rows pass through the columns at once: few enough to stay in the
// processor's cache.
const writeChunk = 256

// Write writes rows, which must be in the order of Sort, as a Parquet file. It fails
// where a row cannot be kept exactly; nothing written then is of use.
func Write(w io.Writer, rows []ts.Row) error {
	file := NewWriter(w)
	if err := file.Write(rows); err != nil {
		return err
	}
	return file.Close()
}

// Writer writes a segment a few rows at a time. Columns are encoded in parallel; the bytes
// depend neither on that nor on how the rows are divided.
type Writer struct {
	out     io.Writer
	file    *fileWriter // nil until something is written
	meta    []format.KeyValue
	columns []*chunkWriter
	shared  *Packers
	packers []*packer // one for each who works
	most    int       // rows of a row group
	rows    int64     // of the file
	inGroup int       // of the row group being written
	text    int       // bytes of text in it
	last    ts.Row
}

// NewWriter returns a Writer to w.
func NewWriter(w io.Writer) *Writer {
	return new(Packers).NewWriter(w)
}

// SetMeta keeps a value beside the rows, under a key of its own.
func (w *Writer) SetMeta(key, value string) {
	w.meta = append(w.meta, format.KeyValue{Key: key, Value: value})
}

// Write appends rows, which must go on in the order of Sort. It fails where a row cannot
// be kept exactly; the file is then of no use.
func (w *Writer) Write(rows []ts.Row) error {
	if err := w.begin(); err != nil {
		return fmt.Errorf("segment: %w", err)
	}
	if err := w.check(rows); err != nil {
		return err
	}
	for len(rows) > 0 {
		n := w.room(rows)
		if n == 0 {
			if err := w.commit(); err != nil {
				return fmt.Errorf("segment: %w", err)
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

// begin makes ready what writes, once.
func (w *Writer) begin() (err error) {
	if w.file != nil {
		return nil
	}
	for c := range Columns {
		w.columns = append(w.columns, newChunkWriter(c))
	}
	if w.packers, err = w.shared.take(numShares()); err != nil {
		return err
	}
	w.file, err = newFileWriter(w.out)
	return err
}

// room returns how many of the rows go on in the block being written, 0 where the row
// group is full.
func (w *Writer) room(rows []ts.Row) int {
	if w.inGroup == w.most {
		return 0
	}
	n := min(len(rows), BlockRows-w.inGroup%BlockRows, w.most-w.inGroup)
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
	var work sync.WaitGroup
	for share := range w.packers {
		work.Go(func() { addShare(w.columns, share, len(w.packers), rows) })
	}
	work.Wait()
	w.inGroup += len(rows)
	if w.inGroup%BlockRows != 0 {
		return nil
	}
	return w.each((*chunkWriter).endPage)
}

// addShare adds rows to every column whose number modulo of is share. It takes all of them
// a few rows at a time, because a pass over all rows a column would wait for memory.
func addShare(columns []*chunkWriter, share, of int, rows []ts.Row) {
	for len(rows) > 0 {
		some := rows[:min(writeChunk, len(rows))]
		rows = rows[len(some):]
		for c := share; c < len(columns); c += of {
			columns[c].add(some)
		}
	}
}

// each calls f for every column, several at a time.
func (w *Writer) each(f func(*chunkWriter, *packer) error) error {
	failed := make([]error, len(w.columns))
	var work sync.WaitGroup
	var next atomic.Int64
	for _, p := range w.packers {
		work.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(failed)); i = next.Add(1) - 1 {
				failed[i] = f(w.columns[i], p)
			}
		})
	}
	work.Wait()
	return cmp.Or(failed...)
}

// commit ends the row group.
func (w *Writer) commit() error {
	if w.inGroup == 0 {
		return nil
	}
	if err := w.each((*chunkWriter).end); err != nil {
		return err
	}
	if err := w.file.rowGroup(w.columns); err != nil {
		return err
	}
	for _, c := range w.columns {
		c.reset()
	}
	w.inGroup, w.text = 0, 0
	return nil
}

// Close ends the file. It does not close what the Writer writes to.
func (w *Writer) Close() error {
	if err := cmp.Or(w.begin(), w.commit()); err != nil {
		return fmt.Errorf("segment: %w", err)
	}
	w.shared.give(w.packers)
	w.packers = nil
	w.file.meta.KeyValueMetadata = w.meta
	if err := w.file.close(); err != nil {
		return fmt.Errorf("segment: %w", err)
	}
	return nil
}
