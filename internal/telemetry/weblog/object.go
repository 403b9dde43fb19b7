package weblog

import (
	"bytes"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/field"
	"github.com/tallystick/tallystick/internal/jsonscan"
)

// object is one request in a log of JSON objects, its values raw. The names are those
// of nginx variables and of the layouts commonly made of them; a later name of a row
// counts where the earlier is absent.
type object struct {
	client  [4][]byte // remote_addr, remote_ip, client_ip, clientip
	time    [6][]byte // time_iso8601, time_local, msec, @timestamp, timestamp, time
	request []byte
	method  [2][]byte // request_method, method
	uri     [4][]byte // request_uri, uri, url, path
	status  []byte
	host    [4][]byte // http_host, host, vhost, server_name
	hops    [2][]byte // http_x_forwarded_for, x_forwarded_for
	server  []byte    // server_addr
	ports   [2][]byte // remote_port, server_port
}

// collect finds the values of one object; false when it is not JSON.
func collect(line []byte) (v object, ok bool) {
	s := jsonscan.Object(line)
	for s.Next() {
		if field := v.field(s.Key()); field != nil {
			*field = s.Value()
		}
	}
	return v, s.Err() == nil
}

// field returns where the value of a key belongs; nil for a key of no use.
func (v *object) field(key []byte) *[]byte {
	switch string(key) {
	case "remote_addr":
		return &v.client[0]
	case "remote_ip":
		return &v.client[1]
	case "client_ip":
		return &v.client[2]
	case "clientip":
		return &v.client[3]
	case "time_iso8601":
		return &v.time[0]
	case "time_local":
		return &v.time[1]
	case "msec":
		return &v.time[2]
	case "@timestamp":
		return &v.time[3]
	case "timestamp":
		return &v.time[4]
	case "time":
		return &v.time[5]
	case "request":
		return &v.request
	case "request_method":
		return &v.method[0]
	case "method":
		return &v.method[1]
	case "request_uri":
		return &v.uri[0]
	case "uri":
		return &v.uri[1]
	case "url":
		return &v.uri[2]
	case "path":
		return &v.uri[3]
	case "status":
		return &v.status
	}
	return v.where(key)
}

// where is field for the keys that tell which server was asked, and by which way.
func (v *object) where(key []byte) *[]byte {
	switch string(key) {
	case "http_host":
		return &v.host[0]
	case "host":
		return &v.host[1]
	case "vhost":
		return &v.host[2]
	case "server_name":
		return &v.host[3]
	case "http_x_forwarded_for":
		return &v.hops[0]
	case "x_forwarded_for":
		return &v.hops[1]
	case "server_addr":
		return &v.server
	case "remote_port":
		return &v.ports[0]
	case "server_port":
		return &v.ports[1]
	}
	return nil
}

// object fills o from a line that is one JSON object.
func (p *parser) object(line []byte, o *tallystick.Observation) (reason string) {
	v, ok := collect(line)
	if !ok {
		return reasonJSON
	}
	client, at := p.first(v.client[:]), p.first(v.time[:])
	asked := v.request != nil || p.first(v.uri[:]) != nil
	if client == nil || at == nil || !asked || v.status == nil {
		return reasonColumns
	}
	if answer := p.text(v.status); len(answer) > 0 {
		if o.Status, ok = status(answer); !ok {
			return reasonColumns
		}
	}
	if o.Start, reason = clock(at, p.zone); reason != "" {
		return reason
	}
	if o.Orig, ok = field.End(client); !ok && !forwarded(client, o) {
		return reasonAddress
	}
	p.ends(&v, o)
	if host := p.first(v.host[:]); plausible(host) {
		o.Name = p.host(host)
	}
	if len(o.Hops) == 0 {
		hops(o, p.first(v.hops[:]))
	}
	if v.request != nil {
		p.request(p.text(v.request), o)
	} else {
		p.target(p.first(v.method[:]), p.first(v.uri[:]), o)
	}
	if p.format == "" {
		p.format = "json"
	}
	return ""
}

// ends adds the server's address and the ports, where they are logged.
func (p *parser) ends(v *object, o *tallystick.Observation) {
	o.Resp.Addr, _ = field.Address(p.text(v.server))
	if n, ok := field.Port(p.text(v.ports[0])); ok && o.Orig.Port == 0 {
		o.Orig.Port = n
	}
	o.Resp.Port, _ = field.Port(p.text(v.ports[1]))
}

// first returns the text of the first value that has one other than "-".
func (p *parser) first(values [][]byte) []byte {
	for _, raw := range values {
		if text := p.text(raw); len(text) > 0 && string(text) != "-" {
			return text
		}
	}
	return nil
}

// text returns a string without quotes and escapes, a number as written; nil for any
// other value.
func (p *parser) text(raw []byte) []byte {
	if len(raw) == 0 || bytes.IndexByte([]byte(`{[tfn`), raw[0]) >= 0 {
		return nil
	}
	if raw[0] != '"' {
		return raw
	}
	if plain := jsonscan.Plain(raw); plain != nil {
		return plain
	}
	start := len(p.scratch)
	p.scratch = jsonscan.String(p.scratch, raw)
	return p.scratch[start:]
}
