package weblog

import (
	"bytes"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/field"
)

// entry is one line of a log in the common format or a format that extends it:
//
//	[vhost] client ident user [time] "request" status tail
type entry struct {
	head    []byte // what stands before the time
	time    []byte
	request []byte // still escaped
	status  []byte
	tail    []byte // bytes sent, referer, agent and whatever follows
}

// maxTime bounds what may stand between the brackets of a time.
const maxTime = 40

// line fills o from a line of text.
func (p *parser) line(line []byte, o *tallystick.Observation) (reason string) {
	e, ok := split(line)
	if !ok {
		return reasonColumns
	}
	if o.Status, ok = status(e.status); !ok {
		return reasonColumns
	}
	if o.Start, reason = clock(e.time, p.zone); reason != "" {
		return reason
	}
	vhost, ok := p.client(e.head, o)
	if !ok {
		return reasonAddress
	}
	format := p.tail(e.tail, o)
	if vhost {
		format = "vhost"
	}
	p.request(p.unescaped(e.request), o)
	if p.format == "" {
		p.format = format
	}
	return ""
}

// split finds the parts of a line. The first brackets that a quote follows hold the
// time: a user name may hold brackets, but servers escape the quotes in it.
func split(line []byte) (e entry, ok bool) {
	open, end := 0, 0
	for {
		i := bytes.IndexByte(line[open:], '[')
		if i < 0 {
			return e, false
		}
		open += i
		end = bytes.IndexByte(line[open:min(len(line), open+maxTime)], ']')
		if end += open; end > open && bytes.HasPrefix(line[end+1:], []byte(` "`)) {
			break
		}
		open++
	}
	e.head, e.time = line[:open], line[open+1:end]
	rest := line[end+3:]
	n := closing(rest)
	if n < 0 || n+1 >= len(rest) || rest[n+1] != ' ' {
		return e, false
	}
	e.request = rest[:n]
	e.status, e.tail, _ = bytes.Cut(rest[n+2:], []byte(" "))
	return e, true
}

// closing returns the index of the quote that ends a quoted field, -1 if none does.
// A quote behind an odd number of backslashes belongs to the field.
func closing(s []byte) int {
	for from := 0; ; {
		i := bytes.IndexByte(s[from:], '"')
		if i < 0 {
			return -1
		}
		i += from
		slashes := 0
		for i-slashes > from && s[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return i
		}
		from = i + 1
	}
}

// status reads up to three digits, or "-" for a request that got no answer: 0.
func status(s []byte) (uint16, bool) {
	if len(s) == 1 && s[0] == '-' {
		return 0, true
	}
	n := field.Number(s)
	return uint16(n), n >= 0 && 0 < len(s) && len(s) <= 3
}

// client reads the client and, where one stands before it, the virtual host (%v or
// %v:%p). Either of the first two fields is an address; the second is when a host
// stands first, since it is else the ident, which is none.
func (p *parser) client(head []byte, o *tallystick.Observation) (vhost, ok bool) {
	first, rest, _ := bytes.Cut(head, []byte(" "))
	second, _, _ := bytes.Cut(rest, []byte(" "))
	if forwarded(head, o) {
		return false, true
	}
	if len(second) > 1 {
		if o.Orig.Addr, ok = field.Address(second); ok || forwarded(rest, o) {
			if plausible(first) {
				o.Name = p.host(first)
			}
			return true, true
		}
	}
	o.Orig, ok = field.End(first)
	return false, ok
}

// forwarded reads a list of addresses that s begins with: X-Forwarded-For, logged in place
// of the client. The last is who asked the proxy that wrote it, those before are hops.
func forwarded(s []byte, o *tallystick.Observation) bool {
	comma := bytes.IndexByte(s, ',')
	if comma < 0 || bytes.IndexByte(s[:comma], ' ') >= 0 {
		return false
	}
	end := comma + 1
	for end < len(s) && (s[end] != ' ' || s[end-1] == ',') {
		end++
	}
	if !hops(o, s[:end]) {
		return false
	}
	last := len(o.Hops) - 1
	o.Orig.Addr, o.Hops = o.Hops[last], o.Hops[:last]
	if !o.Orig.Addr.IsValid() {
		o.Hops = o.Hops[:0]
	}
	return o.Orig.Addr.IsValid()
}
