package count

import "sync"

// ordinals numbers distinct values exactly, in the order they come: equal values have one
// number for as long as a query lasts. It is safe for concurrent use.
type ordinals[K comparable] struct {
	mu     sync.Mutex
	number map[K]uint32
	values []K
}

func newOrdinals[K comparable]() *ordinals[K] {
	return &ordinals[K]{number: make(map[K]uint32)}
}

func (o *ordinals[K]) of(k K) uint32 {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, ok := o.number[k]
	if !ok {
		n = uint32(len(o.values))
		o.number[k] = n
		o.values = append(o.values, k)
	}
	return n
}

// value returns the value of a number; it must not run beside of.
func (o *ordinals[K]) value(n uint32) K { return o.values[n] }

// knownAddr is an address that is told apart from others: with its sensor where it is
// internal, else without.
type knownAddr struct {
	halves
	internal bool
	sensor   string
}

// local keeps the numbers that one worker has asked for, so that it seldom waits.
type local[K comparable] struct {
	shared *ordinals[K]
	seen   map[K]uint32
	last   K
	lastN  uint32
	any    bool
}

// maxLocal bounds what one worker keeps.
const maxLocal = 1 << 16

func newLocal[K comparable](shared *ordinals[K]) *local[K] {
	return &local[K]{shared: shared, seen: make(map[K]uint32)}
}

func (l *local[K]) of(k K) uint32 {
	if l.any && k == l.last {
		return l.lastN
	}
	n, ok := l.seen[k]
	if !ok {
		if len(l.seen) >= maxLocal {
			clear(l.seen)
		}
		n = l.shared.of(k)
		l.seen[k] = n
	}
	l.last, l.lastN, l.any = k, n, true
	return n
}
