package scenario

import (
	"fmt"
	"maps"
	"net/netip"
	"path"
	"slices"
	"strings"
)

// Feed is a file or folder of indicators, and what an operator declares of it because its
// own format does not say ("phishing", "resolver"); "" nothing.
type Feed struct{ Path, Hint string }

// Feeds returns the feeds to load, by their paths below the scenario's folder.
func (s Scenario) Feeds() []Feed {
	return []Feed{
		{Path: "intel/trails"},
		{Path: "intel/expired.json"},
		{Path: "intel/phishing.txt", Hint: "phishing"},
		{Path: "intel/resolvers.txt", Hint: "resolver"},
	}
}

// intel is what the scenario's feeds list, in the order of planting.
type intel struct {
	families  map[string][]string // maltrail's static/malware, by family
	sinkholes []string
	parked    []string
	scanners  []string
	egress    []string
	shared    []string
	resolvers []string
	phishing  []string
	expired   []string // addresses whose validity ended before the window
}

func (l *intel) list(family, value string) {
	if l.families == nil {
		l.families = map[string][]string{}
	}
	l.families[family] = append(l.families[family], value)
}

func (l *intel) listServer(s server) {
	switch {
	case s.name != "":
		l.list(s.family, s.name)
	case s.anyway:
		l.list(s.family, s.end.addr.String())
	default:
		l.list(s.family, netip.AddrPortFrom(s.end.addr, s.end.port).String())
	}
}

// files returns the text of every feed by its path.
func (l *intel) files() map[string]string {
	const static = "intel/trails/static"
	files := map[string]string{
		static + "/malware/sinkhole_scenario.txt":      trail(l.sinkholes),
		static + "/malicious/mass_scanner.txt":         trail(l.scanners),
		static + "/suspicious/parking_site.txt":        trail(l.parked),
		static + "/suspicious/anonymous_web_proxy.txt": trail(l.egress),
		static + "/suspicious/free_web_hosting.txt":    trail(l.shared),
		static + "/suspicious/web_shells.txt":          trail(shells[:]),
		"intel/phishing.txt":                           trail(l.phishing),
		"intel/resolvers.txt":                          trail(l.resolvers),
		"intel/expired.json":                           l.bundle(),
	}
	for _, family := range slices.Sorted(maps.Keys(l.families)) {
		files[path.Join(static, "malware", family+".txt")] = trail(l.families[family])
	}
	return files
}

func trail(values []string) string {
	return "# Made up by tallystick's scenario; no line names anybody.\n\n" + strings.Join(values, "\n") + "\n"
}

// bundle is a STIX 2.1 bundle of the expired indicators.
func (l *intel) bundle() string {
	var b strings.Builder
	b.WriteString(`{"type":"bundle","id":"bundle--5d5d2a5e-0000-4000-8000-000000000000","objects":[`)
	for i, addr := range l.expired {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"type":"indicator","spec_version":"2.1","id":"indicator--5d5d2a5e-0000-4000-8000-%012d",`+
			`"created":"2013-11-01T00:00:00.000Z","modified":"2013-11-01T00:00:00.000Z","name":"former control server",`+
			`"indicator_types":["malicious-activity"],"pattern":"[ipv4-addr:value = '%s']","pattern_type":"stix",`+
			`"valid_from":"2013-11-01T00:00:00Z","valid_until":"2014-02-01T00:00:00Z"}`, i+1, addr)
	}
	b.WriteString("]}\n")
	return b.String()
}
