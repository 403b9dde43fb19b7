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

// addPattern adds every comparison of a pattern that is nothing but comparisons joined
// by OR.
func (f *file) addPattern(pattern string, i Indicator) {
	comparisons, ok := parsePattern(pattern)
	if !ok {
		f.skip("", reasonCompound)
		return
	}
	for _, c := range comparisons {
		switch c.path {
		case "ipv4-addr:value", "ipv6-addr:value", "domain-name:value":
			f.add(c.value, i)
		case "url:value":
			f.addURL(c.value, i)
		default:
			f.skipType(i.Feed, c.path)
		}
	}
}

// comparison is PATH = 'VALUE'.
type comparison struct{ path, value string }

// parsePattern reads patterns of STIX 2.1 section 9 that hold no operator but = and OR.
func parsePattern(s string) ([]comparison, bool) {
	var list []comparison
	for {
		s = strings.TrimLeft(s, " \t\r\n[(")
		path, rest, ok := strings.Cut(s, "=")
		path = strings.TrimSpace(path)
		if !ok || path == "" || strings.ContainsAny(path, " !<>]") {
			return nil, false
		}
		value, rest, ok := stringLiteral(strings.TrimSpace(rest))
		if !ok {
			return nil, false
		}
		list = append(list, comparison{path, value})
		s = strings.TrimLeft(rest, " \t\r\n])")
		if s == "" {
			return list, true
		}
		if s, ok = strings.CutPrefix(s, "OR"); !ok {
			return nil, false
		}
	}
}

// stringLiteral reads 'text' with \' and \\ escaped.
func stringLiteral(s string) (value, rest string, ok bool) {
	if s == "" || s[0] != '\'' {
		return "", "", false
	}
	var b strings.Builder
	for n := 1; n < len(s); n++ {
		switch {
		case s[n] == '\'':
			return b.String(), s[n+1:], true
		case s[n] == '\\' && n+1 < len(s):
			n++
		}
		b.WriteByte(s[n])
	}
	return "", "", false
}
