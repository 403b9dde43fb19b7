package shadowserver

import (
	"bytes"
	"net/netip"
	"time"
	"unsafe"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/jsonscan"
)

// observe fills o from r.fields and returns why it could not, or "". UDP sources may be
// spoofed: no report shows an answer that reached them.
func (r *Reader) observe(whole bool, o *tallystick.Observation) (reason string) {
	switch {
	case !whole, len(r.fields) != r.columns.count:
		return reasonColumns
	case r.columns.orig.addr == 0:
		return reasonUnused
	}
	c := &r.columns
	o.Record = tallystick.RecordReport
	o.Signature = r.lower([]byte(c.report))
	if o.Start, reason = clock(r.at(c.timestamp)); reason != "" {
		return reason
	}
	if reason = r.end(c.orig, &o.Orig); reason != "" {
		return reason
	}
	if reason = r.end(c.resp, &o.Resp); reason == reasonPort { // without address the row still names its own
		return reason
	}
	if o.Proto = protocol(r.at(c.protocol)); o.Proto == protoUDP {
		o.Facts |= tallystick.FactUnverified
	}
	r.words(o)
	return ""
}

// at returns the field of a column; empty where the report does not have it.
func (r *Reader) at(column int) []byte {
	if column == 0 {
		return nil
	}
	return bytes.TrimSpace(r.fields[column-1])
}

// first returns the first field that has something.
func (r *Reader) first(columns []int) []byte {
	for _, c := range columns {
		if f := r.at(c); len(f) > 0 {
			return f
		}
	}
	return nil
}

// end reads an address and its port, which is 0 where none is written.
func (r *Reader) end(c endColumns, e *tallystick.End) (reason string) {
	port := r.at(c.port)
	n, ok := jsonscan.Uint(port)
	if len(port) > 0 && (!ok || n > 65535) {
		return reasonPort
	}
	e.Port = uint16(n)
	text := r.at(c.addr)
	a, err := netip.ParseAddr(unsafe.String(unsafe.SliceData(text), len(text))) // not kept but in the error
	if err != nil {
		return reasonAddress
	}
	e.Addr = tallystick.Canonical(a)
	return ""
}

// words reads names, path and family.
func (r *Reader) words(o *tallystick.Observation) {
	c := &r.columns
	o.Family = r.lower(r.first(c.family[:]))
	o.SNI = r.host(r.at(c.sni))
	o.Method = r.first(c.method[:])
	target := r.first(c.target[:])
	if method, rest, ok := bytes.Cut(target, []byte(" ")); ok { // "GET /path HTTP/1.1"
		o.Method = method
		target, _, _ = bytes.Cut(rest, []byte(" "))
	}
	if i := bytes.Index(target, []byte("://")); i > 0 {
		_, target, _ = bytes.Cut(target[i+3:], []byte("/"))
		target = r.absolute(target)
	}
	if i := bytes.IndexAny(target, "?#"); i >= 0 {
		target = target[:i]
	}
	o.Path = target
	o.Name = r.host(r.first(c.name[:]))
}

// absolute puts the slash back before a path.
func (r *Reader) absolute(path []byte) []byte {
	start := len(r.scratch)
	r.scratch = append(append(r.scratch, '/'), path...)
	return r.scratch[start:]
}

// host returns the host of an authority: lower case, without port, brackets and final dot.
func (r *Reader) host(s []byte) []byte {
	if len(s) > 0 && s[0] == '[' {
		if i := bytes.IndexByte(s, ']'); i > 0 {
			s = s[1:i]
		}
	} else if i := bytes.IndexByte(s, ':'); i >= 0 && bytes.IndexByte(s[i+1:], ':') < 0 {
		s = s[:i]
	}
	return r.lower(bytes.TrimSuffix(s, []byte(".")))
}

func (r *Reader) lower(s []byte) []byte {
	start := len(r.scratch)
	for _, c := range s {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		r.scratch = append(r.scratch, c)
	}
	return r.scratch[start:]
}

const protoUDP = 17

func protocol(s []byte) byte {
	switch string(s) {
	case "tcp", "TCP":
		return 6
	case "udp", "UDP":
		return protoUDP
	case "icmp", "ICMP":
		return 1
	}
	return 0
}

// endOfTime is the first second that a four-digit year cannot write.
const endOfTime = 253402300800

// clock reads a time, such as "2021-03-04 00:00:00", which is UTC.
func clock(s []byte) (unix int64, reason string) {
	t, err := time.Parse(time.DateTime, string(s))
	if err != nil {
		t, err = time.Parse(time.RFC3339, string(s))
	}
	if unix = t.Unix(); err != nil || unix < 0 || unix >= endOfTime {
		return 0, reasonTime
	}
	return unix, ""
}
