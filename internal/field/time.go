package field

import (
	"bytes"
	"time"
)

// EndOfTime is the first Unix second that a year of four digits cannot write.
const EndOfTime = 253402300800

// Time reads a date and a time of day as ISO 8601 writes them: "2018-01-30T18:14:02Z",
// a space for the T, a fraction of the second, which is dropped, an offset of the forms
// +01:00, +0100. One without an offset was written in zone; nil says that nobody knows
// where. The result is Unix seconds, the reason NoTime, NoZone, or "" when all is well.
func Time(text []byte, zone *time.Location) (unix int64, reason string) {
	if len(text) < 19 || text[4] != '-' || text[7] != '-' || text[10] != 'T' && text[10] != ' ' {
		return 0, NoTime
	}
	return Moment(Number(text[0:4]), Number(text[5:7]), Number(text[8:10]), text[11:], zone)
}

// Moment is Time for a date that was read already; clock begins with "18:14:02" and may
// go on with a fraction and an offset. Numbers may be what Number gives.
func Moment(year, month, day int, clock []byte, zone *time.Location) (unix int64, reason string) {
	if len(clock) < 8 || clock[2] != ':' || clock[5] != ':' {
		return 0, NoTime
	}
	hour, minute, second := Number(clock[0:2]), Number(clock[3:5]), Number(clock[6:8])
	rest, ok := behindFraction(clock[8:])
	east, local, ok2 := offset(rest)
	if !ok || !ok2 || hour > 23 || minute > 59 || second > 59 || year|month|day|hour|minute|second < 0 {
		return 0, NoTime
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	if t.Day() != day || t.Month() != time.Month(month) {
		return 0, NoTime
	}
	if local {
		if zone == nil {
			return 0, NoZone
		}
		t = time.Date(year, time.Month(month), day, hour, minute, second, 0, zone)
	}
	return within(t.Unix() - east)
}

func within(unix int64) (int64, string) {
	if unix < 0 || unix >= EndOfTime {
		return 0, NoTime
	}
	return unix, ""
}

// behindFraction returns what follows a fraction of a second, if text begins with one.
func behindFraction(text []byte) (rest []byte, ok bool) {
	if len(text) == 0 || text[0] != '.' && text[0] != ',' {
		return text, true
	}
	i := 1
	for i < len(text) && text[i]-'0' <= 9 {
		i++
	}
	return text[i:], i > 1
}

// offset reads "Z", "+0800", " +0800" or "+08:00" as seconds east of UTC; local is true
// when nothing is written.
func offset(text []byte) (east int64, local, ok bool) {
	if len(text) == 0 {
		return 0, true, true
	}
	if text[0] == ' ' {
		text = text[1:]
	}
	if string(text) == "Z" {
		return 0, false, true
	}
	if len(text) != 5 && (len(text) != 6 || text[3] != ':') || text[0] != '+' && text[0] != '-' {
		return 0, false, false
	}
	hours, minutes := Number(text[1:3]), Number(text[len(text)-2:])
	if hours|minutes < 0 || hours > 23 || minutes > 59 {
		return 0, false, false
	}
	east = int64(hours*3600 + minutes*60)
	if text[0] == '-' {
		east = -east
	}
	return east, false, true
}

// UnixTime reads seconds since 1970 with or without a fraction, which is dropped.
func UnixTime(text []byte) (unix int64, reason string) {
	whole, fraction, _ := bytes.Cut(text, []byte("."))
	n := Number(whole)
	if n < 0 || len(whole) == 0 || !Digits(fraction) {
		return 0, NoTime
	}
	return within(int64(n))
}
