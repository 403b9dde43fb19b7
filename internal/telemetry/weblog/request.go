package weblog

import (
	"bytes"

	"github.com/tallystick/tallystick"
)

// maxMethod is the length of the longest method; the longest registered is
// UPDATEREDIRECTREF (RFC 4437).
const maxMethod = 24

// request reads a request line (RFC 9112, section 3). One that is
// garbage leaves o without method and path: it was asked and answered all the same.
func (p *parser) request(s []byte, o *tallystick.Observation) {
	method, rest, _ := bytes.Cut(s, []byte(" "))
	if i := bytes.LastIndex(rest, []byte(" HTTP/")); i >= 0 {
		rest = rest[:i]
	} else if bytes.IndexByte(rest, ' ') >= 0 {
		return
	}
	p.target(method, rest, o)
}

// target reads a method and a request target (RFC 9112, section 3.2).
func (p *parser) target(method, uri []byte, o *tallystick.Observation) {
	if !isMethod(method) || len(uri) == 0 {
		return
	}
	switch scheme := bytes.Index(uri, []byte("://")); {
	case string(method) == "CONNECT":
		o.Facts |= tallystick.FactProxied
		o.Name = p.host(uri)
	case uri[0] == '/':
		o.Path = withoutQuery(uri)
	case string(uri) == "*":
	case scheme > 0 && letters(uri[:scheme]):
		p.absolute(uri[scheme+3:], o)
	default:
		return
	}
	o.Method = method
}

// absolute reads an absolute URI behind its scheme: authority and path.
func (p *parser) absolute(s []byte, o *tallystick.Observation) {
	o.Facts |= tallystick.FactProxied
	authority, path := s, []byte(nil)
	if i := bytes.IndexAny(s, "/?#"); i >= 0 {
		authority, path = s[:i], s[i:]
	}
	if i := bytes.LastIndexByte(authority, '@'); i >= 0 {
		authority = authority[i+1:]
	}
	o.Name = p.host(authority)
	if o.Path = withoutQuery(path); len(o.Path) == 0 {
		p.scratch = append(p.scratch, '/')
		o.Path = p.scratch[len(p.scratch)-1:]
	}
}

// isMethod reports whether s is a method as servers know them: capitals, "-" and "_".
func isMethod(s []byte) bool {
	if len(s) == 0 || len(s) > maxMethod {
		return false
	}
	for _, c := range s {
		if (c < 'A' || c > 'Z') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

func letters(s []byte) bool {
	for _, c := range s {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			return false
		}
	}
	return len(s) > 0
}

// withoutQuery cuts query and fragment off.
func withoutQuery(s []byte) []byte {
	if i := bytes.IndexAny(s, "?#"); i >= 0 {
		return s[:i]
	}
	return s
}

// unescaped takes the log's escapes back, where there are any.
func (p *parser) unescaped(s []byte) []byte {
	if bytes.IndexByte(s, '\\') < 0 {
		return s
	}
	start := len(p.scratch)
	p.scratch = unescape(p.scratch, s)
	return p.scratch[start:]
}

// unescape appends s with the escapes of Apache httpd (util_escape_logitem) and nginx
// taken back: \" \\ \b \n \r \t \v \f and \xNN. Another backslash is itself.
func unescape(dst, s []byte) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			dst = append(dst, s[i])
			continue
		}
		i++
		if plain := bytes.IndexByte([]byte(`"\bnrtvf`), s[i]); plain >= 0 {
			dst = append(dst, "\"\\\b\n\r\t\v\f"[plain])
		} else if n, ok := hex(s[i:]); ok {
			dst = append(dst, n)
			i += 2
		} else {
			dst = append(dst, '\\', s[i])
		}
	}
	return dst
}

// hex reads "xNN".
func hex(s []byte) (byte, bool) {
	if len(s) < 3 || s[0] != 'x' {
		return 0, false
	}
	high, low := nibble(s[1]), nibble(s[2])
	return high<<4 | low&15, high < 16 && low < 16
}

func nibble(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 255
}
