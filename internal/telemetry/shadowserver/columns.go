package shadowserver

import (
	"bytes"
	"strings"
)

// columns tells where a header puts what is read. An index counts from 1; 0 is absent.
type columns struct {
	count     int
	report    string // the report's type, "unknown" where nothing tells
	located   bool   // it has Shadowserver's columns of network and country
	timestamp int
	protocol  int
	orig      endColumns
	resp      endColumns
	family    [3]int // the first that has something counts
	name      [4]int // likewise
	sni       int
	method    [2]int
	target    [2]int // a path, a URL or a whole request line
}

// endColumns are the columns of one end.
type endColumns struct{ addr, port int }

// isHeader reports whether fields are names of columns, of which every report has one of
// times. No row is taken for one: a time is no name.
func isHeader(fields [][]byte) bool {
	timed := false
	for _, f := range fields {
		if !isColumn(f) {
			return false
		}
		timed = timed || bytes.EqualFold(f, []byte("timestamp"))
	}
	return len(fields) > 1 && timed
}

// isColumn reports whether f reads as the name of a column: a letter, then letters, digits
// and "_".
func isColumn(f []byte) bool {
	for i, c := range f {
		if letter := 'a' <= c|0x20 && c|0x20 <= 'z'; !letter && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return len(f) > 0
}

// columnsOf reads a header. The originator is the source of an event, else the one
// address of a report about what was found there, else the referring site.
func columnsOf(fields [][]byte, fileName string) columns {
	index := make(map[string]int, len(fields))
	for i, f := range fields {
		index[strings.ToLower(string(f))] = i + 1
	}
	c := columns{
		count: len(fields), report: reportType(index, fileName),
		timestamp: index["timestamp"], protocol: index["protocol"],
		resp:   endColumns{index["dst_ip"], index["dst_port"]},
		family: [...]int{index["infection"], index["family"], index["tag"]},
		name:   [...]int{index["http_host"], index["query"], index["domain"], index["dst_hostname"]},
		sni:    index["ssl_servername"],
		method: [...]int{index["http_method"], index["http_request_method"]},
		target: [...]int{index["http_url"], index["http_path"]},
	}
	for _, prefix := range [...]string{"src_", "", "http_referer_"} {
		if index[prefix+"ip"] > 0 {
			c.orig = endColumns{index[prefix+"ip"], index[prefix+"port"]}
			c.located = index[prefix+"asn"] > 0 && index[prefix+"geo"] > 0
			break
		}
	}
	return c
}

// unknown is the type of a report that neither columns nor file name tell.
const unknown = "unknown"

// reportType returns the type of a report: by its columns, and where several types have
// the same ones, or none of the event reports has them, by its file's name.
func reportType(index map[string]int, fileName string) string {
	named := typeOfName(fileName)
	candidates := typesOfColumns(index)
	for _, c := range candidates {
		if c == named {
			return c
		}
	}
	switch {
	case len(candidates) > 0:
		return candidates[0]
	case named != "":
		return named
	}
	return unknown
}

// typesOfColumns returns the event reports that columns are those of, the first being
// meant when nothing else tells; nil for other reports. The order matters:
// the plainest columns, which most others have too, come last.
func typesOfColumns(index map[string]int) []string {
	has := func(names ...string) bool {
		for _, n := range names {
			if index[n] == 0 {
				return false
			}
		}
		return true
	}
	switch {
	case has("http_referer_ip"):
		return []string{"event4_sinkhole_http_referer", "event6_sinkhole_http_referer"}
	case !has("src_ip"):
		return nil
	case has("query", "query_type"):
		return []string{"event4_sinkhole_dns"}
	case has("http_host", "forwarded_by"):
		return []string{"event4_sinkhole_http", "event6_sinkhole_http", "event4_microsoft_sinkhole_http"}
	case has("routedspoof"):
		return []string{"event4_ip_spoofer"}
	case has("avg_pps", "max_pps"):
		return []string{"event4_honeypot_ddos_amp"}
	case has("attack", "dst_network", "http_agent"): // opposite meanings, so nothing is meant by default
		return []string{unknown, "event4_ddos_participant", "event4_honeypot_ddos"}
	case has("attack", "dst_network"):
		return []string{"event4_honeypot_ddos_target"}
	case has("pattern", "http_request_method"):
		return []string{"event4_honeypot_http_scan"}
	case has("service", "client_version"):
		return []string{"event4_honeypot_brute_force"}
	case has("count") && plain(index, "count"):
		return []string{"event4_honeypot_darknet"}
	case plain(index, ""):
		return []string{"event4_sinkhole", "event6_sinkhole", "event4_microsoft_sinkhole"}
	}
	return nil
}

// plain reports whether all columns but one are those that every event report has. A
// column beyond them makes a report one of another type, perhaps a new one: its
// sources must not pass for infected.
func plain(index map[string]int, but string) bool {
	for name := range index {
		switch end := strings.TrimPrefix(strings.TrimPrefix(name, "src_"), "dst_"); end {
		case "ip", "port", "asn", "geo", "region", "city", "hostname", "naics", "sector":
		default:
			if name != but && !eventColumn(name) {
				return false
			}
		}
	}
	return index["dst_ip"] > 0 && index["infection"] > 0 && index["event_id"] > 0
}

func eventColumn(name string) bool {
	switch name {
	case "timestamp", "severity", "protocol", "device_vendor", "device_type", "device_model", "public_source",
		"infection", "family", "tag", "application", "version", "event_id", "ssl_cipher", "ssl_servername":
		return true
	}
	return false
}

// typeOfName returns the type in a file name such as
// "2024-07-04-event4_sinkhole-123-sample-asn.csv" or "event4_sinkhole.csv"
// (report-filename.md of the schema); "" when there is none.
func typeOfName(fileName string) string {
	name := fileName[strings.LastIndexAny(fileName, `/\\`)+1:]
	if len(name) > 11 && timed([]byte(name[:10]+" ")) && name[10] == '-' {
		name = name[11:]
	}
	if i := strings.IndexAny(name, "-."); i >= 0 {
		name = name[:i]
	}
	for _, family := range [...]string{
		"event4_", "event6_", "scan_", "scan6_", "population_", "population6_", "compromised_", "device_id",
		"blocklist", "malware_url", "phish_url", "ransomware_victim", "sandbox_", "spam_url", "special",
	} {
		if strings.HasPrefix(name, family) && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == "" {
			return name
		}
	}
	return ""
}
