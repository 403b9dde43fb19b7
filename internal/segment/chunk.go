package segment

import (
	ts "github.com/tallystick/tallystick"
)

// chunkWriter makes a column of a row group. Its pages wait in memory, compressed: the
// dictionary, which comes before them, is complete when they are.
type chunkWriter struct {
	column   Column
	encoder  encoder
	open     int // rows of the page that is not closed
	closed   int // rows of those that are
	pages    []page
	bounds   bounds
	dict     page // none in columns without
	distinct int
}

func newChunkWriter(c Column) *chunkWriter {
	return &chunkWriter{column: c, encoder: newEncoder(c), bounds: bounds{width: c.width()}}
}

// reset begins another row group.
func (w *chunkWriter) reset() {
	w.encoder.reset()
	*w = chunkWriter{column: w.column, encoder: w.encoder, bounds: bounds{width: w.bounds.width}}
}

func (w *chunkWriter) add(rows []ts.Row) {
	w.encoder.add(rows)
	w.open += len(rows)
}

// endPage closes the open page, if there is one.
func (w *chunkWriter) endPage(p *packer) error {
	if w.open == 0 {
		return nil
	}
	w.bounds.add(w.encoder.bounds())
	values, wide, err := w.encoder.page()
	if err != nil {
		return err
	}
	made, err := p.page(valuesHeader(w.open, w.column.encoding()), values, wide)
	w.pages = append(w.pages, made)
	w.closed, w.open = w.closed+w.open, 0
	return err
}

// end closes the chunk.
func (w *chunkWriter) end(p *packer) (err error) {
	if err := w.endPage(p); err != nil || !w.column.indexed() {
		return err
	}
	var values []byte
	values, w.distinct = w.encoder.dictionary()
	w.dict, err = p.page(dictionaryHeader(w.distinct), values, false)
	return err
}
