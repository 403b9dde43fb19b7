package ingest

import (
	"hash/maphash"
	"strings"

	ts "github.com/tallystick/tallystick"
)

// merged holds one sighting for each key: the reduction that makes a country fit. Keys
// are compared, their hashes only say where to look.
type merged struct {
	seed   maphash.Seed
	at     map[uint64]int32 // index in list, by hash or, where that is taken, the next number
	list   []ts.Sighting    // in the order of their first coming
	hashes []uint64         // of the keys in list
}

func newMerged(seed maphash.Seed) *merged {
	return &merged{seed: seed, at: map[uint64]int32{}}
}

func (m *merged) len() int {
	if m == nil {
		return 0
	}
	return len(m.list)
}

func (m *merged) add(s ts.Sighting) {
	bound(&s)
	m.put(maphash.Comparable(m.seed, s.Key()), &s)
}

func (m *merged) put(hash uint64, s *ts.Sighting) {
	for at := hash; ; at++ {
		i, taken := m.at[at]
		if !taken {
			m.at[at] = int32(len(m.list))
			m.list, m.hashes = append(m.list, *s), append(m.hashes, hash)
			return
		}
		if m.hashes[i] == hash && m.list[i].Key() == s.Key() {
			m.list[i].Merge(s)
			return
		}
	}
}

// addAll adds the sightings of one input, the last of its batch. Both have one seed.
func (m *merged) addAll(from *merged, input uint32) {
	for i := range from.list {
		from.list[i].At.Input = input
		m.put(from.hashes[i], &from.list[i])
	}
}

// Longest values of a row, in bytes. Names are bounded by RFC 1035; all together so that
// a row without its path fits ts.MaxLine, every byte of the other values escaped.
const (
	maxName  = 253
	maxLabel = 100
	maxPath  = 2048
)

// bound cuts what an attacker may have made long. A host name too long to be one is
// none; a long path is cut and marked.
func bound(s *ts.Sighting) {
	s.PerpName, s.VictimName, s.Site = hostName(s.PerpName), hostName(s.VictimName), hostName(s.Site)
	s.Family, s.HostID = prefix(s.Family, maxLabel), prefix(s.HostID, maxLabel)
	s.Feed, s.Indicator = prefix(s.Feed, maxLabel), prefix(s.Indicator, maxName)
	if len(s.Path) > maxPath {
		s.Path = prefix(s.Path, maxPath)
		s.Flags |= ts.FlagPathCut
	}
}

func hostName(s string) string {
	if len(s)*3 > maxName && len(ts.AppendEscaped(nil, s)) > maxName {
		return ""
	}
	return s
}

// prefix returns the first n bytes of s, without a broken character at the end.
func prefix(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
