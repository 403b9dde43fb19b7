package ingest

import (
	"maps"

	"github.com/tallystick/tallystick/internal/evidence"
)

// judged holds the inputs of earlier batches all of whose bytes were judged again by
// the rules of this run and are committed.
type judged map[judgedInput]bool

// judgedInput is an input of a batch: its last byte tells it from others that begin
// alike.
type judgedInput struct {
	entry uint64
	to    evidence.Mark
}

// with returns what is judged again once the parts are committed too.
func (j judged) with(parts []part) judged {
	k := maps.Clone(j)
	if k == nil {
		k = judged{}
	}
	for i := range parts {
		for _, c := range parts[i].again {
			k[judgedInput{c.entry, c.input.To}] = true
		}
	}
	return k
}

// complete returns the live batches all of whose inputs are judged again, in order.
func (j judged) complete(view *evidence.View) []uint64 {
	if len(j) == 0 {
		return nil
	}
	var done []uint64
	for old := range view.Live() {
		if len(old.Inputs) > 0 && j.covers(old) {
			done = append(done, old.Index)
		}
	}
	return done
}

func (j judged) covers(old *evidence.Batch) bool {
	for i := range old.Inputs {
		if !j[judgedInput{old.Index, old.Inputs[i].To}] {
			return false
		}
	}
	return true
}
