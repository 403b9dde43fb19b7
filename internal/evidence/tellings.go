package evidence

import ts "github.com/tallystick/tallystick"

// Tellings say which inputs were read again since, by other rules or for another
// declaration: the same bytes, which count once where bytes and records are summed.
type Tellings struct {
	of    map[ts.Digest]telling   // by input
	later map[ts.Digest]ts.Digest // the last input that judged one again
}

// telling is by what an input was judged, and whether that still counts.
type telling struct {
	rules, declared ts.Digest
	live            bool
}

// Tellings returns what is known so far.
func (v *View) Tellings() Tellings {
	t := Tellings{map[ts.Digest]telling{}, map[ts.Digest]ts.Digest{}}
	for b, in := range v.Known() {
		t.of[in.Digest] = telling{b.Rules, in.Declared, !v.superseded[b.Index]}
		for _, earlier := range in.Again {
			t.later[earlier] = in.Digest
		}
	}
	return t
}

// Claimed reports whether some later input has judged the given one again.
func (t Tellings) Claimed(input ts.Digest) bool {
	_, claimed := t.later[input]
	return claimed
}

// Retold reports whether a live input tells all bytes of the given one again. Rules may
// have changed to and fro: then those of the last input hold, for all of its content.
func (t Tellings) Retold(input ts.Digest) bool {
	last := input
	for range len(t.of) { // an honest ledger has no circles
		later, ok := t.later[last]
		if !ok {
			break
		}
		last = later
	}
	here, there := t.of[input], t.of[last]
	return there.live && (here.rules != there.rules || here.declared != there.declared)
}
