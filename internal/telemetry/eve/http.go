package eve

import (
	"bytes"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/jsonscan"
)

func (r *Reader) http(e *event, o *tallystick.Observation) (reason string) {
	if e.http == nil {
		return reasonColumns
	}
	o.Record = tallystick.RecordHTTP
	var url []byte
	s := jsonscan.Object(e.http)
	for s.Next() {
		switch string(s.Key()) {
		case "hostname":
			o.Name = r.host(s.Value())
		case "url":
			url = r.text(s.Value())
		case "http_method":
			o.Method = r.text(s.Value())
		case "status":
			if n, ok := jsonscan.Uint(s.Value()); ok && n < 1000 {
				o.Status = uint16(n)
			}
		}
	}
	if o.Status > 0 {
		o.Facts |= tallystick.FactReplied
	}
	r.target(url, o)
	return ""
}

// target reads a request target (RFC 9112, section 3.2). That of CONNECT is an
// authority; an absolute one is asked of a proxy.
func (r *Reader) target(url []byte, o *tallystick.Observation) {
	if string(o.Method) == "CONNECT" {
		o.Facts |= tallystick.FactProxied
		if len(url) > 0 && url[0] != '/' {
			o.Name = r.name(url)
		}
		return
	}
	if i := bytes.Index(url, []byte("://")); i > 0 && bytes.IndexAny(url[:i], "/?#") < 0 {
		o.Facts |= tallystick.FactProxied
		url = url[i+3:]
		slash := bytes.IndexAny(url, "/?#")
		if slash < 0 {
			slash = len(url)
		}
		authority := url[:slash]
		o.Name = r.name(authority[bytes.LastIndexByte(authority, '@')+1:])
		url = url[slash:]
	}
	if i := bytes.IndexAny(url, "?#"); i >= 0 {
		url = url[:i]
	}
	o.Path = url
}

// tls reads a handshake: Suricata writes it once the server answered.
func (r *Reader) tls(e *event, o *tallystick.Observation) (reason string) {
	if e.tls == nil {
		return reasonColumns
	}
	o.Record = tallystick.RecordTLS
	o.Facts |= tallystick.FactReplied
	s := jsonscan.Object(e.tls)
	for s.Next() {
		if string(s.Key()) == "sni" {
			o.Name = r.host(s.Value())
		}
	}
	return ""
}

// text returns a raw string without quotes and escapes; nil for any other value.
func (r *Reader) text(raw []byte) []byte {
	if plain, ok := jsonscan.Plain(raw); ok {
		return plain
	}
	start := len(r.scratch)
	r.scratch = jsonscan.String(r.scratch, raw)
	return r.scratch[start:]
}

// host returns the host that a raw string names.
func (r *Reader) host(raw []byte) []byte { return r.name(r.text(raw)) }

// name returns the host of an authority: lower case, without port, brackets and final dot.
func (r *Reader) name(s []byte) []byte {
	if len(s) > 0 && s[0] == '[' {
		if i := bytes.IndexByte(s, ']'); i > 0 {
			s = s[1:i]
		}
	} else if i := bytes.IndexByte(s, ':'); i >= 0 && bytes.IndexByte(s[i+1:], ':') < 0 {
		s = s[:i]
	}
	start := len(r.scratch)
	for _, c := range bytes.TrimSuffix(s, []byte(".")) {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		r.scratch = append(r.scratch, c)
	}
	return r.scratch[start:]
}
