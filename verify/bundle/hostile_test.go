package bundle

import (
	"bytes"
	"runtime"
	"slices"
	"testing"
)

// mostWork is how many bytes checking a bundle of some kilobytes may allocate, over and
// over: several times what checking a true one takes.
const mostWork = 256 << 20

// FuzzHostile: of a bundle that was changed and sealed again by the ledger's own key, and
// whatever is beside it, no result panics, grows, or holds what a terminal would act on; and
// where all is true, it claims what it claimed.
func FuzzHostile(f *testing.F) {
	all := corpora(f)
	for i := range all {
		for how := range 4 {
			f.Add([]byte{byte(i), byte(how)})
		}
		for op := range 10 {
			for at := range 5 {
				f.Add([]byte{byte(i), 3, 1, byte(op), 0, byte(7 * at), byte(at), 0, byte(11 * at), byte(at), 'a', 0x1b, 'b', 0xff})
			}
		}
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		s := &script{in}
		c := all[s.byte()%len(all)]
		how := s.byte()
		e, peer, beside := c.bundle.clone(), c.peer, c.beside
		for range s.byte() % 16 {
			e.edit(s)
		}
		if how&1 != 0 {
			e.mend(t)
		}
		if how&4 != 0 && peer != nil {
			if peer = peer.clone(); how&1 == 0 {
				peer.edit(s)
			}
		}
		if how&8 != 0 {
			beside.Opened, beside.Canary, beside.Challenge = nil, nil, nil
		} else if how&16 != 0 {
			beside.Opened, beside.Challenge = s.scribble(beside.Opened), s.scribble(beside.Challenge)
		}
		b := e.sealed(t)
		if how&32 != 0 {
			b = s.scribble(b)
		}
		worked := allocated()
		r := c.checked(t, b, e, peer, beside, how&2 == 0 || how&1 != 0)
		if worked = allocated() - worked; worked > mostWork {
			t.Errorf("%d bytes of memory were asked for", worked)
		}
		demandSane(t, r)
		if r.ExitCode() == 0 {
			for _, claim := range claims(r) {
				if !slices.Contains(c.claims, claim) {
					t.Errorf("claims %q", claim)
				}
			}
		}
	})
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// TestSayNothingForeign: an origin, which a bundle names as it likes, is the name of a key,
// or the bundle is malformed; and what is foreign in a line is replaced.
func TestSayNothingForeign(t *testing.T) {
	c := corpora(t)[0]
	for _, origin := range []string{"a\x1b[2J", "a b", "\u00e9", "a\u202e", "a\tb", "\xff"} {
		e := c.bundle.clone()
		e.origin = origin
		b := e.sealed(t)
		r := Check(bytes.NewReader(b), int64(len(b)), Trust{})
		demandSane(t, r)
		if r.ExitCode() != 2 || len(r.Lines) != 2 {
			t.Errorf("%q: %v", origin, r.Lines)
		}
	}
	r := &Result{}
	r.add(check{what: "a\x1bb\u202e"}, 0, "%s\n%s", "c\x9b", "\xffd")
	demandSane(t, r)
	if l := r.Lines[0]; l.What != "a?b?" || l.Found != "c?; ?d" {
		t.Errorf("%q, %q", l.What, l.Found)
	}
}

// TestRevalued: whatever value a line of an entry is given, by a publisher who seals what he
// changed and mends what names it, the bundle claims what it claimed or is not true.
func TestRevalued(t *testing.T) {
	c := corpora(t)[0]
	n, still := 0, 0
	for i := range c.bundle.entries {
		lines := bytes.SplitAfter(c.bundle.entries[i].text, []byte("\n"))
		for j := range lines {
			for v := range values {
				if n++; n%(7*stride) != 0 {
					continue
				}
				e := c.bundle.clone()
				key, _, _ := bytes.Cut(lines[j], []byte(" "))
				other := slices.Clone(lines)
				other[j] = append(append(slices.Clone(key), ' '), values[v]+"\n"...)
				e.entries[i].text = bytes.Join(other, nil)
				e.mend(t)
				r := c.checked(t, e.sealed(t), e, nil, Beside{}, true)
				demandSane(t, r)
				if r.ExitCode() != 0 {
					continue
				}
				still++
				for _, claim := range claims(r) {
					if !slices.Contains(c.claims, claim) {
						t.Errorf("entry %d, line %q is %q: claims %q", i, lines[j], values[v], claim)
					}
				}
			}
		}
	}
	if still == 0 || still > n/(7*stride)/2 {
		t.Errorf("%d of %d changes left all true", still, n/(7*stride))
	}
}
