package eve

import (
	"net/netip"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/jsonscan"
)

// alert reads a rule that fired on a packet. Suricata writes the ends of that packet;
// Orig and Resp are those of its flow, which newer versions write too ("flow":
// {"src_ip": …}) or tell by the packet's direction. Without either, whom the rule names as
// its target, packets of one side only, or the ports tell; else the packet is taken to run
// with the flow, and its source to be unverified, since it may be who was attacked. So is
// a source that the rule names as its target. An alert without any account of its flow
// shows no handshake: its source may be spoofed. Of what the flow carried it shows the
// request, the TLS server name, or of decrypted traffic both.
func (r *Reader) alert(e *event, o *tallystick.Observation) (reason string) {
	if e.alert == nil {
		return reasonColumns
	}
	o.Record = tallystick.RecordAlert
	target := r.rule(e.alert, o)
	t := e.traffic()
	turn, told := against(e, &t, target, o)
	if turn {
		o.Orig, o.Resp = o.Resp, o.Orig
		o.Facts |= tallystick.FactFromResp
	}
	if !told || target == o.Orig.Addr {
		o.Facts |= tallystick.FactUnverified
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

// rule reads which rule it was, and whom that says to be attacked; none where it does not.
func (r *Reader) rule(alert []byte, o *tallystick.Observation) (attacked netip.Addr) {
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
		case "target":
			attacked = target(s.Value())
		}
	}
	start := len(r.scratch)
	r.scratch = append(append(append(r.scratch, gid...), ':'), sid...)
	o.Signature = r.scratch[start:]
	return attacked
}
