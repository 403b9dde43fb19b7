package ingest

import "github.com/tallystick/tallystick/internal/evidence"

// marks gathers places where records end, about evenly apart and at most
// evidence.MaxMarks: by them a shorter copy of an input is known again.
type marks struct {
	list []evidence.Mark
	from uint64
	next uint64 // where the next is due
}

// newMarks gathers behind the offset.
func newMarks(from uint64) marks { return marks{from: from, next: from + 1} }

func (m *marks) add(at evidence.Mark) {
	m.list = thin(append(m.list, at))
	m.next = at.Offset + 1
	if len(m.list) == evidence.MaxMarks {
		m.next = at.Offset + (at.Offset-m.from)/evidence.MaxMarks
	}
}

// thin leaves out marks until there are not too many, each time one whose neighbours are
// closest. The first and the last stay.
func thin(list []evidence.Mark) []evidence.Mark {
	for len(list) > evidence.MaxMarks {
		least := 1
		for i := 1; i < len(list)-1; i++ {
			if list[i+1].Offset-list[i-1].Offset < list[least+1].Offset-list[least-1].Offset {
				least = i
			}
		}
		list = append(list[:least], list[least+1:]...)
	}
	return list
}

// upTo returns the marks before the end of a part, which is a mark by itself.
func (m *marks) upTo(end uint64) []evidence.Mark {
	if n := len(m.list); n > 0 && m.list[n-1].Offset >= end {
		return m.list[:n-1]
	}
	return m.list
}

// join returns the marks of two parts, one behind the other, and the one between them.
func join(first []evidence.Mark, between evidence.Mark, second []evidence.Mark) []evidence.Mark {
	return thin(append(append(first[:len(first):len(first)], between), second...))
}
