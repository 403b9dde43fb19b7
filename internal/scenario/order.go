package scenario

import (
	"cmp"
	"iter"
	"slices"
)

// inTime yields the records of list in order of time, equal times in the order of the
// list. Only small keys are sorted: records are large and hold pointers.
func inTime[R any](list []R, at func(*R) int64) iter.Seq[*R] {
	type key struct {
		at int64
		n  int
	}
	keys := make([]key, len(list))
	for i := range list {
		keys[i] = key{at(&list[i]), i}
	}
	slices.SortFunc(keys, func(a, b key) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.n, b.n)) })
	return func(yield func(*R) bool) {
		for _, k := range keys {
			if !yield(&list[k.n]) {
				return
			}
		}
	}
}
