package telemetry

import (
	"slices"
	"testing"

	ts "github.com/tallystick/tallystick"
)

func TestShows(t *testing.T) {
	for format, want := range map[string][]ts.Record{
		"empty":                    nil,
		"zeek conn tsv":            {ts.RecordConn},
		"zeek dns json":            {ts.RecordDNS},
		"zeek http tsv":            {ts.RecordHTTP},
		"zeek ssl json":            {ts.RecordTLS},
		"zeek unused tsv":          nil,
		"zeek mixed json":          onTheWire(),
		"zeek":                     onTheWire(),
		"suricata eve":             append(onTheWire(), ts.RecordAlert),
		"cowrie json":              {ts.RecordLogin},
		"access log combined":      {ts.RecordAccess},
		"access log":               {ts.RecordAccess},
		"shadowserver event4_ddos": {ts.RecordReport},
	} {
		if got := Shows(format); !slices.Equal(got, want) {
			t.Errorf("%s shows %v, want %v", format, got, want)
		}
	}
	if len(Shows("netflow")) != 8 {
		t.Error("a format that is not known may show anything")
	}
}
