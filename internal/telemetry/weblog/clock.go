package weblog

import (
	"strings"
	"time"

	"github.com/tallystick/tallystick/internal/field"
)

// clock reads a time as logs write it and returns Unix seconds:
//
//	17/May/2015:10:05:03 +0000       (%t, $time_local)
//	2015-05-17T10:05:03+00:00        ($time_iso8601)
//	1431857103.123                   ($msec)
//
// Fractions of a second are dropped. A time without a zone was written in zone.
func clock(s []byte, zone *time.Location) (unix int64, reason string) {
	switch {
	case len(s) >= 20 && s[2] == '/' && s[6] == '/' && s[11] == ':':
		return field.Moment(field.Number(s[7:11]), monthOf(s[3:6]), field.Number(s[0:2]), s[12:], zone)
	case len(s) > 4 && s[4] == '-':
		return field.Time(s, zone)
	}
	return field.UnixTime(s)
}

// monthOf reads the three letters of a month, 1 to 12; -1 for anything else.
func monthOf(s []byte) int {
	i := strings.Index("JanFebMarAprMayJunJulAugSepOctNovDec", string(s))
	if i < 0 || i%3 != 0 {
		return -1
	}
	return i/3 + 1
}
