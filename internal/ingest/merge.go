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

// addAll moves the sightings of one input, the last of its batch, into m.
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
