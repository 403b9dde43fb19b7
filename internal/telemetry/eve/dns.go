package eve

import (
	"bytes"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/jsonscan"
)

// message is the "dns" part of an event, raw. It has had three layouts: one resource
// record an event (1), an array of answers (2), and queries in an array too, with
// other words for the type (3).
type message struct {
	kind, version, rcode, rrname, rrtype, rdata []byte
	queries, answers, grouped                   []byte
}

func messageOf(dns []byte) (m message) {
	s := jsonscan.Object(dns)
	for s.Next() {
		switch string(s.Key()) {
		case "type":
			m.kind = s.Value()
		case "version":
			m.version = s.Value()
		case "rcode":
			m.rcode = s.Value()
		case "rrname":
			m.rrname = s.Value()
		case "rrtype":
			m.rrtype = s.Value()
		case "rdata":
			m.rdata = s.Value()
		case "queries":
			m.queries = s.Value()
		case "answers":
			m.answers = s.Value()
		case "grouped":
			m.grouped = s.Value()
		}
	}
	return m
}

func (r *Reader) dns(e *event, o *tallystick.Observation) (reason string) {
	if e.dns == nil {
		return reasonColumns
	}
	o.Record = tallystick.RecordDNS
	m := messageOf(e.dns)
	kind := jsonscan.Plain(m.kind)
	if answer := string(kind) == "answer" || string(kind) == "response"; answer {
		o.Facts |= tallystick.FactReplied
		if m.backwards(o) {
			o.Orig, o.Resp = o.Resp, o.Orig
		}
		m.addresses(o)
	}
	if rcode := jsonscan.Plain(m.rcode); string(rcode) == "NXDOMAIN" {
		o.Facts |= tallystick.FactNoName
	}
	if toEverybody(o.Resp) {
		o.Facts |= tallystick.FactBroadcast
	}
	o.Name = r.name(m.question())
	return ""
}

// question returns the name asked for, raw.
func (m *message) question() []byte {
	if m.rrname != nil || m.queries == nil {
		return m.rrname
	}
	first := jsonscan.Array(m.queries)
	first.Next()
	s := jsonscan.Object(first.Value())
	for s.Next() {
		if string(s.Key()) == "rrname" {
			return s.Value()
		}
	}
	return nil
}

// backwards reports whether an answer's ends are those of its packet, the server being
// the source, as old versions wrote them; later ones write those of the flow.
// The port tells, and where it does not, the layout.
func (m *message) backwards(o *tallystick.Observation) bool {
	from, to := served(o.Orig.Port), served(o.Resp.Port)
	if from != to {
		return from
	}
	version, _ := jsonscan.Uint(m.version)
	return version < 2
}

// Ports on which names are asked for.
const (
	portDNS     = 53
	portNetBIOS = 137
	portMDNS    = 5353
	portLLMNR   = 5355
)

func served(port uint16) bool {
	return port == portDNS || port == portNetBIOS || port == portMDNS || port == portLLMNR
}

// toEverybody reports whether a question to e is no question to a resolver.
func toEverybody(e tallystick.End) bool {
	return e.Port != portDNS && served(e.Port) || tallystick.Group(e.Addr)
}

// addresses reads the A and AAAA records of the answer.
func (m *message) addresses(o *tallystick.Observation) {
	add(o, m.rrtype, m.rdata)
	switch {
	case m.answers != nil:
		m.list(o)
	case m.grouped != nil:
		m.group(o)
	}
}

func (m *message) list(o *tallystick.Observation) {
	list := jsonscan.Array(m.answers)
	for list.Next() {
		var rrtype, rdata []byte
		s := jsonscan.Object(list.Value())
		for s.Next() {
			switch string(s.Key()) {
			case "rrtype":
				rrtype = s.Value()
			case "rdata":
				rdata = s.Value()
			}
		}
		add(o, rrtype, rdata)
	}
}

// group reads {"A": ["…", …], "AAAA": […]}, the other form of layout 2.
func (m *message) group(o *tallystick.Observation) {
	s := jsonscan.Object(m.grouped)
	for s.Next() {
		if key := s.Key(); string(key) == "A" || string(key) == "AAAA" {
			list := jsonscan.Array(s.Value())
			for list.Next() {
				if a, ok := address(list.Value()); ok {
					o.Answers = append(o.Answers, a)
				}
			}
		}
	}
}

func add(o *tallystick.Observation, rrtype, rdata []byte) {
	if kind := jsonscan.Plain(rrtype); bytes.Equal(kind, []byte("A")) || bytes.Equal(kind, []byte("AAAA")) {
		if a, ok := address(rdata); ok {
			o.Answers = append(o.Answers, a)
		}
	}
}
