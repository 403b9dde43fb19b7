package zeek

import (
	"encoding/binary"
	"strconv"

	"github.com/tallystick/tallystick/internal/field"
)

// Unix times of so many digits, from the year 5138 on, are taken for milliseconds, from 1973.
const millisDigits = 12

// seconds reads a time in any of Zeek's forms (LogAscii::json_timestamps, and what
// converters make of them) as whole Unix seconds, rounded down: 1517336042.090842,
// 1.517336042e9, 1517336042090, 2018-01-30T18:14:02.090842Z.
func seconds(v []byte) (int64, bool) {
	if unix, ok := epoch(v); ok {
		return unix, true
	}
	if len(v) > 4 && v[4] == '-' {
		unix, reason := field.Time(v, nil)
		return unix, reason == ""
	}
	seconds, millis := v, len(v) >= millisDigits && field.Digits(v)
	if millis {
		seconds = v[:len(v)-3]
	}
	if unix, reason := field.UnixTime(seconds); reason == "" || millis {
		return unix, reason == ""
	}
	return float(v)
}

// epoch reads the form that Zeek itself writes, 1517336042.090842, eight digits at a time.
func epoch(v []byte) (unix int64, ok bool) {
	if len(v) != 17 || v[10] != '.' {
		return 0, false
	}
	high, low := binary.LittleEndian.Uint64(v), binary.LittleEndian.Uint64(v[9:])
	low ^= ('.' ^ '0') << 8 // the point
	ninth, tenth := int64(v[8]-'0'), int64(v[9]-'0')
	return eight(high)*100 + ninth*10 + tenth, digits(high) && digits(low) && ninth <= 9
}

// digits reports whether all bytes of w are decimal digits: 0x30 to 0x39.
func digits(w uint64) bool {
	const tens, sixes = 0xf0f0f0f0f0f0f0f0, 0x0606060606060606
	return w&tens|(w+sixes)&tens>>4 == 0x3333333333333333
}

// eight returns the number that eight digits write, the first in the lowest byte.
func eight(w uint64) int64 {
	const pairs, hundreds, ones = 0x000000ff000000ff, 100 + 1000000<<32, 1 + 10000<<32
	w -= 0x3030303030303030
	w = w*10 + w>>8 // every other byte: a number of two digits
	return int64((w&pairs*hundreds + w>>16&pairs*ones) >> 32)
}

func float(v []byte) (int64, bool) {
	f, err := strconv.ParseFloat(string(v), 64)
	if f >= 1e11 {
		f /= 1000
	}
	return int64(f), err == nil && 0 <= f && f < field.EndOfTime
}
