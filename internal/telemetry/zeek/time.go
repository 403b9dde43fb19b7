package zeek

import (
	"strconv"

	"github.com/tallystick/tallystick/internal/field"
)

// Unix times of so many digits, from the year 5138 on, are taken for milliseconds, from 1973.
const millisDigits = 12

// seconds reads a time in any of Zeek's forms (LogAscii::json_timestamps, and what
// converters make of them) as whole Unix seconds, rounded down: 1517336042.090842,
// 1.517336042e9, 1517336042090, 2018-01-30T18:14:02.090842Z.
func seconds(v []byte) (int64, bool) {
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

func float(v []byte) (int64, bool) {
	f, err := strconv.ParseFloat(string(v), 64)
	if f >= 1e11 {
		f /= 1000
	}
	return int64(f), err == nil && 0 <= f && f < field.EndOfTime
}
