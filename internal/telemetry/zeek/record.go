package zeek

import (
	"bytes"
	"net/netip"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/field"
	"github.com/tallystick/tallystick/internal/jsonscan"
)

// slotMask spares a bounds check at each column; record has room for it.
const slotMask = 63

// record holds the values of one record by column, and how its file writes a value
// that is not there. Spans instead of slices keep the garbage collector out.
type record struct {
	text         []byte
	spans        [slotMask + 1]span // of text
	has          columnSet
	unset, empty string
	set          byte // between the elements of a set or vector, in TSV
	json         bool
}

type span struct{ from, to uint32 }

// raw returns a value as written; no bytes when the record has no such column.
func (rec *record) raw(c column) []byte {
	s := rec.spans[c]
	return rec.text[s.from:s.to]
}

// get returns a value as written, nil when it is unset or empty.
func (rec *record) get(c column) []byte {
	v := rec.raw(c)
	if len(v) == 0 || is(v, rec.unset) || is(v, rec.empty) {
		return nil
	}
	return v
}

// is compares v, which is not empty, to a word with which few values begin.
func is(v []byte, word string) bool {
	return len(v) == len(word) && v[0] == word[0] && string(v) == word
}

// number returns a count, and whether it is set and in range.
func (rec *record) number(c column) (uint64, bool) { return jsonscan.Uint(rec.get(c)) }

func (rec *record) isTrue(c column) bool {
	v := rec.get(c)
	return string(v) == "T" || string(v) == "true"
}

// elements calls visit with each element of a set or vector.
func (rec *record) elements(c column, visit func(element []byte)) {
	v := rec.get(c)
	if v == nil {
		return
	}
	if !rec.json {
		for element := range bytes.SplitSeq(v, []byte{rec.set}) {
			visit(element)
		}
		return
	}
	s := jsonscan.Array(v)
	for s.Next() {
		if element := jsonscan.Plain(s.Value()); element != nil {
			visit(element)
		}
	}
}

// ends fills what every record has: time, both ends and the protocol.
func (rec *record) ends(o *tallystick.Observation) fault {
	var ok bool
	if o.Start, ok = seconds(rec.get(colTime)); !ok {
		return fault{field.NoTime, rec.raw(colTime)}
	}
	if o.Orig.Addr, ok = field.Address(rec.get(colOrigAddr)); !ok {
		return fault{"address", rec.raw(colOrigAddr)}
	}
	if o.Resp.Addr, ok = field.Address(rec.get(colRespAddr)); !ok {
		return fault{"address", rec.raw(colRespAddr)}
	}
	if o.Orig.Port, ok = field.Port(rec.get(colOrigPort)); !ok {
		return fault{"port", rec.raw(colOrigPort)}
	}
	if o.Resp.Port, ok = field.Port(rec.get(colRespPort)); !ok {
		return fault{"port", rec.raw(colRespPort)}
	}
	o.Proto = protocol(rec.get(colProto), o.Orig.Addr)
	if isICMP(o.Proto) {
		o.Orig.Port, o.Resp.Port = 0, 0 // Zeek writes type and code there
	}
	return fault{}
}

func isICMP(proto byte) bool { return proto == field.ICMP || proto == field.ICMPv6 }

// protocol reads Zeek's transport_proto, which is "icmp" for both versions.
func protocol(name []byte, end netip.Addr) byte {
	proto := field.Protocol(name)
	if proto == field.ICMP && end.Is6() {
		return field.ICMPv6
	}
	return proto
}
