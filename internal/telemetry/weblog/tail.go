package weblog

import (
	"bytes"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/field"
)

// maxHops is how many hops of X-Forwarded-For are kept, from the right: those to the
// left of so many proxies are whatever the client wrote.
const maxHops = 64

// tail reads what stands behind the status: the bytes sent, the referer and the agent
// in quotes, and then what the administrator added. A third quoted field or a later
// one is X-Forwarded-For when an address is in it. A field that reads as a domain name
// is the virtual host, except as the third quoted field: there X-Forwarded-For
// ordinarily stands, and a client could name any site with it.
func (p *parser) tail(s []byte, o *tallystick.Observation) (format string) {
	quoted := 0
	for {
		s = bytes.TrimLeft(s, " ")
		if len(s) == 0 {
			break
		}
		var field []byte
		if s[0] == '"' {
			n := closing(s[1:])
			if n < 0 {
				break
			}
			field, s = s[1:n+1], s[n+2:]
			quoted++
			if quoted < 3 || len(o.Hops) == 0 && hops(o, field) || quoted == 3 {
				continue
			}
		} else {
			field, s, _ = bytes.Cut(s, []byte(" "))
		}
		if len(o.Name) == 0 && domain(field) {
			o.Name = p.host(field)
		}
	}
	if quoted >= 2 {
		return "combined"
	}
	return "common"
}

// hops reads X-Forwarded-For, left to right, into o; false when no address is in it.
func hops(o *tallystick.Observation, s []byte) bool {
	s = rightmost(s)
	found := false
	for more := true; more; {
		var hop []byte
		hop, s, more = bytes.Cut(s, []byte(","))
		e, ok := field.End(bytes.Trim(hop, ` "\`))
		o.Hops = append(o.Hops, e.Addr)
		found = found || ok
	}
	if !found {
		o.Hops = o.Hops[:0]
	}
	return found
}

// rightmost cuts a list to its last maxHops elements.
func rightmost(s []byte) []byte {
	from := len(s)
	for range maxHops {
		from = bytes.LastIndexByte(s[:from], ',')
		if from < 0 {
			return s
		}
	}
	return s[from+1:]
}
