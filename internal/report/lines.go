package report

import (
	"encoding/json"

	ts "github.com/tallystick/tallystick"
)

// Finding is a figure in a report. Its JSON is that of tallystick.Figure with "observable"
// added; where that is false, "value" and "internal" are null and never 0.
type Finding struct {
	ts.Figure
}

// Observable reports whether a number may be printed.
func (f Finding) Observable() bool { return Observable(&f.Figure) }

// MarshalJSON writes null for the numbers of a figure that is not observable: the fields
// here are less deep than those of the Figure, and so hide them (package encoding/json).
func (f Finding) MarshalJSON() ([]byte, error) {
	if f.Observable() {
		return json.Marshal(struct {
			ts.Figure
			Observable bool `json:"observable"`
		}{f.Figure, true})
	}
	return json.Marshal(struct {
		ts.Figure
		Value      *uint64 `json:"value"`
		Internal   *uint64 `json:"internal"`
		Observable bool    `json:"observable"`
	}{Figure: f.Figure})
}

// SensorLine is a sensor's declaration.
type SensorLine struct {
	Name          string     `json:"name"`
	Role          ts.Role    `json:"role"`
	Country       ts.Country `json:"country"`
	AS            uint32     `json:"as"`
	Site          string     `json:"site"`
	Networks      []string   `json:"networks"`
	TreatAsPublic []string   `json:"treat_as_public"`
	Sampling      uint32     `json:"sampling"` // 1 in n records was kept
}

func sensorLines(sensors []ts.Sensor) []SensorLine {
	list := []SensorLine{}
	for _, s := range sensors {
		line := SensorLine{Name: s.Name, Role: s.Role, Country: s.Country, AS: s.AS, Site: s.Site,
			Networks: []string{}, TreatAsPublic: []string{}, Sampling: max(s.Sampling, 1)}
		for _, p := range s.Networks {
			line.Networks = append(line.Networks, p.String())
		}
		for _, p := range s.TreatAsPublic {
			line.TreatAsPublic = append(line.TreatAsPublic, p.String())
		}
		list = append(list, line)
	}
	return list
}

// EditionLine is a dated data set of places.
type EditionLine struct {
	Name     string `json:"name"`
	Day      string `json:"day"`
	Digest   string `json:"sha256"`
	Distance int    `json:"distance_days"`
}

func editionLines(places []PlaceLine) []EditionLine {
	list := []EditionLine{}
	for _, p := range places {
		list = append(list, EditionLine{p.Name, p.Day.String(), p.Digest.String(), p.Distance})
	}
	return list
}
