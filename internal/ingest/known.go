package ingest

import (
	"sync"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
)

// known is the index of inputs by how they begin: those of earlier batches and those
// of this run. Its lock guards every field; readers of this run add to it when they
// end a part.
type known struct {
	mu      sync.Mutex
	byHead  map[evidence.Mark][]past
	lengths [evidence.HeadBytes + 1]bool // of heads in byHead or reading
	reading map[evidence.Mark]<-chan struct{}
}

// past is one input read before.
type past struct {
	input  evidence.Input
	rules  ts.Digest
	entry  uint64 // of its batch
	source int    // that it was in this run, whose batch may not be committed; else committed
}

// committed is the source of a past that an entry of the ledger holds.
const committed = -1

func newKnown(view *evidence.View) *known {
	k := &known{byHead: map[evidence.Mark][]past{}, reading: map[evidence.Mark]<-chan struct{}{}}
	for b, in := range view.Known() {
		k.add(past{input: *in, rules: b.Rules, entry: b.Index, source: committed})
	}
	return k
}

func (k *known) add(p past) {
	k.byHead[p.input.Head] = append(k.byHead[p.input.Head], p)
	k.note(p.input.Head)
}

func (k *known) note(head evidence.Mark) {
	if head.Offset < uint64(len(k.lengths)) {
		k.lengths[head.Offset] = true
	}
}

// remember adds what this run has read of an input.
func (k *known) remember(p past) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.add(p)
}

// begin announces the source with this head, which is read until done is closed. It
// returns what must be waited for: the sources announced before that it may continue.
// Of those with one head the last is enough, since it waited for the others.
func (k *known) begin(head []byte, done <-chan struct{}) (wait []<-chan struct{}) {
	if len(head) == 0 {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for m := range k.marks(head) {
		if earlier, ok := k.reading[m]; ok {
			wait = append(wait, earlier)
		}
	}
	m := markOf(head)
	k.reading[m] = done
	k.note(m)
	return wait
}

// candidates returns the inputs that began with the same bytes as head does, and of
// this run's only those of sources before the given one.
func (k *known) candidates(head []byte, source int) []past {
	k.mu.Lock()
	defer k.mu.Unlock()
	var list []past
	for m := range k.marks(head) {
		for _, p := range k.byHead[m] {
			if p.source < source {
				list = append(list, p)
			}
		}
	}
	return list
}

// marks yields every beginning of head that is as long as some known head.
func (k *known) marks(head []byte) func(func(evidence.Mark) bool) {
	return func(yield func(evidence.Mark) bool) {
		for n := 1; n <= len(head); n++ {
			if k.lengths[n] && !yield(markOf(head[:n])) {
				return
			}
		}
	}
}

func markOf(b []byte) evidence.Mark {
	return evidence.Mark{Offset: uint64(len(b)), Sum: ts.DigestOf(b)}
}
