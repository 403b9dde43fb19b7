package ingest

import (
	"fmt"
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

// place gives both ends of every sighting their place on its day, and sorts the rows
// by day.
func (b *builder) place(all merged, s *sealed) (map[ts.Day][]ts.Row, error) {
	days := map[ts.Day][]ts.Row{}
	sensors := map[string]*ts.Sensor{}
	for _, t := range s.sensors {
		sensors[t.Name] = t
	}
	for _, sighting := range all {
		r := b.placed(sighting, sensors[sighting.Sensor])
		if err := r.Fit(); err != nil {
			return nil, fmt.Errorf("sighting of %s: %w", sighting.Rule, err)
		}
		days[r.Day()] = append(days[r.Day()], r)
	}
	for day := range days {
		for _, e := range b.ingest.Atlas.Editions(day) {
			edition := evidence.Edition{Source: e.Name, Day: e.Day, Digest: e.Digest}
			if !slices.Contains(s.editions, edition) {
				s.editions = append(s.editions, edition)
			}
		}
	}
	slices.SortFunc(s.editions, func(x, y evidence.Edition) int { return slices.Compare([]byte(x.String()), []byte(y.String())) })
	return days, nil
}

func (b *builder) placed(s *ts.Sighting, sensor *ts.Sensor) ts.Row {
	r := ts.Row{Sighting: *s}
	day := r.Day()
	if day < unsetDays || day > b.ingest.Now {
		r.Flags |= ts.FlagClock
	}
	for _, a := range []netip.Addr{r.Perp, r.Victim} {
		if a.IsValid() && !ts.Routable(a) && sensor.Global(a) {
			r.Flags |= ts.FlagSynthetic
		}
	}
	r.By, r.ByAS, r.ByPlaces = b.end(r.Perp, r.Flags.Has(ts.FlagPerpInternal), day, sensor)
	if declared(&r, sensor) {
		r.On, r.OnAS = sensor.Country, sensor.AS
		if sensor.Country != ts.Unknown {
			r.Flags |= ts.FlagVictimDeclared
		}
	} else {
		r.On, r.OnAS, r.OnPlaces = b.end(r.Victim, false, day, sensor)
	}
	if r.Class.PerpResponds() && r.Class != ts.Phishing && r.Flags.Has(noCountry) {
		r.By, r.ByAS, r.ByPlaces = ts.Unknown, 0, ""
	}
	return r
}

// declared reports whether the victim's place is the sensor's declaration: an internal
// address, a victim without address, or what a web server's own log tells of its site.
func declared(r *ts.Row, sensor *ts.Sensor) bool {
	return r.Flags.Has(ts.FlagVictimInternal) || !r.Victim.IsValid() ||
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
