// Package telemetry knows how to open a file of any supported kind: it undoes gzip and
// zstd, recognises the format by content and accounts for every record. It must never
// know what is malicious, where an address lies, or the ledger.
package telemetry

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/lines"
)

// Options say what a file does not say of itself.
type Options struct {
	Zone  *time.Location // of times written without a zone; nil is unknown
	Limit Limit          // on decompression; the zero Limit is DefaultLimit
}

// File yields the observations of one file: each record, or why it was skipped.
type File struct {
	name     string
	src      *lines.Reader
	records  reader
	spanning spanning // records, where they do not end with lines
	plain    io.Closer
}

// reader is what every format offers. Each Next that returns nil or a
// *tallystick.LineError accounts for exactly one record.
type reader interface {
	Next(o *tallystick.Observation) error
	Format() string
}

// spanning is what formats offer whose records may begin or end within a line.
type spanning interface {
	Pending() bool // a record yet to come begins on a line that was read
}

// Open recognises the file that r holds. name stands in errors and, for formats that
// are named by their file, tells the kind of report. An empty file has the format
// "empty" and no records. The error names the file: it wraps ErrUnknown when no format
// fits, and is the source's when nothing can be read. Close the File before r.
func Open(name string, r io.Reader, opt Options) (*File, error) {
	plain, err := decompress(r, opt.Limit)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	// Inflating keeps one core busy; reading what is not compressed leaves it time to hash.
	_, compressed := plain.(*inflater)
	f := &File{name: name, src: lines.NewAhead(plain, !compressed), plain: plain}
	if f.records, err = recognise(name, f.src, opt); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), f.Close())
	}
	f.spanning, _ = f.records.(spanning)
	return f, nil
}

// Next fills o from the next record. The error is a *tallystick.LineError when that
// record was skipped and reading goes on, io.EOF at the end; any other says that the
// rest of the file cannot be read or trusted, and names the file.
func (f *File) Next(o *tallystick.Observation) error {
	err := f.records.Next(o)
	if err == nil {
		return nil
	}
	var bad *tallystick.LineError
	switch {
	case errors.As(err, &bad):
		bad.File = f.name
		return bad
	case err == io.EOF:
		return io.EOF
	}
	return fmt.Errorf("%s: %w", f.name, err)
}

// Format names the format as far as it is known, such as "zeek conn tsv".
func (f *File) Format() string { return f.records.Format() }

// End returns where the line last read ends, in decompressed bytes.
func (f *File) End() uint64 { return f.src.End() }

// Held returns the bytes [from, End()) if they are still held, else nil. They are valid
// until the next call of Next.
func (f *File) Held(from uint64) []byte { return f.src.Held(from) }

// Sum returns the SHA-256 of the decompressed bytes [0, End()).
func (f *File) Sum() [sha256.Size]byte { return f.src.Sum() }

// Unterminated reports whether the line last read had no line end: it may be a record
// that is still being written.
func (f *File) Unterminated() bool { return f.src.Unterminated() }

// Divisible reports whether the file may be divided at End(): all records that begin
// before it have been returned, and the line last read is whole. Formats whose records
// do not end with lines, JSON objects and CSV rows, are elsewhere in the middle of one.
func (f *File) Divisible() bool {
	return !f.src.Unterminated() && (f.spanning == nil || !f.spanning.Pending())
}

// Close releases what decompression holds. It does not close the reader given to Open.
func (f *File) Close() error {
	f.src.Close()
	return f.plain.Close()
}
