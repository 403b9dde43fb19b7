package intel

import (
	"bytes"
	"strings"
)

// PlainPath returns a URL path as it is compared: octets that need no percent-encoding are
// themselves, the digits of others are capitals (RFC 3986, sections 6.2.2.1 and 6.2.2.2).
// A path that is spelled so, and one in which a "%" stands for nothing, is returned itself.
func PlainPath(path []byte) []byte {
	if !spelledOtherwise(path) {
		return path
	}
	plain := make([]byte, 0, len(path))
	for i := 0; i < len(path); i++ {
		switch c := octet(path[i:]); {
		case c < 0:
			plain = append(plain, path[i])
			continue
		case unreserved(byte(c)):
			plain = append(plain, byte(c))
		default:
			plain = append(plain, bytes.ToUpper(path[i:i+3])...)
		}
		i += 2
	}
	return plain
}

func plainPath(path string) string {
	if strings.IndexByte(path, '%') < 0 {
		return path
	}
	return string(PlainPath([]byte(path)))
}

// spelledOtherwise reports whether every "%" of path begins an octet and one of them would
// be spelled otherwise.
func spelledOtherwise(path []byte) bool {
	other := false
	for i := bytes.IndexByte(path, '%'); i >= 0; {
		c := octet(path[i:])
		if c < 0 {
			return false
		}
		other = other || unreserved(byte(c)) || path[i+1] >= 'a' || path[i+2] >= 'a'
		next := bytes.IndexByte(path[i+3:], '%')
		if next < 0 {
			break
		}
		i += 3 + next
	}
	return other
}

// octet returns the value of the percent-encoded octet that s begins with, -1 for none.
func octet(s []byte) int {
	if len(s) < 3 || s[0] != '%' {
		return -1
	}
	high, low := hexDigit(s[1]), hexDigit(s[2])
	if high < 0 || low < 0 {
		return -1
	}
	return high<<4 | low
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

func unreserved(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}
