package count

import (
	"net/netip"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/segment"
)

// query is one question while it is answered: what is excluded, what other rows show, and
// the numbers of names, addresses and groups met so far. Workers share it.
type query struct {
	Question
	rules []rule
	// stretched says that a task is a stretch of pairs through all segments, so that its
	// groups are whole when it ends.
	stretched bool
	facts     *facts
	words     map[string]bool // excluded indicators and names
	ends      map[halves]bool // excluded addresses
	shadowed  func(segment string, input uint32) bool

	texts  *ordinals[string]    // names, sites, paths, and values of dimensions
	addrs  *ordinals[knownAddr] // addresses that are not public IPv4
	tuples []*ordinals[uint64]  // [i]: number of the first i+1 dimensions' values <<32 | value of the next
}

// halves is an address as segments keep it.
type halves struct{ hi, lo uint64 }

func halvesOf(a netip.Addr) halves {
	hi, lo := segment.Halves(a)
	return halves{hi, lo}
}

func newQuery(src *Source, q Question) *query {
	query := &query{
		Question: q, facts: &facts{}, shadowed: src.Shadowed,
		words: make(map[string]bool), ends: make(map[halves]bool),
		texts: newOrdinals[string](), addrs: newOrdinals[knownAddr](),
	}
	for range q.Group {
		query.tuples = append(query.tuples, newOrdinals[uint64]())
	}
	for _, value := range src.Excluded {
		query.words[value] = true
		if a, err := netip.ParseAddr(value); err == nil {
			query.ends[halvesOf(ts.Canonical(a))] = true
		}
	}
	delete(query.words, "")
	return query
}

// twoPart reports whether members need the second word of a key.
func (q *query) twoPart() bool {
	switch q.Measure.Member {
	case measure.Page, measure.Contact, measure.Attack:
		return true
	}
	return false
}

// groupKey returns the texts of a group's dimensions.
func (q *query) groupKey(group uint32) []string {
	texts := make([]string, len(q.Group))
	for i := len(q.Group) - 1; i >= 0; i-- {
		tuple := q.tuples[i].value(group)
		texts[i] = q.texts.value(uint32(tuple))
		group = uint32(tuple >> 32)
	}
	return texts
}
