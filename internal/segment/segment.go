// Package segment knows how rows become Parquet files and rows again: their order, their
// columns, their pages. It must never know what is counted, nor where a file is kept: it
// reads from an io.ReaderAt and writes to an io.Writer.
//
// Every column is REQUIRED. Pages are compressed with zstd, and all columns of a row group
// break into pages at the same rows: a Block is such a stretch. The same rows give the
// same bytes. Rows come back by two roads: Reader.Rows, through the generic row reader of
// parquet-go, and Cursor, which gives the pages of single columns to those who count.
//
// Writer makes the pages itself, column by column from the fields of rows: parquet-go takes
// every value through an interface and a map, which costs as much as hashing the rows. Its
// bytes are those that parquet-go would write (TestWriterAgreesWithParquetGo).
package segment

// GroupRows is the most rows of a row group.
const GroupRows = 1 << 20

// BlockRows is the number of rows of every page but a row group's last.
const BlockRows = 1 << 15

// maxGroupText bounds the text of one row group, so that no dictionary outgrows a page.
const maxGroupText = 256 << 20
