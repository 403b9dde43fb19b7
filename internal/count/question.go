package count

import (
	"errors"
	"fmt"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/place"
)

// Question asks for the distinct members of a measure.
type Question struct {
	Measure      measure.Measure
	Window       ts.Window
	By, On       []ts.Country // nil: any
	ByAS, OnAS   uint32       // 0: any
	Sensor       string       // "": any
	Site, Family string       // "": any
	Verdict      place.Verdict
	Group        []Dimension
}

// Group is the figure of one group.
type Group struct {
	Key      []string // one text a Dimension asked for
	Members  uint64   // distinct public members
	Internal uint64   // distinct members known only together with their sensor
	Unknown  uint64   // rows that count but whose member is not known, such as a site
	Records  uint64   // sum of the records of rows with a member; evidence, never a measure
}

// Member is one member of the counted set.
type Member struct {
	Bytes       []byte // as measure.Measure.AppendMember gives it
	Internal    bool
	First, Last ts.Day
}

// Options bound what a Scan uses.
type Options struct {
	Workers     int   // how many scan at once; 0: one a processor
	Memory      int64 // bytes for the tables of Count; 0: 1 GiB. Members beyond it are counted in further scans
	StretchRows int   // rows of a stretch of pairs that is scanned at once, where groups allow it; 0: as many as pay
}

// check refuses questions that have no meaning.
func (q *Question) check() error {
	for _, d := range q.Group {
		if !d.known() {
			return fmt.Errorf("count: dimension %q is none of %q", d, Dimensions())
		}
		if !q.Measure.HasBy && (d == By || d == ByAS) {
			return fmt.Errorf("count: %s has no perpetrator's place to group by", q.Measure.Name)
		}
	}
	if !q.Measure.HasBy && (q.By != nil || q.ByAS != 0) {
		return fmt.Errorf("count: %s has no perpetrator's place to ask for", q.Measure.Name)
	}
	if len(q.Group) > maxDimensions {
		return errors.New("count: more dimensions than there are")
	}
	return nil
}
