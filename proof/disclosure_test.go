package proof

import (
	"bytes"
	"errors"
	"net/netip"
	"reflect"
	"strings"
	"testing"
)

// exampleDisclosure answers who asked about two members, of which one is there, and a third
// address that is not.
func exampleDisclosure(t testing.TB, w *world) *Disclosure {
	t.Helper()
	d := &Disclosure{Figure: w.digest, Asked: []netip.Prefix{netip.MustParsePrefix("240.0.0.0/30"), netip.MustParsePrefix("240.0.0.200/32")},
		Openings: []Opening{w.open(t, 0), w.open(t, 2)}}
	for _, member := range [][]byte{{4, 240, 0, 0, 200}, {4, 240, 0, 0, 201}} {
		tag := w.secret.Tag(member)
		absence, err := TrieAbsence(w.tags, tag)
		if err != nil {
			t.Fatal(err)
		}
		d.Absent = append(d.Absent, AbsentMember{member, tag, absence})
	}
	c, tags := d.Points()
	file, err := w.secret.Prove(PurposeMember, d.Context(exampleOrigin), c, tags)
	if err != nil {
		t.Fatal(err)
	}
	d.Proof = file
	return d
}

// TestDisclosure: what is opened for its owner comes back, and is proved for him, this figure
// and this question.
func TestDisclosure(t *testing.T) {
	w := newWorld(t, 6)
	d := exampleDisclosure(t, w)
	file := d.AppendTo(d.AppendTo(nil))
	list, err := ParseDisclosures(file)
	if err != nil || len(list) != 2 || !reflect.DeepEqual(list[1], *d) {
		t.Fatalf("%d come back, %v", len(list), err)
	}
	check := func(d *Disclosure, origin string) error {
		c, tags := d.Points()
		return CheckProof(PurposeMember, d.Context(origin), w.secret.Public(), c, tags, d.Proof)
	}
	if err := check(d, exampleOrigin); err != nil {
		t.Error(err)
	}
	for _, a := range d.Absent {
		if err := CheckAbsence(w.figure.Root, w.figure.N, a.Tag, a.Absence); err != nil {
			t.Errorf("absence of %x: %v", a.Member, err)
		}
	}
	for what, change := range map[string]func(*Disclosure){
		"another figure":     func(d *Disclosure) { d.Figure[0] ^= 1 },
		"another question":   func(d *Disclosure) { d.Asked = d.Asked[:1] },
		"an opening fewer":   func(d *Disclosure) { d.Openings = d.Openings[1:] },
		"an absence fewer":   func(d *Disclosure) { d.Absent = d.Absent[1:] },
		"absence of another": func(d *Disclosure) { d.Absent = []AbsentMember{d.Absent[0], d.Absent[0]} },
		"another member's name": func(d *Disclosure) {
			d.Absent = append([]AbsentMember{{Member: []byte("x"), Tag: d.Absent[0].Tag}}, d.Absent[1:]...)
		},
	} {
		other := *d
		if change(&other); !errors.Is(check(&other, exampleOrigin), ErrDLEQ) {
			t.Errorf("%s: proved", what)
		}
	}
	if err := check(d, "other.example"); !errors.Is(err, ErrDLEQ) {
		t.Errorf("another ledger's name: %v", err)
	}
}

func TestDisclosureRefuses(t *testing.T) {
	file := string(exampleDisclosure(t, newWorld(t, 6)).AppendTo(nil))
	for _, c := range [][2]string{
		{"tally-open/v1", "tally-open/v2"}, {"figure ", "figure 0"}, {"asked 240.0.0.0/30", "asked 240.0.0.0"}, {"asked 240.0.0.0/30", "asked 240.0.0.0/030"},
		{"absent ", "absent 0"}, {"absent ", "absent - "}, {"absent 04f00000c8", "absent 04F00000C8"}, {"open 0", "shown 0"}, {"proof ", "proof zz"}, {"proof ", "open "},
		{"asked 240.0.0.200/32\n", ""}, {"asked 240.0.0.0/30\n", "\n"}, {"tally-open/v1\n", "tally-open/v1\n\n"},
	} {
		bad := string(replaced(t, []byte(file), c[0], c[1]))
		list, err := ParseDisclosures([]byte(bad))
		if c[1] == "" { // a question fewer is well formed: the proof tells
			if err != nil || len(list[0].Asked) != 1 {
				t.Errorf("a question fewer: %v", err)
			}
			continue
		}
		if !errors.Is(err, ErrDisclosure) {
			t.Errorf("%q for %q: %v", c[1], c[0], err)
		}
	}
	for what, bad := range map[string]string{
		"no line end":  strings.TrimSuffix(file, "\n"),
		"no proof":     file[:strings.Index(file, "proof ")],
		"proof first":  strings.Replace(file, "asked", "proof 00\nasked", 1),
		"something on": file + "x\n",
	} {
		if _, err := ParseDisclosures([]byte(bad)); !errors.Is(err, ErrDisclosure) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func FuzzParseDisclosures(f *testing.F) {
	file := exampleDisclosure(f, newWorld(f, 6)).AppendTo(nil)
	f.Add(file)
	f.Add(append(bytes.Clone(file), file...))
	f.Add([]byte("tally-open/v1\nfigure " + strings.Repeat("0", 64) + "\nproof -\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := ParseDisclosures(b)
		if err != nil {
			return
		}
		var again []byte
		for i := range list {
			list[i].Points()
			again = list[i].AppendTo(again)
		}
		if !bytes.Equal(again, b) {
			t.Fatalf("%q is written again as %q", b, again)
		}
	})
}
