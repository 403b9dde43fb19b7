package count

import (
	"io"

	ts "github.com/tallystick/tallystick"
)

// Segment is one committed file of rows.
type Segment struct {
	Name              string // names its bytes: the digest
	FirstDay, LastDay ts.Day // days of its first and last row, both included
	Rows              uint64
	Open              func() (File, error)
}

// File is the open bytes of a segment.
type File interface {
	io.ReaderAt
	io.Closer
	Size() int64
}

// Source is what is counted over.
type Source struct {
	Segments []Segment
	// Excluded holds indicator values and addresses: a row whose indicator, perpetrator,
	// victim or perpetrator's name equals one is not counted.
	Excluded []string
	// Shadowed, where not nil, reports that the records of an input of a segment's batch
	// are told by a newer batch: its rows count, their records are not summed.
	Shadowed func(segment string, input uint32) bool
	// Runs, where not nil, is where merged copies of segments are kept: see BuildRuns.
	Runs Cache
}
