package ingest

import (
	"hash/maphash"
	"strings"

	ts "github.com/tallystick/tallystick"
)

// merged holds one sighting for each key: the reduction that makes a country fit. Keys
// are compared, their hashes only say where to look. Sightings stand in rows, which are
// placed where they stand: a second copy of a batch would cost more than all placing.
type merged struct {
	seed   maphash.Seed
	at     map[uint64]int32 // number of a sighting, by hash or, where that is taken, the next number
	blocks [][]ts.Row       // in the order of their first coming; all but the last of blockLen
	hashes []uint64         // of their keys
}

// blockLen is how many sightings are allocated at once: they are too large to be moved.
const blockLen = 1 << 10

func newMerged(seed maphash.Seed) *merged {
	return &merged{seed: seed, at: map[uint64]int32{}}
}

// len returns the number of sightings; nil holds none.
func (m *merged) len() int {
	if m == nil {
		return 0
	}
	return len(m.hashes)
}

// numBlocks returns the number of blocks; nil holds none.
func (m *merged) numBlocks() int { return (m.len() + blockLen - 1) / blockLen }

func (m *merged) row(i uint32) *ts.Row { return &m.blocks[i/blockLen][i%blockLen] }

func (m *merged) sighting(i int) *ts.Sighting { return &m.row(uint32(i)).Sighting }

func (m *merged) add(s ts.Sighting) {
	bound(&s)
	m.put(maphash.Comparable(m.seed, s.Key()), &s)
}

func (m *merged) put(hash uint64, s *ts.Sighting) {
	for at := hash; ; at++ {
		i, taken := m.at[at]
		if !taken {
			m.at[at] = int32(m.len())
			m.append(hash, s)
			return
		}
		if old := m.sighting(int(i)); m.hashes[i] == hash && old.Key() == s.Key() {
			old.Merge(s)
			return
		}
	}
}

func (m *merged) append(hash uint64, s *ts.Sighting) {
	n := len(m.blocks) - 1
	switch {
	case n < 0: // few sightings need little room
		m.blocks = append(m.blocks, nil)
		n++
	case len(m.blocks[n]) == blockLen:
		m.blocks = append(m.blocks, make([]ts.Row, 0, blockLen))
		n++
	}
	m.blocks[n] = append(m.blocks[n], ts.Row{Sighting: *s})
	m.hashes = append(m.hashes, hash)
}

// addAll adds the sightings of one input, the last of its batch. Both have one seed.
func (m *merged) addAll(from *merged, input uint32) {
	for i, hash := range from.hashes {
		s := from.sighting(i)
		s.At.Input = input
		m.put(hash, s)
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
	s.PerpName, s.VictimName, s.Site = nameOrNone(s.PerpName), nameOrNone(s.VictimName), nameOrNone(s.Site)
	s.Family, s.HostID = prefix(s.Family, maxLabel), prefix(s.HostID, maxLabel)
	s.Feed, s.Indicator = prefix(s.Feed, maxLabel), prefix(s.Indicator, maxName)
	if len(s.Path) > maxPath {
		s.Path = prefix(s.Path, maxPath)
		s.Flags |= ts.FlagPathCut
	}
}

// nameOrNone drops a name whose escaped form is longer than any name.
func nameOrNone(s string) string {
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
