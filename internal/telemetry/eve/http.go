package eve

import (
	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/field"
	"github.com/tallystick/tallystick/internal/jsonscan"
)

func (r *Reader) http(e *event, o *tallystick.Observation) (reason string) {
	if e.http == nil {
		return reasonColumns
	}
	o.Record = tallystick.RecordHTTP
	r.request(e, o)
	if e.tls != nil {
		o.SNI = r.serverName(e.tls)
	}
	return ""
}

// request reads the "http" part of an event.
func (r *Reader) request(e *event, o *tallystick.Observation) {
	var url, headers []byte
	s := jsonscan.Object(e.http)
	for s.Next() {
		switch string(s.Key()) {
		case "hostname":
			o.Name = r.host(r.text(s.Value()))
		case "url":
			url = r.text(s.Value())
		case "request_headers":
			headers = s.Value()
		case "http_method":
			o.Method = r.text(s.Value())
		case "status":
			if n, ok := jsonscan.Uint(s.Value()); ok && n < 1000 {
				o.Status = uint16(n)
			}
		}
	}
	if host := r.authority(headers); len(host) > 0 {
		o.Name = host
	}
	if o.Status > 0 {
		o.Facts |= tallystick.FactReplied
	}
	r.target(url, o)
}

// authority returns the host asked for over HTTP/2, of whose fields Suricata gives only
// "host" as hostname. A client need not send that, and it counts for nothing beside
// :authority (RFC 9113, section 8.3.1).
func (r *Reader) authority(headers []byte) (host []byte) {
	for a := jsonscan.Array(headers); a.Next(); {
		var name, value []byte
		for f := jsonscan.Object(a.Value()); f.Next(); {
			switch string(f.Key()) {
			case "name":
				name = jsonscan.Plain(f.Value())
			case "value":
				value = f.Value()
			}
		}
		if string(name) == ":authority" && host == nil {
			host = r.host(r.text(value))
		}
	}
	return host
}

// target reads a request target (RFC 9112, section 3.2). That of CONNECT is an
// authority; an absolute one is asked of a proxy.
func (r *Reader) target(url []byte, o *tallystick.Observation) {
	if string(o.Method) == "CONNECT" {
		o.Facts |= tallystick.FactProxied
		if len(url) > 0 && url[0] != '/' {
			o.Name = r.host(url)
		}
		return
	}
	authority, path, absolute := field.Target(url)
	if o.Path = path; absolute {
		o.Facts |= tallystick.FactProxied
		o.Name = r.host(authority)
	}
}

// tls reads a handshake: Suricata writes it once the server answered.
func (r *Reader) tls(e *event, o *tallystick.Observation) (reason string) {
	if e.tls == nil {
		return reasonColumns
	}
	o.Record = tallystick.RecordTLS
	o.Facts |= tallystick.FactReplied
	o.Name = r.serverName(e.tls)
	return ""
}

// serverName returns the TLS server name of a "tls" part, nil where there is none.
func (r *Reader) serverName(tls []byte) (name []byte) {
	s := jsonscan.Object(tls)
	for s.Next() {
		if string(s.Key()) == "sni" {
			name = r.name(s.Value())
		}
	}
	return name
}

// text returns a raw string without quotes and escapes; nil for any other value.
func (r *Reader) text(raw []byte) []byte {
	if plain := jsonscan.Plain(raw); plain != nil {
		return plain
	}
	start := len(r.scratch)
	r.scratch = jsonscan.String(r.scratch, raw)
	return r.scratch[start:]
}

// host returns the host of an authority.
func (r *Reader) host(authority []byte) []byte {
	start := len(r.scratch)
	r.scratch = field.AppendHost(r.scratch, authority)
	return r.scratch[start:]
}

// name returns the domain name in a raw string.
func (r *Reader) name(raw []byte) []byte {
	text := r.text(raw)
	start := len(r.scratch)
	r.scratch = field.AppendName(r.scratch, text)
	return r.scratch[start:]
}
