// Package evidence knows what the entries of a ledger mean: batches with their inputs
// and segments, sensors, exclusions, place editions and reports, and the objects of the
// proof; where their private records lie, and which of them are live. It must never know
// how records are read or judged, nor that anything is counted.
package evidence

import (
	"fmt"
	"iter"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// Ledger is what is read here of a ledger: entries from an index on, the error that
// ended them early, and files of content.
type Ledger interface {
	EntriesFrom(i uint64) iter.Seq2[uint64, []byte]
	Err() error
	Get(path string) ([]byte, error)
}

// The types of entries, as their first lines.
const (
	TypeBatch   = "tally-batch/v1"
	TypeSensor  = "tally-sensor/v1"
	TypeExclude = "tally-exclude/v1"
	TypePlace   = "tally-place/v1"
	TypeReport  = "tally-report/v1"
)

// View is the meaning of the first Size entries of a ledger.
type View struct {
	Size       uint64
	Batches    []Batch           // in the order of their entries, superseded ones included
	Sensors    map[string]Sensor // the newest declaration of each name
	Exclusions []Exclusion
	Places     []Edition
	Reports    []Report
	Published  // what was published of it
	superseded map[uint64]bool
	evidence   uint64 // size that holds every entry that figures are counted from
}

// Read reads every entry, and the private records that batches name.
func Read(l Ledger) (*View, error) {
	v := &View{Sensors: map[string]Sensor{}, superseded: map[uint64]bool{}}
	return v, v.Extend(l)
}

// Extend reads the entries that were appended since.
func (v *View) Extend(l Ledger) error {
	for i, entry := range l.EntriesFrom(v.Size) {
		if err := v.add(l, i, entry); err != nil {
			return fmt.Errorf("ledger entry %d: %w", i, err)
		}
		v.Size = i + 1
	}
	return l.Err()
}

func (v *View) add(l Ledger, i uint64, entry []byte) error {
	o, err := ts.ParseObject(entry)
	if err != nil {
		return err
	}
	switch o.Type {
	case TypeBatch:
		b, err := readBatch(l, i, entry)
		if err != nil {
			return err
		}
		if b.Supersedes != nil {
			v.superseded[*b.Supersedes] = true
		}
		v.Batches = append(v.Batches, b)
	case TypeSensor:
		s, err := ParseSensor(entry)
		if err != nil {
			return err
		}
		v.Sensors[s.Name] = Sensor{Index: i, Sensor: s}
	case TypeExclude:
		x, err := ParseExclusion(entry)
		if err != nil {
			return err
		}
		x.Index = i
		v.Exclusions = append(v.Exclusions, x)
	case proof.CanaryType:
		reveals, err := v.addCanary(i, entry)
		if err != nil || !reveals {
			return err
		}
	case TypePlace:
		p, err := ParseEdition(entry)
		if err != nil {
			return err
		}
		v.Places = append(v.Places, p)
	case TypeReport:
		r, err := ParseReport(entry)
		if err != nil {
			return err
		}
		r.Index = i
		v.Reports = append(v.Reports, r)
		return nil
	default:
		if known, err := v.Published.add(o.Type, i, entry); known || err != nil {
			return err
		}
	}
	v.evidence = i + 1
	return nil
}

// EvidenceSize returns the size of the ledger without what was published at its end: two
// reports of the same evidence name the same checkpoint.
func (v *View) EvidenceSize() uint64 { return v.evidence }

// Live yields the batches that no later one supersedes.
func (v *View) Live() iter.Seq[*Batch] {
	return func(yield func(*Batch) bool) {
		for i := range v.Batches {
			b := &v.Batches[i]
			if !v.superseded[b.Index] && !yield(b) {
				return
			}
		}
	}
}

// Known yields the inputs of every batch, with their batch.
func (v *View) Known() iter.Seq2[*Batch, *Input] {
	return func(yield func(*Batch, *Input) bool) {
		for i := range v.Batches {
			for j := range v.Batches[i].Inputs {
				if !yield(&v.Batches[i], &v.Batches[i].Inputs[j]) {
					return
				}
			}
		}
	}
}
