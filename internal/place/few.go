package place

import (
	"bytes"
	"errors"
	"net/netip"
	"sort"

	ts "github.com/tallystick/tallystick"
)

// Here is what serves those who ask about few addresses, of tables that anybody may have
// made: nothing is decompressed, kept, or compiled.

// Read reads a snapshot as Open does, from memory. It refuses what is compressed and keeps
// nothing of data.
func Read(name string, day ts.Day, data []byte) (*Snapshot, error) {
	if bytes.HasPrefix(data, []byte(gzipHead)) || bytes.HasPrefix(data, []byte(zstdHead)) {
		return nil, errors.New("places " + name + ": compressed")
	}
	s, err := read(name, day, data)
	if err != nil {
		return nil, err
	}
	s.source = nil
	return s, nil
}

// As returns the same table as another edition.
func (s *Snapshot) As(name string, day ts.Day) *Snapshot {
	other := *s
	other.Name, other.Day = name, day
	return &other
}

// CountryOf returns the country that an Atlas of the snapshots, all of one data set, says an
// address had on the day: by a search in each snapshot of the edition.
func CountryOf(snapshots []*Snapshot, addr netip.Addr, day ts.Day) ts.Country {
	var d dataSet
	for _, s := range snapshots {
		d.add(s)
	}
	if !addr.IsValid() {
		return ""
	}
	for _, s := range edition(d.countries, day) {
		if c := s.steps.markOf(pointOf(addr)).place().Country; c != "" {
			return c
		}
	}
	return ""
}

// markOf returns the mark of an address.
func (s steps) markOf(p point) mark {
	i := sort.Search(len(s), func(i int) bool { return s[i].at.compare(p) > 0 })
	if i == 0 {
		return mark{}
	}
	return s[i-1].mark
}
