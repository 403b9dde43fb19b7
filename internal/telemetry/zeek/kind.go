package zeek

import "strings"

// kind is a Zeek log.
type kind uint8

const (
	kindUnknown kind = iota
	kindConn
	kindDNS
	kindHTTP
	kindSSL
	kindUnused // a log that shows no contact, or none that these do not show
	kindMixed
)

func (k kind) String() string {
	return [...]string{"unknown", "conn", "dns", "http", "ssl", "unused", "mixed"}[k]
}

// with is the kind of a file that held k and now holds a record of next.
func (k kind) with(next kind) kind {
	if k == kindUnknown || k == next {
		return next
	}
	return kindMixed
}

// kindOf decides by the path of a log: open_conn is a snapshot of connections that
// still last, conn_red is Corelight's conn without detail.
func kindOf(path string) kind {
	path = strings.TrimPrefix(path, "open_")
	switch strings.TrimSuffix(path, "_red") {
	case "conn":
		return kindConn
	case "dns":
		return kindDNS
	case "http":
		return kindHTTP
	case "ssl":
		return kindSSL
	case "":
		return kindUnknown
	}
	return kindUnused
}

// unusedReason is the reason for passing over a record of the log path. Only paths
// that Zeek itself has are named, so that the reasons stay few.
func unusedReason(path string) string {
	switch path {
	case "analyzer", "app_stats", "broker", "capture_loss", "cluster", "conn-summary", "dce_rpc", "dhcp", "dnp3",
		"dpd", "files", "ftp", "intel", "irc", "kerberos", "known_certs", "known_hosts",
		"known_modbus", "known_services", "ldap", "ldap_search", "loaded_scripts", "modbus",
		"modbus_register_change", "mqtt_connect", "mqtt_publish", "mqtt_subscribe", "mysql",
		"netcontrol", "notice", "notice_alarm", "ntlm", "ntp", "ocsp", "packet_filter", "pe",
		"postgresql", "print", "prof", "quic", "radius", "rdp", "redis", "reporter", "rfb",
		"signatures", "sip", "smb_cmd", "smb_files", "smb_mapping", "smtp", "snmp", "socks",
		"software", "ssh", "stats", "syslog", "telemetry", "traceroute", "tunnel", "weird",
		"weird_stats", "websocket", "x509":
		return "unused zeek " + path
	}
	return "unused zeek other"
}
