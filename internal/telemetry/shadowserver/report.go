package shadowserver

import (
	"bytes"
	"time"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/field"
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
	if o.Start, reason = field.Time(r.at(c.timestamp), time.UTC); reason != "" {
		return reason
	}
	if reason = r.end(c.orig, &o.Orig); reason != "" {
		return reason
	}
	if reason = r.end(c.resp, &o.Resp); reason == reasonPort { // without address the row still names its own
		return reason
	}
	if o.Proto = field.Protocol(r.at(c.protocol)); o.Proto == field.UDP {
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
	var ok bool
	if e.Port, ok = field.Port(r.at(c.port)); !ok {
		return reasonPort
	}
	if e.Addr, ok = field.Address(r.at(c.addr)); !ok {
		return reasonAddress
	}
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
	_, path, absolute := field.Target(target)
	if o.Path = path; absolute && len(path) == 0 {
		o.Path = r.lower([]byte("/"))
	}
	o.Name = r.host(r.first(c.name[:]))
}

// host returns the host of an authority, or a domain name.
func (r *Reader) host(authority []byte) []byte {
	start := len(r.scratch)
	r.scratch = field.AppendHost(r.scratch, authority)
	return r.scratch[start:]
}

func (r *Reader) lower(s []byte) []byte {
	start := len(r.scratch)
	r.scratch = field.AppendLower(r.scratch, s)
	return r.scratch[start:]
}
