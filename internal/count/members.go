package count

import (
	"bytes"
	"context"
	"iter"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/segment"
)

// Members yields the members of a question, once each, in the order of their bytes; it has
// no use of Group. The whole set is held in memory: 24 bytes a slot of a table that is at
// least a third full, and the members' bytes.
func (s *Scan) Members(ctx context.Context, question Question) iter.Seq2[Member, error] {
	return func(yield func(Member, error) bool) {
		members, err := s.members(ctx, question)
		if err != nil {
			yield(Member{}, err)
			return
		}
		for _, m := range members {
			if !yield(m, nil) {
				return
			}
		}
	}
}

func (s *Scan) members(ctx context.Context, question Question) ([]Member, error) {
	question.Group = nil
	q, c, err := s.dated(ctx, question)
	if err != nil {
		return nil, err
	}
	members := make([]Member, 0, c.set.n)
	var arena []byte
	c.set.each(func(k key, first, last int32) {
		start := len(arena)
		arena = q.appendMember(arena, k)
		members = append(members, Member{arena[start:len(arena):len(arena)], k.internal(), ts.Day(first), ts.Day(last)})
	})
	slices.SortFunc(members, func(a, b Member) int { return bytes.Compare(a.Bytes, b.Bytes) })
	return members, nil
}

// dated counts a question, without bound of memory, with the days of each member.
func (s *Scan) dated(ctx context.Context, question Question) (*query, *counter, error) {
	q, err := s.ask(ctx, question)
	if err != nil {
		return nil, nil, err
	}
	c, err := s.countPart(ctx, q, true, part{0, 1}, 1<<62)
	return q, c, err
}

// appendMember appends the bytes of a member, as measure.Measure.AppendMember does.
func (q *query) appendMember(dst []byte, k key) []byte {
	switch lead := k.a & (1<<groupShift - 1); q.Measure.Member {
	case measure.Name, measure.Site:
		return ts.AppendDomainMember(dst, q.texts.value(uint32(lead)))
	case measure.Page:
		return ts.AppendPageMember(dst, q.texts.value(uint32(lead)), q.texts.value(uint32(k.b)))
	case measure.Contact:
		client := q.appendEnd(nil, lead)
		return ts.AppendContactMember(dst, client, q.texts.value(uint32(k.b>>slotBits)), slotStart(k.b))
	case measure.Attack:
		return ts.AppendAttackMember(dst, q.appendEnd(nil, lead), q.appendEnd(nil, k.b>>slotBits), slotStart(k.b))
	default:
		return q.appendEnd(dst, lead)
	}
}

func slotStart(b uint64) int64 { return int64(b&(1<<slotBits-1)) * ts.SlotSeconds }

// appendEnd appends the member of one part of a key: kind and ordinal or IPv4 address.
func (q *query) appendEnd(dst []byte, part uint64) []byte {
	n := uint32(part)
	switch part >> kindShift {
	case kindIPv4:
		return ts.AppendAddrMember(dst, segment.AddrOf(0, 0xffff<<32|uint64(n)))
	case kindSite:
		return ts.AppendDomainMember(dst, q.texts.value(n))
	}
	k := q.addrs.value(n)
	a := segment.AddrOf(k.hi, k.lo)
	if k.internal {
		return ts.AppendInternalMember(dst, k.sensor, a)
	}
	return ts.AppendAddrMember(dst, a)
}
