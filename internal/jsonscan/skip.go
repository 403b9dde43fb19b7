package jsonscan

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// at returns data[i], or 0, which no token begins with, behind the end.
func at(data []byte, i int) byte {
	if i < len(data) {
		return data[i]
	}
	return 0
}

func space(data []byte, i int) int {
	for i < len(data) && (data[i] == ' ' || data[i] == '\t' || data[i] == '\n' || data[i] == '\r') {
		i++
	}
	return i
}

// skip returns the index behind the value at i, which is at the given nesting depth.
func skip(data []byte, i, depth int) (int, error) {
	switch c := at(data, i); {
	case c == '"':
		return skipString(data, i)
	case c == '{' || c == '[':
		return skipNested(data, i, depth)
	case c == '-' || '0' <= c && c <= '9':
		return skipNumber(data, i)
	}
	for _, word := range [...]string{"true", "false", "null"} {
		if len(data)-i >= len(word) && string(data[i:i+len(word)]) == word {
			return i + len(word), nil
		}
	}
	return 0, &SyntaxError{Offset: i, Want: "a value"}
}

func skipNested(data []byte, i, depth int) (int, error) {
	if depth > MaxDepth {
		return 0, &SyntaxError{Offset: i, Want: "less nesting"}
	}
	closer := byte(']')
	if data[i] == '{' {
		closer = '}'
	}
	i = space(data, i+1)
	if at(data, i) == closer {
		return i + 1, nil
	}
	for {
		var err error
		if closer == '}' {
			if _, i, err = name(data, i); err != nil {
				return 0, err
			}
		}
		if i, err = skip(data, i, depth+1); err != nil {
			return 0, err
		}
		i = space(data, i)
		if at(data, i) == closer {
			return i + 1, nil
		}
		if at(data, i) != ',' {
			return 0, &SyntaxError{Offset: i, Want: ", or " + string(closer)}
		}
		i = space(data, i+1)
	}
}

// name reads a key at i and its colon: the index behind the key, and of the value.
func name(data []byte, i int) (end, value int, err error) {
	if at(data, i) != '"' {
		return 0, 0, &SyntaxError{Offset: i, Want: "a key"}
	}
	if end, err = skipString(data, i); err != nil {
		return 0, 0, err
	}
	i = space(data, end)
	if at(data, i) != ':' {
		return 0, 0, &SyntaxError{Offset: i, Want: ":"}
	}
	return end, space(data, i+1), nil
}

// skipString returns the index behind the string whose quote is at i. It looks at eight
// bytes at a time for a quote, a backslash or a control character.
func skipString(data []byte, i int) (int, error) {
	i++
	for i < len(data) {
		if i+8 <= len(data) {
			found := special(binary.LittleEndian.Uint64(data[i:]))
			if found == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(found) / 8
		}
		switch c := data[i]; {
		case c == '"':
			return i + 1, nil
		case c == '\\':
			n := escape(data[i:])
			if n == 0 {
				return 0, &SyntaxError{Offset: i, Want: "an escape of JSON"}
			}
			i += n
		case c < ' ':
			return 0, &SyntaxError{Offset: i, Want: "no control character"}
		default:
			i++
		}
	}
	return 0, &SyntaxError{Offset: i, Want: `"`}
}

const (
	ones = 0x0101010101010101
	tops = 0x8080808080808080
)

// special marks the top bit of the first byte of w that is a quote, a backslash or
// below 0x20; it is 0 when there is none. Marks above the first may be wrong.
func special(w uint64) uint64 {
	quote, slash := w^(ones*'"'), w^(ones*'\\')
	return ((quote-ones)&^quote | (slash-ones)&^slash | (w-ones*' ')&^w) & tops
}

// escape returns the length of the escape sequence that begins data, 0 if it is none.
func escape(data []byte) int {
	switch at(data, 1) {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if _, ok := unit(data); ok {
			return 6
		}
	}
	return 0
}

// skipNumber returns the index behind the number at i: -? int frac? exp? (section 6).
func skipNumber(data []byte, i int) (int, error) {
	if data[i] == '-' {
		i++
	}
	start := i
	if i = digits(data, i); i == start || data[start] == '0' && i > start+1 {
		return 0, &SyntaxError{Offset: start, Want: "a number"}
	}
	if at(data, i) == '.' {
		start = i + 1
		if i = digits(data, start); i == start {
			return 0, &SyntaxError{Offset: start, Want: "a digit"}
		}
	}
	if at(data, i)|0x20 == 'e' {
		i++
		if c := at(data, i); c == '+' || c == '-' {
			i++
		}
		start = i
		if i = digits(data, start); i == start {
			return 0, &SyntaxError{Offset: start, Want: "a digit"}
		}
	}
	return i, nil
}

func digits(data []byte, i int) int {
	for i < len(data) && '0' <= data[i] && data[i] <= '9' {
		i++
	}
	return i
}

func hasEscape(s []byte) bool { return bytes.IndexByte(s, '\\') >= 0 }
