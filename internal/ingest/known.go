package ingest

import (
	"bytes"
	"slices"
	"sync"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
)

// known is the index of inputs by how they begin: those of earlier batches and those
// of this run. Its lock guards every field; readers of this run add to it when they
// end a part.
type known struct {
	mu       sync.Mutex
	tellings evidence.Tellings // of what is committed; never changed
	byHead   map[evidence.Mark][]past
	byFirst  map[evidence.Mark][]past // by their first mark, where that lies in the head
	lengths  lengths                  // of heads in byHead or reading
	firsts   lengths                  // of marks in byFirst
	reading  map[evidence.Mark]<-chan struct{}
	begun    []announced // what was announced and may not have ended
}

// lengths tells which lengths of a beginning are worth a digest.
type lengths [evidence.HeadBytes + 1]bool

func (l *lengths) note(m evidence.Mark) {
	if m.Offset < uint64(len(l)) {
		l[m.Offset] = true
	}
}

// announced is a source that is read until done is closed.
type announced struct {
	head []byte
	done <-chan struct{}
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
	k := &known{tellings: view.Tellings(), byHead: map[evidence.Mark][]past{}, byFirst: map[evidence.Mark][]past{},
		reading: map[evidence.Mark]<-chan struct{}{}}
	for b, in := range view.Known() {
		k.add(past{input: *in, rules: b.Rules, entry: b.Index, source: committed})
	}
	return k
}

func (k *known) add(p past) {
	k.byHead[p.input.Head] = append(k.byHead[p.input.Head], p)
	k.lengths.note(p.input.Head)
	if len(p.input.Marks) > 0 && p.input.Marks[0].Offset < evidence.HeadBytes {
		first := p.input.Marks[0]
		k.byFirst[first] = append(k.byFirst[first], p)
		k.firsts.note(first)
	}
}

// remember adds what this run has read of an input.
func (k *known) remember(p past) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.add(p)
}

// begin announces the source with this head, which is read until done is closed. It
// returns what must be waited for: the sources announced before that it may continue, or
// be the beginning of. Of those with one head the last is enough, since it waited for the
// others.
func (k *known) begin(head []byte, done <-chan struct{}) (wait []<-chan struct{}) {
	if len(head) == 0 {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for m := range k.lengths.marks(head) {
		if earlier, ok := k.reading[m]; ok {
			wait = append(wait, earlier)
		}
	}
	k.begun = slices.DeleteFunc(k.begun, announced.ended)
	if len(head) < evidence.HeadBytes {
		for _, a := range k.begun {
			if mayShareRecord(head, a.head) {
				wait = append(wait, a.done)
			}
		}
	}
	k.begun = append(k.begun, announced{head, done})
	m := markOf(head)
	k.reading[m] = done
	k.lengths.note(m)
	return wait
}

func (a announced) ended() bool {
	select {
	case <-a.done:
		return true
	default:
		return false
	}
}

// mayShareRecord reports whether two contents begin with the same record, at the least
// with a line that is no comment, as are those that logs of one kind begin with. What is
// waited for in vain costs time only.
func mayShareRecord(a, b []byte) bool {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	for line := range bytes.Lines(a[:n]) {
		if line[0] != '#' && line[len(line)-1] == '\n' {
			return true
		}
	}
	return false
}

// candidates returns the inputs that began with the same bytes as head does, and of
// this run's only those of sources before the given one. To a source that is shorter
// than a head belong those that begin with its first record and are longer.
func (k *known) candidates(head []byte, source int) []past {
	k.mu.Lock()
	defer k.mu.Unlock()
	var list []past
	for m := range k.lengths.marks(head) {
		for _, p := range k.byHead[m] {
			if p.source < source {
				list = append(list, p)
			}
		}
	}
	if len(head) == evidence.HeadBytes {
		return list
	}
	for m := range k.firsts.marks(head) {
		for _, p := range k.byFirst[m] {
			if p.source < source && p.input.Head.Offset > uint64(len(head)) {
				list = append(list, p)
			}
		}
	}
	return list
}

// marks yields every beginning of head of such a length.
func (l *lengths) marks(head []byte) func(func(evidence.Mark) bool) {
	return func(yield func(evidence.Mark) bool) {
		for n := 1; n <= len(head); n++ {
			if l[n] && !yield(markOf(head[:n])) {
				return
			}
		}
	}
}

func markOf(b []byte) evidence.Mark {
	return evidence.Mark{Offset: uint64(len(b)), Sum: ts.DigestOf(b)}
}
