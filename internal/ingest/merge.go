package ingest

import (
	"strings"

	ts "github.com/tallystick/tallystick"
)

// merged holds one sighting for each key: the reduction that makes a country fit.
type merged map[ts.Key]*ts.Sighting

func (m merged) add(s ts.Sighting) {
	bound(&s)
	k := s.Key()
	if old, ok := m[k]; ok {
		old.Merge(&s)
		return
	}
	m[k] = &s
}

// copied returns a copy whose sightings may be changed: a batch may be sealed again
// from the same parts.
func (m merged) copied() merged {
	c := make(merged, len(m))
	for k, s := range m {
		t := *s
		c[k] = &t
	}
	return c
}

// addAll moves the sightings of one input into m.
func (m merged) addAll(from merged, input uint32) {
	for k, s := range from {
		s.At.Input = input
		if old, ok := m[k]; ok {
			old.Merge(s)
		} else {
			m[k] = s
		}
	}
}

// Longest values of a row, in bytes. Names are bounded by RFC 1035; the others so that
// with them a row without its path fits ts.MaxLine, every byte escaped.
const (
	maxName  = 253
	maxLabel = 100
	maxPath  = 2048
)

// bound cuts what an attacker may have made long. A host name too long to be one is
// none; a long path is cut and marked.
func bound(s *ts.Sighting) {
	s.PerpName, s.VictimName = hostName(s.PerpName), hostName(s.VictimName)
	s.Family, s.HostID = prefix(s.Family, maxLabel), prefix(s.HostID, maxLabel)
	s.Feed, s.Indicator = prefix(s.Feed, maxLabel), prefix(s.Indicator, maxName)
	if len(s.Path) > maxPath {
		s.Path = prefix(s.Path, maxPath)
		s.Flags |= ts.FlagPathCut
	}
}

func hostName(s string) string {
	if len(s) > maxName {
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
