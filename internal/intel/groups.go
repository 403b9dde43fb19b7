package intel

// groups lists, for each of n keys, the indicators of that key in order of precedence,
// as indexes into the set.
type groups struct {
	start []uint32 // n+1
	refs  []uint32
}

// of returns the indicators of key k.
func (g *groups) of(k uint32) []uint32 { return g.refs[g.start[k]:g.start[k+1]] }

// group gathers refs, which are in order of precedence, by their keys.
func group(refs, keys []uint32, n int) groups {
	g := groups{start: make([]uint32, n+1), refs: make([]uint32, len(refs))}
	for _, k := range keys {
		g.start[k+1]++
	}
	for k := range n {
		g.start[k+1] += g.start[k]
	}
	next := make([]uint32, n)
	copy(next, g.start)
	for i, k := range keys {
		g.refs[next[k]] = refs[i]
		next[k]++
	}
	return g
}
