package evidence

import (
	"fmt"
	"testing"

	ts "github.com/tallystick/tallystick"
)

// TestTellings follows one content through rules A and B and back. Each step is a batch:
// by which rules, what it judges again, and which batch it supersedes.
func TestTellings(t *testing.T) {
	type step struct {
		rules      string
		again      []int
		supersedes int // of the steps, from 1 on; 0 none
	}
	for name, c := range map[string]struct {
		steps []step
		told  []bool // whether the input of a step is told by another
	}{
		"once":            {[]step{{"A", nil, 0}}, []bool{false}},
		"grown":           {[]step{{"A", nil, 0}, {"A", nil, 0}}, []bool{false, false}},
		"again":           {[]step{{"A", nil, 0}, {"B", []int{0}, 0}}, []bool{true, false}},
		"twice again":     {[]step{{"A", nil, 0}, {"B", []int{0}, 0}, {"C", []int{1}, 0}}, []bool{true, true, false}},
		"there and back":  {[]step{{"A", nil, 0}, {"B", []int{0}, 0}, {"A", []int{1}, 0}}, []bool{false, true, false}},
		"grown, again":    {[]step{{"A", nil, 0}, {"A", nil, 0}, {"B", []int{0, 1}, 0}}, []bool{true, true, false}},
		"superseded":      {[]step{{"A", nil, 0}, {"B", []int{0}, 1}}, []bool{true, false}},
		"and superseding": {[]step{{"A", nil, 0}, {"B", []int{0}, 0}, {"A", nil, 2}}, []bool{false, false, false}},
		"through a dead":  {[]step{{"A", nil, 0}, {"B", []int{0}, 0}, {"C", []int{1}, 2}}, []bool{true, true, false}},
	} {
		l := &shelf{files: map[string][]byte{}}
		var digests []ts.Digest
		for i, s := range c.steps {
			in := input(fmt.Sprint(i))
			in.Again = nil
			for _, earlier := range s.again {
				in.Again = append(in.Again, digests[earlier])
			}
			text, err := FormatInput(&in)
			digests = append(digests, l.keep(InputPath, text, err))
			var old *uint64
			if s.supersedes > 0 {
				entry := uint64(s.supersedes - 1)
				old = &entry
			}
			l.add(FormatBatch(ts.DigestOf([]byte(s.rules)), old, digests[i:], nil))
		}
		view, err := Read(l)
		if err != nil {
			t.Fatal(err)
		}
		for i, told := range c.told {
			if got := view.Tellings().Retold(digests[i]); got != told {
				t.Errorf("%s: input %d is told by another: %t", name, i, got)
			}
		}
	}
}

// TestTellingsInACircle: a forged ledger ends nobody's reading.
func TestTellingsInACircle(t *testing.T) {
	a, b := ts.DigestOf([]byte("a")), ts.DigestOf([]byte("b"))
	circle := Tellings{map[ts.Digest]telling{a: {}, b: {}}, map[ts.Digest]ts.Digest{a: b, b: a}}
	if !circle.Claimed(a) || circle.Retold(a) {
		t.Error("input a")
	}
}
