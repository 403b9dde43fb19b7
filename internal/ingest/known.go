package ingest

import (
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"sync"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
)

// known is the index of inputs that need not be read again: those of earlier batches
// with the same rules, and those of this run. Its lock guards
// every field; readers of this run add to it when they end.
type known struct {
	mu     sync.Mutex
	byHead map[evidence.Mark][]past
	busy   map[ts.Digest]chan struct{}
}

// past is one input read before.
type past struct {
	input *evidence.Input
	entry uint64 // of its batch; 0 for this run's, which are not committed yet
}

func newKnown(view *evidence.View, rules ts.Digest) *known {
	k := &known{byHead: map[evidence.Mark][]past{}, busy: map[ts.Digest]chan struct{}{}}
	for b, in := range view.Known() {
		if b.Rules == rules {
			k.add(past{input: in, entry: b.Index})
		}
	}
	return k
}

func (k *known) add(p past) {
	k.byHead[p.input.Head] = append(k.byHead[p.input.Head], p)
}

// claim waits until no other worker reads a source that begins with the same bytes,
// and claims that beginning; release ends the claim.
func (k *known) claim(head ts.Digest) (release func()) {
	for {
		k.mu.Lock()
		wait, taken := k.busy[head]
		if !taken {
			done := make(chan struct{})
			k.busy[head] = done
			k.mu.Unlock()
			return func() {
				k.mu.Lock()
				delete(k.busy, head)
				k.mu.Unlock()
				close(done)
			}
		}
		k.mu.Unlock()
		<-wait
	}
}

// remember adds what this run has read of an input.
func (k *known) remember(in *evidence.Input) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.add(past{input: in})
}

// candidates returns the inputs that began with the same bytes as head does, judged
// for a sensor of the same declaration.
func (k *known) candidates(head []byte, declared ts.Digest) []past {
	k.mu.Lock()
	defer k.mu.Unlock()
	var list []past
	for n := min(len(head), evidence.HeadBytes); n >= 0; n-- {
		m := evidence.Mark{Offset: uint64(n), Sum: ts.DigestOf(head[:n])}
		if n == 0 || !k.hasLength(uint64(n)) {
			continue
		}
		for _, p := range k.byHead[m] {
			if p.input.Declared == declared {
				list = append(list, p)
			}
		}
	}
	return list
}

// hasLength spares hashing for head lengths that no input has: nearly all have
// evidence.HeadBytes.
func (k *known) hasLength(n uint64) bool {
	for m := range k.byHead {
		if m.Offset == n {
			return true
		}
	}
	return false
}

// plan is where reading a source begins.
type plan struct {
	resume uint64        // offset of the first new record
	from   evidence.Mark // end of the bytes accounted for; not before resume
	whole  bool          // everything is known

	declared ts.Digest // of the source's sensor, see declaration
}

// planFor compares a source with the inputs that it may continue, in one hash-only
// pass. The longest known prefix is where reading resumes.
func planFor(s *Source, r io.Reader, list []past, from evidence.Mark) (plan, error) {
	slices.SortFunc(list, func(a, b past) int {
		return int(min(max(int64(a.input.To.Offset)-int64(b.input.To.Offset), -1), 1))
	})
	p := plan{from: from}
	h := sha256.New()
	var read uint64
	for _, c := range list {
		n, err := io.CopyN(h, r, int64(c.input.To.Offset-read))
		read += uint64(n)
		if err != nil {
			break // shorter than c, or damaged: reading will tell
		}
		if ts.Digest(h.Sum(nil)) != c.input.To.Sum {
			continue
		}
		if c.input.Named && s.Sensor.Named && c.input.Sensor != s.Sensor.Name {
			return p, fmt.Errorf("%w: %q, in ledger entry %d", ErrOtherSensor, c.input.Sensor, c.entry)
		}
		p.resume, p.from = c.input.Resume(), c.input.To
	}
	if p.from.Offset > 0 {
		n, err := io.Copy(io.Discard, io.LimitReader(r, 1))
		p.whole = n == 0 && err == nil && read == p.from.Offset
	}
	return p, nil
}
