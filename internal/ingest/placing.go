package ingest

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
)

// unsetDays is how many days from 1970-01-01 on a clock is taken to be unset.
const unsetDays = 365

// noCountry are the flags of a control server's address whose country never becomes
// "by": it is somebody else's, or nobody's.
const noCountry = ts.FlagSinkhole | ts.FlagScanner | ts.FlagParked | ts.FlagEgress | ts.FlagShared

// place gives both ends of every sighting their place on its day, and divides the rows
// by day. They are no longer the batch's then.
func (b *builder) place(s *sealed) (map[ts.Day]*ordered, error) {
	sensors := map[string]*ts.Sensor{}
	for _, t := range s.sensors {
		sensors[t.Name] = t
	}
	rows := b.batch.rows
	b.batch.rows = nil
	err := b.each(rows.numBlocks(), func(n int) error {
		for i := range rows.blocks[n] {
			r := &rows.blocks[n][i]
			b.placeRow(r, sensors[r.Sensor])
			if err := fit(r); err != nil {
				return fmt.Errorf("sighting of %s: %w", r.Rule, err)
			}
		}
		return nil
	})
	s.rows = uint64(rows.len())
	days := rows.days()
	s.editions = b.editions(slices.Sorted(maps.Keys(days)))
	return days, err
}

// editions returns the place data sets used for the days, in the order of their text.
func (b *builder) editions(days []ts.Day) []evidence.Edition {
	var list []evidence.Edition
	for _, day := range days {
		for _, e := range b.ingest.Atlas.Editions(day) {
			edition := evidence.Edition{Source: e.Name, Day: e.Day, Digest: e.Digest}
			if !slices.Contains(list, edition) {
				list = append(list, edition)
			}
		}
	}
	slices.SortFunc(list, func(x, y evidence.Edition) int { return cmp.Compare(x.String(), y.String()) })
	return list
}

// shortRow is how many bytes of path and places fit every row, see bound.
const shortRow = 150

// fit cuts the path of a row whose line would be too long, see ts.Row.Fit, which writes
// the line to measure it.
func fit(r *ts.Row) error {
	if len(r.Path)+len(r.ByPlaces)+len(r.OnPlaces) <= shortRow {
		return nil
	}
	return r.Fit()
}

// placeRow gives the ends of r their places.
func (b *builder) placeRow(r *ts.Row, sensor *ts.Sensor) {
	day := r.Day()
	if misdated(day, b.ingest.Now) {
		r.Flags |= ts.FlagClock
	}
	if synthetic(r.Perp, sensor) || synthetic(r.Victim, sensor) {
		r.Flags |= ts.FlagSynthetic
	}
	r.By, r.ByAS, r.ByPlaces = b.end(r.Perp, r.Flags.Has(ts.FlagPerpInternal), day, sensor)
	if declared(r, sensor) {
		r.On, r.OnAS, r.OnPlaces = sensor.Country, sensor.AS, ""
		if sensor.Country != ts.Unknown {
			r.Flags |= ts.FlagVictimDeclared
		}
	} else {
		r.On, r.OnAS, r.OnPlaces = b.end(r.Victim, false, day, sensor)
	}
	if r.Class.PerpResponds() && r.Class != ts.Phishing && r.Flags.Has(noCountry) {
		r.By, r.ByAS, r.ByPlaces = ts.Unknown, 0, ""
	}
}

// synthetic reports whether a is public by the sensor's declaration only.
func synthetic(a netip.Addr, sensor *ts.Sensor) bool {
	return slices.ContainsFunc(sensor.TreatAsPublic, func(p netip.Prefix) bool { return p.Contains(a) }) && !ts.Routable(a)
}

// declared reports whether the victim's place is the sensor's declaration: an internal
// address, a victim without address, or what a web server's own log tells of its site. A
// site that was asked for through a proxy may be anywhere.
func declared(r *ts.Row, sensor *ts.Sensor) bool {
	proxied := r.Class == ts.Backdoor && r.Via.IsValid()
	return r.Flags.Has(ts.FlagVictimInternal) || !r.Victim.IsValid() && !proxied ||
		r.Site != "" && sensor.Role == ts.RoleWebserver && sensor.Country != ts.Unknown
}

func (b *builder) end(a netip.Addr, internal bool, day ts.Day, sensor *ts.Sensor) (ts.Country, uint32, string) {
	switch {
	case !a.IsValid():
		return ts.Unknown, 0, ""
	case internal:
		return sensor.Country, sensor.AS, ""
	}
	p, places := b.ingest.Atlas.At(a, day)
	return p.Country, p.AS, places
}
