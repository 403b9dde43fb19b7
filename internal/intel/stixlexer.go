package intel

import "strings"

// token is a word, an operator or punctuation; or a literal without its quotes. The text
// of no token is empty, but that of a literal.
type token struct {
	text    string
	literal bool
}

type patternLexer struct{ rest string }

// next returns the next token, the zero token at the end.
func (l *patternLexer) next() token {
	l.rest = strings.TrimLeft(l.rest, " \t\r\n")
	s := l.rest
	switch {
	case s == "":
		return token{}
	case s[0] == '\'':
		return l.quoted()
	case strings.IndexByte("tbh", s[0]) >= 0 && strings.HasPrefix(s[1:], "'"): // times and bytes
		l.rest = s[1:]
		return l.quoted()
	}
	n := max(1, operatorLen(s), wordLen(s))
	l.rest = s[n:]
	return token{text: s[:n], literal: '0' <= s[0] && s[0] <= '9'}
}

// quoted reads 'text' with \' and \\ escaped. What is not closed is no literal.
func (l *patternLexer) quoted() token {
	var b strings.Builder
	s := l.rest
	for n := 1; n < len(s); n++ {
		switch {
		case s[n] == '\'':
			l.rest = s[n+1:]
			return token{b.String(), true}
		case s[n] == '\\' && n+1 < len(s):
			n++
		}
		b.WriteByte(s[n])
	}
	l.rest = ""
	return token{text: "'"}
}

func operatorLen(s string) int {
	for _, o := range [...]string{"==", "!=", "<>", "<=", ">="} {
		if strings.HasPrefix(s, o) {
			return len(o)
		}
	}
	return 0
}

// wordLen returns the length of the keyword, number or path that s begins with. In a path
// there may be keys in quotes and places in a list: file:hashes.'SHA-256', a:b_refs[*].value.
func wordLen(s string) int {
	n := 0
	for n < len(s) {
		switch c := s[n]; {
		case nameByte(c), 'A' <= c && c <= 'Z', c == ':', c == '.':
			n++
		case n > 0 && s[n-1] == '.' && c == '\'':
			key, _, closed := strings.Cut(s[n+1:], "'")
			if !closed {
				return n
			}
			n += len(key) + 2
		case n > 0 && c == '[':
			place, _, closed := strings.Cut(s[n+1:], "]")
			if !closed || place != "*" && !digits(place) {
				return n
			}
			n += len(place) + 2
		default:
			return n
		}
	}
	return n
}
