package intel

// chunkLen is the length of a chunk, in indicators; a chunk has 256 KiB.
const chunkLen = 4096

// chunks is a list that grows without copying what it holds.
type chunks struct {
	full [][]Indicator
	last []Indicator
}

func (c *chunks) add(i Indicator) {
	if len(c.last) == cap(c.last) {
		if len(c.last) > 0 {
			c.full = append(c.full, c.last)
		}
		c.last = make([]Indicator, 0, chunkLen)
	}
	c.last = append(c.last, i)
}

func (c *chunks) len() int { return len(c.full)*chunkLen + len(c.last) }

// cut drops all indicators but the first n.
func (c *chunks) cut(n int) {
	if whole := n / chunkLen; whole < len(c.full) {
		c.full, c.last = c.full[:whole], c.full[whole]
	}
	c.last = c.last[:n-len(c.full)*chunkLen]
}

// take returns all indicators, in place, and empties c.
func (c *chunks) take() []*Indicator {
	list := make([]*Indicator, 0, len(c.full)*chunkLen+len(c.last))
	for _, chunk := range append(c.full, c.last) {
		for n := range chunk {
			list = append(list, &chunk[n])
		}
	}
	*c = chunks{}
	return list
}
