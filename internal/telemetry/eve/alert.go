package eve

import (
	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/field"
	"github.com/tallystick/tallystick/internal/jsonscan"
)

// alert reads a rule that fired on a packet. Suricata writes the ends of that packet;
// Orig and Resp are those of its flow, which newer versions write too ("flow":
// {"src_ip": …}) or tell by the packet's direction. Without
// either the packet is taken to run with the flow. An alert without any account of its
// flow shows no handshake: its source may be spoofed. Of what the flow carried it shows the
// request, the TLS server name, or of decrypted traffic both.
func (r *Reader) alert(e *event, o *tallystick.Observation) (reason string) {
	if e.alert == nil {
		return reasonColumns
	}
	o.Record = tallystick.RecordAlert
	r.rule(e.alert, o)
	t := e.traffic()
	if against(e, &t, o) {
		o.Orig, o.Resp = o.Resp, o.Orig
		o.Facts |= tallystick.FactFromResp
	}
	o.Facts |= t.facts(o)
	r.carried(e, o)
	return r.began(&t, o)
}

// carried reads what the flow of an alert asked for.
func (r *Reader) carried(e *event, o *tallystick.Observation) {
	if e.http != nil {
		r.request(e, o)
	}
	if e.tls == nil {
		return
	}
	if o.SNI = r.serverName(e.tls); e.http == nil {
		o.Name, o.SNI = o.SNI, nil
	}
}

// rule reads which rule it was.
func (r *Reader) rule(alert []byte, o *tallystick.Observation) {
	var gid, sid []byte
	s := jsonscan.Object(alert)
	for s.Next() {
		switch string(s.Key()) {
		case "gid":
			gid = s.Value()
		case "signature_id":
			sid = s.Value()
		case "category":
			o.Category = r.text(s.Value())
		}
	}
	start := len(r.scratch)
	r.scratch = append(append(append(r.scratch, gid...), ':'), sid...)
	o.Signature = r.scratch[start:]
}

// against reports whether the packet ran against its flow, from responder to originator.
func against(e *event, t *traffic, o *tallystick.Observation) bool {
	if addr, ok := address(t.srcAddr); ok {
		port, _ := field.Port(t.srcPort)
		return o.Resp == tallystick.End{Addr: addr, Port: port}
	}
	direction := jsonscan.Plain(e.direction)
	return string(direction) == "to_client"
}
