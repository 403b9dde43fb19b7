package segment

import (
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/parquet-go/parquet-go"

	ts "github.com/tallystick/tallystick"
)

// Rows yields every row exactly, but for the line number of its locator, in the order of
// the file, which is that of the ledger's leaves. It goes through the generic row reader
// of parquet-go: slowly, and by another road than Cursor. The first error is the last.
func (s *Reader) Rows() iter.Seq2[ts.Row, error] {
	return func(yield func(ts.Row, error) bool) {
		file := parquet.NewGenericReader[record](s.file)
		defer file.Close()
		buf := make([]record, 256)
		at := int64(0)
		for at < s.NumRows() {
			n, err := readRecords(file, buf)
			for i := range n {
				row, err := buf[i].row()
				if err != nil {
					yield(ts.Row{}, fmt.Errorf("segment row %d: %w", at, err))
					return
				}
				if !yield(row, nil) {
					return
				}
				at++
			}
			if n == 0 {
				yield(ts.Row{}, fmt.Errorf("segment row %d: %w", at, errors.Join(err, io.ErrUnexpectedEOF)))
				return
			}
		}
	}
}

func readRecords(file *parquet.GenericReader[record], buf []record) (n int, err error) {
	defer guard(&err)
	n, err = file.Read(buf)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	if err != nil {
		return 0, err
	}
	return n, nil
}
