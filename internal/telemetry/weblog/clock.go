package weblog

import (
	"bytes"
	"strings"
	"time"

	"github.com/tallystick/tallystick/internal/jsonscan"
)

// endOfTime is the first second that a four-digit year cannot write.
const endOfTime = 253402300800

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
		return moment(number(s[7:11]), monthOf(s[3:6]), number(s[0:2]), s[12:], zone)
	case len(s) >= 19 && s[4] == '-' && s[7] == '-' && (s[10] == 'T' || s[10] == ' '):
		return moment(number(s[0:4]), number(s[5:7]), number(s[8:10]), s[11:], zone)
	}
	return epoch(s)
}

// moment adds the time of day, "10:05:03" with an optional fraction and zone.
func moment(year, month, day int, s []byte, zone *time.Location) (unix int64, reason string) {
	hour, minute, second := number(s[0:2]), number(s[3:5]), number(s[6:8])
	east, local, ok := zoneOffset(withoutFraction(s[8:]))
	if !ok || s[2] != ':' || s[5] != ':' || hour > 23 || minute > 59 || second > 59 ||
		year|month|day|hour|minute|second < 0 {
		return 0, reasonTime
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	if t.Day() != day || t.Month() != time.Month(month) {
		return 0, reasonTime
	}
	if local {
		if zone == nil {
			return 0, reasonZone
		}
		t = time.Date(year, time.Month(month), day, hour, minute, second, 0, zone)
	}
	if unix = t.Unix() - int64(east); unix < 0 || unix >= endOfTime {
		return 0, reasonTime
	}
	return unix, ""
}

func withoutFraction(s []byte) []byte {
	if len(s) == 0 || s[0] != '.' && s[0] != ',' {
		return s
	}
	i := 1
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	return s[i:]
}

// zoneOffset reads "Z", "+0800", " +0800" or "+08:00" as seconds east of UTC; local is
// true when nothing is written.
func zoneOffset(s []byte) (seconds int, local, ok bool) {
	if len(s) == 0 {
		return 0, true, true
	}
	if s[0] == ' ' {
		s = s[1:]
	}
	if string(s) == "Z" {
		return 0, false, true
	}
	if len(s) != 5 && (len(s) != 6 || s[3] != ':') || s[0] != '+' && s[0] != '-' {
		return 0, false, false
	}
	hours, minutes := number(s[1:3]), number(s[len(s)-2:])
	if hours|minutes < 0 || hours > 23 || minutes > 59 {
		return 0, false, false
	}
	seconds = hours*3600 + minutes*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, false, true
}

// epoch reads Unix seconds with an optional fraction.
func epoch(s []byte) (unix int64, reason string) {
	whole, _, _ := bytes.Cut(s, []byte("."))
	n, ok := jsonscan.Uint(whole)
	if !ok || n >= endOfTime || len(withoutFraction(s[len(whole):])) > 0 {
		return 0, reasonTime
	}
	return int64(n), ""
}

// number reads up to 18 digits; -1 for anything else, 0 for nothing.
func number(s []byte) int {
	if len(s) > 18 {
		return -1
	}
	n := 0
	for _, c := range s {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// monthOf reads the three letters of a month, 1 to 12; -1 for anything else.
func monthOf(s []byte) int {
	i := strings.Index("JanFebMarAprMayJunJulAugSepOctNovDec", string(s))
	if i < 0 || i%3 != 0 {
		return -1
	}
	return i/3 + 1
}
