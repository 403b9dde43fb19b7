package intel

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/tallystick/tallystick"
)

// abuseFeed names the abuse.ch feed whose columns these are, "" for none.
func abuseFeed(columns []string) string {
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(columns, n) })
	}
	address := has("dst_ip", "dstip", "ip_address")
	switch {
	case has("ioc_value", "ioc") && has("ioc_type"):
		return "threatfox"
	case has("url") && has("url_status", "urlhaus_link"):
		return "urlhaus"
	case address && has("malware") && has("dst_port", "dstport", "port"):
		return "feodotracker"
	case address && has("dstport"), has("sha1") && has("listingreason"):
		return "sslbl"
	}
	return ""
}

// readAbuseCSV reads the CSV exports of abuse.ch: Feodo Tracker, URLhaus, ThreatFox and
// SSLBL, told apart by their columns.
func (f *file) readAbuseCSV(r io.Reader) error {
	isHeader := func(columns []string) bool {
		feed := abuseFeed(columns)
		if feed != "" {
			f.feed = feed
		}
		return feed != ""
	}
	return f.eachRecord(r, isHeader, func(r record) { f.addAbuse(r.get) })
}

// addAbuse takes an entry whose columns get returns by any of their names.
func (f *file) addAbuse(get func(names ...string) string) {
	i := Indicator{
		Family: get("malware_printable", "malware"),
		From:   day(get("first_seen_utc", "first_seen", "firstseen", "dateadded", "date_added")),
	}
	if status := get("c2_status", "status", "url_status"); status != "online" {
		i.To = dayAfter(get("last_online", "lastonline", "last_seen_utc", "last_seen"))
	}
	if i.To != 0 && i.To <= i.From {
		i.To = i.From + 1
	}
	switch f.feed {
	case "threatfox":
		f.addThreatFox(get, i)
	case "urlhaus":
		i.Class = tallystick.Attempt // it delivers malware; nobody there is controlled yet
		f.add(get("url"), i)
	default:
		f.addBotnet(get, i)
	}
}

// addBotnet takes a control server of Feodo Tracker or SSLBL.
func (f *file) addBotnet(get func(...string) string, i Indicator) {
	address, port := get("dst_ip", "dstip", "ip_address"), get("dst_port", "dstport", "port")
	if address == "" {
		f.skip("", reasonHash)
		return
	}
	i.Class = tallystick.Control
	if v, reason := parseHost(address); reason == "" && v.kind == KindAddr {
		n, _ := strconv.ParseUint(port, 10, 16)
		f.addValue(addrPortValue(v.addr, uint16(n)), i)
		return
	}
	f.skip("", reasonForm)
}

func (f *file) addThreatFox(get func(...string) string, i Indicator) {
	if n, err := strconv.ParseUint(get("confidence_level"), 10, 8); err == nil && n <= 100 {
		i.Confidence = uint8(n)
	}
	switch get("threat_type") {
	case "botnet_cc", "":
		i.Class = tallystick.Control
	case "cc_skimming":
		i.Class = tallystick.Exfiltration
	default:
		i.Class = tallystick.Attempt
	}
	switch kind := get("ioc_type"); kind {
	case "ip:port", "domain", "url":
		f.add(get("ioc_value", "ioc"), i)
	default:
		f.skipType(i.Feed, strings.ReplaceAll(kind, "_hash", ""))
	}
}
