package intel

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/tallystick/tallystick"
)

const (
	reasonRevoked    = "revoked"
	reasonCompound   = "pattern of several conditions"
	reasonBenign     = "benign"
	reasonOtherRules = "pattern in another language"
)

// stixObject holds the properties of indicators, malware and relationships in STIX 2.0
// and 2.1 (OASIS) that mean something here.
type stixObject struct {
	Type             string
	ID               string
	Name             string
	Pattern          string
	PatternType      string   `json:"pattern_type"`
	ValidFrom        string   `json:"valid_from"`
	ValidUntil       string   `json:"valid_until"`
	IndicatorTypes   []string `json:"indicator_types"`
	MalwareTypes     []string `json:"malware_types"`
	Labels           []string
	Confidence       int
	Revoked          bool
	RelationshipType string `json:"relationship_type"`
	SourceRef        string `json:"source_ref"`
	TargetRef        string `json:"target_ref"`
}

// readSTIX reads the indicators of a bundle. "indicates" relationships give the family.
func (f *file) readSTIX(doc json.RawMessage) error {
	var bundle struct{ Objects []stixObject }
	if err := json.Unmarshal(doc, &bundle); err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	malware := indicated(bundle.Objects)
	for n := range bundle.Objects {
		if o := &bundle.Objects[n]; o.Type == "indicator" {
			f.addSTIX(o, malware[o.ID])
		}
	}
	return nil
}

// indicated returns the malware that each indicator is for; of several, the first by
// name, then id.
func indicated(objects []stixObject) map[string]*stixObject {
	malware := map[string]*stixObject{}
	for n := range objects {
		if o := &objects[n]; o.Type == "malware" {
			malware[o.ID] = o
		}
	}
	of := map[string]*stixObject{}
	for n := range objects {
		o := &objects[n]
		if m := malware[o.TargetRef]; o.Type == "relationship" && o.RelationshipType == "indicates" && m != nil {
			if old := of[o.SourceRef]; old == nil || cmp.Or(strings.Compare(m.Name, old.Name), strings.Compare(m.ID, old.ID)) < 0 {
				of[o.SourceRef] = m
			}
		}
	}
	return of
}

func (f *file) addSTIX(o *stixObject, malware *stixObject) {
	words := strings.Join(append(o.IndicatorTypes, o.Labels...), " ")
	switch {
	case o.Revoked:
		f.skip("", reasonRevoked)
		return
	case strings.Contains(words, "benign"):
		f.skip("", reasonBenign)
		return
	case o.PatternType != "" && o.PatternType != "stix":
		f.skip("", reasonOtherRules)
		return
	}
	i := Indicator{From: day(o.ValidFrom), To: until(o.ValidUntil)}
	if 0 < o.Confidence && o.Confidence <= 100 {
		i.Confidence = uint8(o.Confidence)
	}
	if malware != nil {
		i.Family = malware.Name
		words += " " + strings.Join(append(malware.MalwareTypes, malware.Labels...), " ") + " " + malware.Name
	}
	i.Class, i.Role = meaning(words)
	f.addPattern(o.Pattern, i)
}

// until returns the half-open end of a validity: valid_until is itself outside.
func until(s string) tallystick.Day {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Unix() <= 0 {
		return 0
	}
	return tallystick.DayOf(t.Unix()-1) + 1
}

// addPattern adds every alternative of a pattern that is a value, or where traffic goes.
func (f *file) addPattern(pattern string, i Indicator) {
	alternatives, reason := parsePattern(pattern)
	if reason != "" {
		f.skip("", reason)
		return
	}
	for _, all := range alternatives {
		if len(all) == 1 {
			f.addComparison(&all[0], i)
		} else {
			f.addTraffic(all, i)
		}
	}
}

func (f *file) addComparison(c *comparison, i Indicator) {
	add := f.add
	switch {
	case c.path == "ipv4-addr:value", c.path == "ipv6-addr:value":
	case c.subset && (c.path == "domain-name:value" || c.path == "url:value"):
		f.skip(i.Feed, reasonPattern+" with ISSUBSET")
		return
	case c.path == "domain-name:value":
	case c.path == "url:value":
		add = f.addURL
	case c.path == trafficTo, c.path == trafficFrom:
		f.addTraffic(conditions{*c}, i)
		return
	case strings.HasPrefix(c.path, "file:hashes"):
		f.skip(i.Feed, reasonHash)
		return
	default:
		f.skipType(i.Feed, c.path)
		return
	}
	for _, value := range c.values {
		add(value, i)
	}
}

// Paths of traffic's ends.
const (
	trafficTo   = "network-traffic:dst_ref.value"
	trafficFrom = "network-traffic:src_ref.value"
)

// addTraffic adds where traffic goes, to a port if one is told, or where it comes from: as
// MISP exports ip-dst, ip-dst|port and ip-src. The type of an end is told by its value too.
func (f *file) addTraffic(all conditions, i Indicator) {
	var end *comparison
	var ports []string
	for n := range all {
		switch c := &all[n]; {
		case (c.path == trafficTo || c.path == trafficFrom) && end == nil:
			end = c
		case c.path == "network-traffic:dst_ref.type", c.path == "network-traffic:src_ref.type":
		case c.path == "network-traffic:dst_port" && ports == nil && !c.subset:
			ports = c.values
		default:
			f.skip(i.Feed, reasonCompound)
			return
		}
	}
	if end == nil || ports != nil && (end.subset || end.path == trafficFrom) {
		f.skip(i.Feed, reasonCompound)
		return
	}
	if end.path == trafficFrom && i.Role == 0 {
		i.Class = tallystick.Attempt
	}
	for _, value := range end.values {
		if ports == nil {
			f.add(value, i)
		}
		for _, port := range ports {
			f.addTarget(value, port, i)
		}
	}
}
