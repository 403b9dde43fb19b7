package eve

import (
	"net/netip"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/field"
	"github.com/tallystick/tallystick/internal/jsonscan"
)

// systemPorts is the first port that is none of services assigned by IANA (RFC 6335,
// section 6).
const systemPorts = 1024

// against reports whether the packet that fired ran against its flow, from responder to
// originator, and whether the alert tells. Ports only ever confirm that the packet ran to a
// server as it is written: that a client took a system port happens, and turning by it would
// accuse the server.
func against(e *event, t *traffic, target netip.Addr, o *tallystick.Observation) (against, told bool) {
	if addr, ok := address(t.srcAddr); ok {
		port, _ := field.Port(t.srcPort)
		return o.Resp == tallystick.End{Addr: addr, Port: port}, true
	}
	switch direction := jsonscan.Plain(e.direction); {
	case string(direction) == "to_client":
		return true, true
	case string(direction) == "to_server":
		return false, true
	case o.Orig.Addr != o.Resp.Addr && target == o.Orig.Addr:
		return true, true
	case o.Orig.Addr != o.Resp.Addr && target == o.Resp.Addr:
		return false, true
	case t.toServer > 0 && t.unanswered:
		return false, true
	}
	return false, o.Orig.Port >= systemPorts && o.Resp.Port > 0 && o.Resp.Port < systemPorts
}

// target reads the end that the rule says is attacked, where it says so (its keyword target).
func target(raw []byte) (a netip.Addr) {
	for s := jsonscan.Object(raw); s.Next(); {
		if string(s.Key()) == "ip" {
			a, _ = address(s.Value())
		}
	}
	return a
}
