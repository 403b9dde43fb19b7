package weblog

import (
	"bytes"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/field"
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
	if string(method) == "CONNECT" {
		o.Facts |= tallystick.FactProxied
		o.Name = p.host(uri)
	} else if authority, path, absolute := field.Target(uri); absolute {
		o.Facts |= tallystick.FactProxied
		o.Name = p.host(authority)
		o.Path = p.rooted(path)
	} else if len(path) > 0 && path[0] == '/' {
		o.Path = path
	} else if string(uri) != "*" {
		return
	}
	o.Method = method
}

// rooted returns the path of a URI, which is "/" where none is written.
func (p *parser) rooted(path []byte) []byte {
	if len(path) > 0 {
		return path
	}
	p.scratch = append(p.scratch, '/')
	return p.scratch[len(p.scratch)-1:]
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
		} else if c, ok := field.HexByte(s[i+1:]); ok && s[i] == 'x' {
			dst = append(dst, c)
			i += 2
		} else {
			dst = append(dst, '\\', s[i])
		}
	}
	return dst
}
