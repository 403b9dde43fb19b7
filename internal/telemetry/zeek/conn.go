package zeek

import (
	"bytes"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/field"
)

// conn fills o from a record of conn.log.
func conn(rec *record, o *tallystick.Observation) {
	o.Record = tallystick.RecordConn
	history := rec.get(colHistory)
	seen := lettersOf(history)
	if replied(rec, seen) {
		o.Facts |= tallystick.FactReplied
	}
	if unasked(rec, history, o.Facts) {
		o.Facts |= tallystick.FactUnasked
	}
	switch {
	case o.Proto == field.TCP || o.Proto == field.SCTP:
		if !handshake(rec.get(colState), seen) {
			o.Facts |= tallystick.FactUnverified
		}
	case o.Facts&tallystick.FactReplied == 0 && !answered(rec, seen):
		o.Facts |= tallystick.FactUnverified
	}
}

// letters is the set of letters in a history: upper case for what the originator sent,
// lower case for the responder; S is SYN, H SYN-ACK, A an acknowledgement, D payload.
type letters uint64

func lettersOf(history []byte) letters {
	var set letters
	for _, c := range history {
		set |= letters(1) << ((c - 'A') & 63)
	}
	return set
}

func (set letters) any(wanted string) bool { return set&lettersOf([]byte(wanted)) != 0 }

// replied reports whether payload came from the responder: by its byte count, and
// where Zeek has none, by the history.
func replied(rec *record, seen letters) bool {
	if n, ok := rec.number(colRespBytes); ok {
		return n > 0
	}
	return seen.any("d")
}

// handshake reports whether both sides took part in a TCP connection, which nobody can
// who forges the source: the responder sent SYN-ACK, an acknowledgement or data, and the
// originator more than SYN, FIN and RST. (Whoever is met by an unexpected SYN-ACK
// answers RST, so ShR proves nothing.) Where there is no history the state must do.
func handshake(state []byte, seen letters) bool {
	if seen != 0 {
		return seen.any("AD") && seen.any("had")
	}
	switch string(state) {
	case "S1", "S2", "S3", "SF", "RSTO", "RSTR":
		return true
	}
	return false
}

// answered reports whether any packet came from the responder.
func answered(rec *record, seen letters) bool {
	if n, ok := rec.number(colRespPackets); ok {
		return n > 0
	}
	return seen.any("d")
}

// unasked reports whether the record shows that nothing was seen of the originator. A
// packet with a bad checksum, C, is seen though Zeek does not count it. Where packets
// are not counted, payload of the responder speaks for a conversation: its other half
// may not have been logged.
func unasked(rec *record, history []byte, facts tallystick.Facts) bool {
	packets, counted := rec.number(colOrigPackets)
	switch {
	case packets > 0 || spoke(history):
		return false
	case counted:
		return true
	}
	return history != nil && facts&tallystick.FactReplied == 0
}

// spoke reports whether a history shows the originator. At ^ Zeek swaps the ends: what
// it had taken for the responder, in lower case, is the originator.
func spoke(history []byte) bool {
	before, after, flipped := bytes.Cut(history, []byte("^"))
	if !flipped {
		return anyBetween(history, 'A', 'Z')
	}
	return anyBetween(before, 'a', 'z') || anyBetween(after, 'A', 'Z')
}

func anyBetween(text []byte, first, last byte) bool {
	for _, c := range text {
		if first <= c && c <= last {
			return true
		}
	}
	return false
}
