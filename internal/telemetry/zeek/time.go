package zeek

import (
	"strconv"
	"time"
)

const (
	maxTime = 253402300800 // 10000-01-01, in seconds
	// Seconds from here on, the year 5138, are taken for milliseconds, 1973.
	minMillis = 100_000_000_000
)

// seconds reads a time in any of Zeek's forms as whole Unix seconds, rounded down:
// 1517336042.090842, 1.517336042e9, 1517336042090 (milliseconds), 2018-01-30T18:14:02.090842Z.
func seconds(v []byte) (int64, bool) {
	var n int64
	i := 0
	for ; i < len(v) && v[i]-'0' <= 9 && i < 15; i++ {
		n = n*10 + int64(v[i]-'0')
	}
	switch {
	case i == 0:
		return 0, false
	case i == len(v), v[i] == '.' && digits(v[i+1:]):
		if n >= minMillis {
			n /= 1000
		}
		return n, n < maxTime
	case v[i] == '-' && i == 4:
		return clock(v)
	}
	return float(v)
}

func digits(v []byte) bool {
	for _, c := range v {
		if c-'0' > 9 {
			return false
		}
	}
	return true
}

func float(v []byte) (int64, bool) {
	f, err := strconv.ParseFloat(string(v), 64)
	if f >= minMillis {
		f /= 1000
	}
	return int64(f), err == nil && 0 <= f && f < maxTime
}

// clock reads RFC 3339. Zeek writes UTC, which is read here by hand.
func clock(v []byte) (int64, bool) {
	if len(v) < 20 || v[len(v)-1] != 'Z' || v[10] != 'T' {
		return rfc3339(v)
	}
	if frac := v[19 : len(v)-1]; len(frac) > 0 && (frac[0] != '.' || len(frac) == 1 || !digits(frac[1:])) {
		return 0, false
	}
	if v[7] != '-' || v[13] != ':' || v[16] != ':' {
		return 0, false
	}
	year, ok := small(v[0:4])
	month, ok1 := small(v[5:7])
	day, ok2 := small(v[8:10])
	hour, ok3 := small(v[11:13])
	minute, ok4 := small(v[14:16])
	second, ok5 := small(v[17:19])
	if !(ok && ok1 && ok2 && ok3 && ok4 && ok5) || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	date := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	if date.Day() != day || int(date.Month()) != month || date.Unix() < 0 {
		return 0, false
	}
	return date.Unix(), true
}

func small(v []byte) (int, bool) {
	n := 0
	for _, c := range v {
		n = n*10 + int(c-'0')
	}
	return n, digits(v)
}

func rfc3339(v []byte) (int64, bool) {
	for _, layout := range [...]string{time.RFC3339, "2006-01-02T15:04:05Z0700"} {
		if t, err := time.Parse(layout, string(v)); err == nil {
			return t.Unix(), t.Unix() >= 0 && t.Unix() < maxTime
		}
	}
	return 0, false
}
