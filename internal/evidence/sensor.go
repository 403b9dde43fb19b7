package evidence

import (
	"fmt"
	"net/netip"
	"strconv"

	ts "github.com/tallystick/tallystick"
)

const sensorForm = "name role country as site networks* treat-as-public* sampling since"

// Sensor is a declaration with the index of its entry.
type Sensor struct {
	Index uint64
	ts.Sensor
}

// FormatSensor writes a tally-sensor/v1 entry.
func FormatSensor(s *ts.Sensor) ([]byte, error) {
	o := ts.Object{Type: TypeSensor}
	o.Add("name", printable(s.Name))
	o.Add("role", string(s.Role))
	o.Add("country", string(s.Country))
	o.Add("as", strconv.FormatUint(uint64(s.AS), 10))
	o.Add("site", printable(s.Site))
	for _, p := range s.Networks {
		o.Add("networks", p.String())
	}
	for _, p := range s.TreatAsPublic {
		o.Add("treat-as-public", p.String())
	}
	o.Add("sampling", strconv.FormatUint(uint64(max(s.Sampling, 1)), 10))
	o.Add("since", "")
	return o.Bytes()
}

// ParseSensor reads a tally-sensor/v1 entry.
func ParseSensor(entry []byte) (ts.Sensor, error) {
	o, err := ts.ParseObjectAs(entry, TypeSensor, sensorForm)
	if err != nil {
		return ts.Sensor{}, err
	}
	p := fieldParser{o: &o}
	s := ts.Sensor{Name: p.text("name"), Role: ts.Role(o.Get("role")), Country: ts.Country(o.Get("country")), Site: p.text("site")}
	if p.err != nil {
		return s, p.err
	}
	as, err := strconv.ParseUint(o.Get("as"), 10, 32)
	if err != nil {
		return s, fmt.Errorf("as: %w", err)
	}
	s.AS = uint32(as)
	sampling, err := strconv.ParseUint(o.Get("sampling"), 10, 32)
	if err != nil {
		return s, fmt.Errorf("sampling: %w", err)
	}
	s.Sampling = uint32(sampling)
	if s.Networks, err = parsePrefixes(o.All("networks")); err != nil {
		return s, err
	}
	s.TreatAsPublic, err = parsePrefixes(o.All("treat-as-public"))
	return s, err
}

func parsePrefixes(texts []string) ([]netip.Prefix, error) {
	var list []netip.Prefix
	for _, t := range texts {
		p, err := netip.ParsePrefix(t)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// printable writes a name in the alphabet of text objects.
func printable(s string) string { return string(ts.AppendEscaped(nil, s)) }
