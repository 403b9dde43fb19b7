package zeek

import (
	"bytes"
	"math"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/field"
)

// dns fills o from a record of dns.log.
func (r *Reader) dns(rec *record, o *tallystick.Observation) {
	o.Record = tallystick.RecordDNS
	r.name = field.AppendName(r.name[:0], r.text(rec, colQuery))
	o.Name = r.name
	rec.elements(colAnswers, func(element []byte) {
		if a, ok := field.Address(element); ok {
			o.Answers = append(o.Answers, a)
		}
	})
	rcode, name := rec.get(colRcode), rec.get(colRcodeName)
	if string(rcode) == "3" || string(name) == "NXDOMAIN" {
		o.Facts |= tallystick.FactNoName
	}
	if rcode != nil || name != nil || len(o.Answers) > 0 {
		o.Facts |= tallystick.FactReplied
	}
	if toEverybody(o.Resp) {
		o.Facts |= tallystick.FactBroadcast
	}
}

// toEverybody reports whether a question asks the local network, not a resolver.
func toEverybody(resp tallystick.End) bool {
	const netBIOS, mDNS, llmnr = 137, 5353, 5355
	switch resp.Port {
	case netBIOS, mDNS, llmnr:
		return true
	}
	return tallystick.Group(resp.Addr)
}

// http fills o from a record of http.log.
func (r *Reader) http(rec *record, o *tallystick.Observation) {
	o.Record = tallystick.RecordHTTP
	o.Proto = field.TCP
	host := r.text(rec, colHost)
	uri := r.text(rec, colURI)
	o.Method = upper(rec.get(colMethod))
	authority, path, absolute := field.Target(uri)
	switch {
	case string(o.Method) == "CONNECT":
		o.Facts |= tallystick.FactProxied
		host = uri
	case absolute:
		o.Facts |= tallystick.FactProxied
		host, o.Path = authority, path
	default:
		o.Path = path
	}
	r.name = field.AppendHost(r.name[:0], host)
	o.Name = r.name
	if rec.has.contains(colServerName) { // a column added where TLS is decrypted
		r.name = field.AppendName(r.name, r.text(rec, colServerName))
		o.SNI = r.name[len(o.Name):]
	}
	if o.Status = status(rec); o.Status > 0 {
		o.Facts |= tallystick.FactReplied
	}
}

// status returns the status of the answer, or of the provisional one (1xx) before it.
func status(rec *record) uint16 {
	for _, c := range [...]column{colStatus, colInfo} {
		if n, ok := rec.number(c); ok && n <= math.MaxUint16 {
			return uint16(n)
		}
	}
	return 0
}

// ssl fills o from a record of ssl.log, which older versions write without established.
func (r *Reader) ssl(rec *record, o *tallystick.Observation) {
	o.Record = tallystick.RecordTLS
	o.Proto = field.TCP
	if bytes.HasPrefix(rec.get(colVersion), []byte("DTLS")) {
		o.Proto = field.UDP
	}
	r.name = field.AppendName(r.name[:0], r.text(rec, colServerName))
	o.Name = r.name
	finished := rec.isTrue(colEstablished)
	if !rec.has.contains(colEstablished) {
		finished = rec.get(colCipher) != nil || rec.get(colSubject) != nil
	}
	if finished {
		o.Facts |= tallystick.FactReplied
	}
}
