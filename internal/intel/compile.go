package intel

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"hash/maphash"
	"maps"
	"math"
	"slices"

	"github.com/tallystick/tallystick"
)

// Compile returns the set of what was loaded. The loader is empty afterwards, but for what
// it passed over.
func (l *Loader) Compile() (*Set, error) {
	feeds := slices.SortedFunc(maps.Values(l.feeds), func(a, b *Feed) int { return cmp.Compare(a.Name, b.Name) })
	list := l.indicators.take()
	l.joinTrails(list)
	empty := NewLoader()
	empty.Place, empty.passed = l.Place, l.passed
	*l = *empty
	return compile(list, feeds)
}

func compile(list []*Indicator, feeds []*Feed) (*Set, error) {
	slices.SortFunc(list, precedes)
	list = slices.CompactFunc(list, func(a, b *Indicator) bool { return *a == *b })
	if len(list) > math.MaxInt32 {
		return nil, fmt.Errorf("%d indicators: more than %d", len(list), math.MaxInt32)
	}
	s := &Set{indicators: list}
	s.build()
	s.markVetoed()
	s.feeds = summarize(list, feeds)
	sum := sha256.New()
	if _, err := s.WriteTo(sum); err != nil {
		return nil, err
	}
	copy(s.digest[:], sum.Sum(nil))
	return s, nil
}

// build makes the tables of each kind, and counts the classes.
func (s *Set) build() {
	var kinds [kindEnd][]uint32
	s.classes = map[tallystick.Class]int{}
	for i, in := range s.indicators {
		kinds[in.Kind] = append(kinds[in.Kind], uint32(i))
		if in.Class != 0 {
			s.classes[in.Class]++
		}
	}
	seed := maphash.MakeSeed()
	s.names = newTable(s.indicators, kinds[KindDomain], seed)
	s.urls = newTable(s.indicators, kinds[KindURL], seed)
	s.paths = newTable(s.indicators, kinds[KindPath], seed)
	s.addrs = newAddrTable(s.indicators, slices.Concat(kinds[KindAddrPort], kinds[KindAddr], kinds[KindPrefix]))
}

// summarize counts the indicators of each feed.
func summarize(list []*Indicator, read []*Feed) []Feed {
	feeds := make([]Feed, len(read))
	at := map[string]int{}
	for n, f := range read {
		feeds[n], at[f.Name] = *f, n
	}
	for n := range list {
		k, ok := at[list[n].Feed]
		if !ok {
			k = len(feeds)
			at[list[n].Feed] = k
			feeds = append(feeds, Feed{Name: list[n].Feed})
		}
		feeds[k].Used++
		if list[n].Undated() {
			feeds[k].Undated++
		}
	}
	slices.SortFunc(feeds, func(a, b Feed) int { return cmp.Compare(a.Name, b.Name) })
	return feeds
}
