package verify

import (
	"cmp"
	"net/netip"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
)

// sessionGap is how many seconds without a request end a session (doc/measures.md).
const sessionGap = 1800

// stay is the time from the first to the last request of one row, of one source at one
// target.
type stay struct {
	visit       uint32
	first, last int64
}

// visits are the stays of every source at every target, which is a site or, where the row
// knows none, the address attacked.
type visits struct {
	numbers map[string]uint32
	stays   []stay
	buf     []byte
}

// hasSessions reports whether sessions stand beside the measure.
func hasSessions(m *measure.Measure) bool {
	return m.Class == ts.Backdoor && m.Member == measure.Attack
}

func (v *visits) add(row *ts.Row) {
	if !row.Perp.IsValid() || row.Site == "" && !row.Victim.IsValid() {
		return
	}
	v.buf = appendEnd(v.buf[:0], row, row.Perp, ts.FlagPerpInternal)
	if row.Site != "" {
		v.buf = ts.AppendDomainMember(v.buf, row.Site)
	} else {
		v.buf = appendEnd(v.buf, row, row.Victim, ts.FlagVictimInternal)
	}
	n, ok := v.numbers[string(v.buf)]
	if !ok {
		n = uint32(len(v.numbers))
		v.numbers[string(v.buf)] = n
	}
	v.stays = append(v.stays, stay{n, row.First, row.Last})
}

// appendEnd appends an end of the row, with its sensor where it is internal to that.
func appendEnd(dst []byte, row *ts.Row, a netip.Addr, internal ts.Flags) []byte {
	if row.Flags.Has(internal) {
		return ts.AppendInternalMember(dst, row.Sensor, a)
	}
	return ts.AppendAddrMember(dst, a)
}

// sessions counts the runs of stays that no gap parts.
func (v *visits) sessions() uint64 {
	slices.SortFunc(v.stays, func(a, b stay) int {
		return cmp.Or(cmp.Compare(a.visit, b.visit), cmp.Compare(a.first, b.first))
	})
	var n uint64
	var end int64
	for i, s := range v.stays {
		again := i > 0 && v.stays[i-1].visit == s.visit && s.first <= end+sessionGap
		if !again {
			n++
			end = s.last
		}
		end = max(end, s.last)
	}
	return n
}
