package witness

import (
	"bytes"
	"strings"
	"testing"

	"github.com/tallystick/tallystick/internal/durable/durabletest"
)

// example is the request of C2SP tlog-witness.
const example = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
`

func TestRequestText(t *testing.T) {
	r, err := ParseRequest([]byte(example))
	if err != nil || r.Old != 20852014 || len(r.Proof) != 4 || !bytes.HasPrefix(r.Note, []byte(sofa)) {
		t.Fatalf("%+v %v", r, err)
	}
	if got := string(r.Format()); got != example {
		t.Errorf("written again: %q", got)
	}
	if text, err := textOf(r.Note); err != nil || text != sofa {
		t.Errorf("text %q %v", text, err)
	}
	longest := "old 9007199254740991\n" + strings.Repeat(other0+"\n", maxProof) + "\nnote"
	if r, err := ParseRequest([]byte(longest)); err != nil || len(r.Proof) != maxProof {
		t.Errorf("63 proof lines: %v", err)
	}
}

func FuzzParseRequest(f *testing.F) {
	f.Add([]byte(example))
	f.Add([]byte("old 0\n\n" + sofa))
	f.Add([]byte("old 1\n\n\n"))
	l := newLedger(f, durabletest.New())
	h := grow(f, l, "v", 3)
	f.Add(request(f, h, 0))
	f.Add(request(f, h, 2))
	w := newWitness(f, durabletest.New(), l.VerifierKey())
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := ParseRequest(b)
		if err == nil && !bytes.Equal(r.Format(), b) {
			t.Errorf("%q read, written as %q", b, r.Format())
		}
		before, err := w.recall(origin)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := w.Add(b)
		if err != nil {
			return
		}
		if r.Old != before.Size {
			t.Fatalf("cosigned from %d, knowing %d", r.Old, before.Size)
		}
		cosigned(t, w, r.Note, lines)
	})
}
