// Package place knows which country and AS an address had on a day, from dated local
// snapshots that are named by digest: the embedded table, MMDB files and CSV tables. It
// must never know why it is asked, the network, or what day it is today.
//
// A country is the one a data set gives for the machine's address; nothing is said of
// an actor. Several data sets may be loaded: the first-named one decides, the others say
// how far it can be trusted (Verdict).
package place

import (
	"io"

	ts "github.com/tallystick/tallystick"
)

// Place is where an address was. Unknown parts are "" and 0.
type Place struct {
	Country ts.Country
	AS      uint32
}

// Edition is one dated snapshot of a named data set.
type Edition struct {
	Name   string
	Day    ts.Day    // the day for which the snapshot speaks
	Digest ts.Digest // of the snapshot's bytes, decompressed
}

// Snapshot is the content of one edition. It may hold countries, ASes or both: snapshots
// of one name complement each other.
type Snapshot struct {
	Edition
	steps     steps
	countries bool
	networks  bool
	source    func(io.Writer) (int64, error) // writes what Digest names; nil where nobody knows
}

// Len returns the number of ranges that the snapshot places.
func (s *Snapshot) Len() int {
	n := 0
	for _, step := range s.steps {
		if step.mark != (mark{}) {
			n++
		}
	}
	return n
}

// mark is a Place in eight bytes, for tables with millions of ranges.
type mark struct {
	country [2]byte
	as      uint32
}

func (m mark) place() Place {
	p := Place{AS: m.as}
	if m.country != [2]byte{} {
		p.Country = ts.Country(m.country[:])
	}
	return p
}
