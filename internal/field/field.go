// Package field knows the texts that stand in fields of logs, whoever wrote them:
// addresses, ports, times, host names and request targets. It must never know the
// format of a log, nor what a field means there.
//
// Nothing here allocates or keeps the bytes it is given.
package field

import "fmt"

// Reasons of a tallystick.LineError for times that cannot be used.
const (
	NoTime = "time" // it is none, or not within [0, EndOfTime)
	NoZone = "zone" // a local time, and nobody said where
)

// Quote returns text for people, in quotes and cut short, as a LineError's Detail.
func Quote(text []byte) string { return fmt.Sprintf("%.60q", text) }

// Digits reports whether text holds nothing but decimal digits; it may be empty.
func Digits(text []byte) bool {
	for _, c := range text {
		if c-'0' > 9 {
			return false
		}
	}
	return true
}

// Number reads up to 18 decimal digits; -1 for anything else, 0 for nothing.
func Number(text []byte) int {
	if len(text) > 18 {
		return -1
	}
	n := 0
	for _, c := range text {
		if c-'0' > 9 {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// HexByte reads the two hexadecimal digits that text begins with.
func HexByte(text []byte) (byte, bool) {
	if len(text) < 2 {
		return 0, false
	}
	high, low := nibble(text[0]), nibble(text[1])
	return high<<4 | low&15, high < 16 && low < 16
}

// nibble returns the value of a hexadecimal digit, 255 for any other byte.
func nibble(c byte) byte {
	switch {
	case c-'0' <= 9:
		return c - '0'
	case c|0x20-'a' <= 5:
		return c | 0x20 - 'a' + 10
	}
	return 255
}

// AppendLower appends text to dst, its ASCII letters in lower case.
func AppendLower(dst, text []byte) []byte {
	from := len(dst)
	dst = append(dst, text...)
	for i, c := range dst[from:] {
		if 'A' <= c && c <= 'Z' {
			dst[from+i] = c | 0x20
		}
	}
	return dst
}
