package telemetry

import (
	"strings"

	"github.com/tallystick/tallystick"
)

// Shows returns the kinds of record that files of a format can hold, by the format's name
// as File.Format writes it. Of a format that it does not know, it returns all of them.
func Shows(format string) []tallystick.Record {
	switch words := append(strings.Fields(format), "", ""); words[0] {
	case "empty":
		return nil
	case "zeek":
		return zeekShows(words[1])
	case "suricata":
		return append(onTheWire(), tallystick.RecordAlert)
	case "cowrie":
		return []tallystick.Record{tallystick.RecordLogin}
	case "access":
		return []tallystick.Record{tallystick.RecordAccess}
	case "shadowserver":
		return []tallystick.Record{tallystick.RecordReport}
	}
	return append(onTheWire(), tallystick.RecordAlert, tallystick.RecordAccess, tallystick.RecordLogin, tallystick.RecordReport)
}

func zeekShows(kind string) []tallystick.Record {
	switch kind {
	case "conn":
		return []tallystick.Record{tallystick.RecordConn}
	case "dns":
		return []tallystick.Record{tallystick.RecordDNS}
	case "http":
		return []tallystick.Record{tallystick.RecordHTTP}
	case "ssl":
		return []tallystick.Record{tallystick.RecordTLS}
	case "unused":
		return nil
	}
	return onTheWire()
}

func onTheWire() []tallystick.Record {
	return []tallystick.Record{tallystick.RecordConn, tallystick.RecordDNS, tallystick.RecordHTTP, tallystick.RecordTLS}
}
