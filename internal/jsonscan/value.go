package jsonscan

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Plain returns the text of a raw string value that is written without escapes, in
// place; nil for a string with escapes and for any other value, not nil for the empty
// string. It suits addresses, times and words.
func Plain(raw []byte) []byte {
	if len(raw) < 2 || raw[0] != '"' || hasEscape(raw) {
		return nil
	}
	return raw[1 : len(raw)-1]
}

// String appends the text of a raw string value to dst, unescaped. Half a surrogate
// pair becomes U+FFFD; bytes that are not UTF-8 stay as they are. A value that is no
// string appends nothing.
func String(dst, raw []byte) []byte {
	if len(raw) < 2 || raw[0] != '"' {
		return dst
	}
	s := raw[1 : len(raw)-1]
	if !hasEscape(s) {
		return append(dst, s...)
	}
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			dst = append(dst, s[i])
			i++
			continue
		}
		var n int
		dst, n = unescape(dst, s[i:])
		i += n
	}
	return dst
}

// unescape appends what the escape sequence at the start of s means and returns its
// length. s has been checked by skipString.
func unescape(dst, s []byte) ([]byte, int) {
	switch s[1] {
	case 'b':
		return append(dst, '\b'), 2
	case 'f':
		return append(dst, '\f'), 2
	case 'n':
		return append(dst, '\n'), 2
	case 'r':
		return append(dst, '\r'), 2
	case 't':
		return append(dst, '\t'), 2
	case 'u':
		r, _ := unit(s)
		if low, ok := unit(s[6:]); ok && utf16.DecodeRune(r, low) != utf8.RuneError {
			return utf8.AppendRune(dst, utf16.DecodeRune(r, low)), 12
		}
		return utf8.AppendRune(dst, r), 6
	}
	return append(dst, s[1]), 2
}

// unit reads the UTF-16 code unit \uXXXX that begins s.
func unit(s []byte) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s[2:6]), 16, 16)
	return rune(n), err == nil
}

// Uint returns a raw number that is written as digits only and fits in 64 bits.
func Uint(raw []byte) (uint64, bool) {
	if len(raw) == 0 || len(raw) > 20 {
		return 0, false
	}
	var n uint64
	for _, c := range raw {
		d := uint64(c - '0')
		if d > 9 || n > (1<<64-1-d)/10 {
			return 0, false
		}
		n = n*10 + d
	}
	return n, true
}
