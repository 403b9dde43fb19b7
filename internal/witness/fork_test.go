package witness

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/tallystick/tallystick/internal/durable/durabletest"
	"github.com/tallystick/tallystick/internal/ledger"
)

// proven is a tlog-proof of an entry in the head of a ledger.
func proven(t testing.TB, l *ledger.Ledger, i uint64) []byte {
	t.Helper()
	h := l.Head()
	path, err := l.ProveInclusion(i, h.Size)
	if err != nil {
		t.Fatal(err)
	}
	e, err := l.Entry(i)
	if err != nil {
		t.Fatal(err)
	}
	return FormatProof(i, tlog.RecordHash(e), path, h.Note)
}

// TestFork: two histories of one key are evidence by (a) two roots of one size or (b) two
// entries at one index; nothing else is. (Attack tables 4 and 4b: "rollback, fork, split
// view: two notes = evidence"; "refusing a consistency proof taken as fork evidence: only
// two notes of one size, or two inclusion proofs at one index".)
func TestFork(t *testing.T) {
	a, b := forked(t)
	key := a.VerifierKey()
	three := headOf(a).Note
	five, other := grow(t, a, "v", 5).Note, grow(t, b, "w", 5).Note
	proofA4, proofA2 := proven(t, a, 4), proven(t, a, 2)
	nine := grow(t, b, "w", 9).Note
	proofB4, proofB2, proofB8 := proven(t, b, 4), proven(t, b, 2), proven(t, b, 8)
	stranger, strangerKey := newLogKey(t, "stranger.example", 7)
	strange := signAs(t, stranger, checkpoint("stranger.example", 5, tlog.Hash{1}))
	foreign := signAs(t, skeyOf(t, key), checkpoint("stranger.example", 5, tlog.Hash{1}))
	namesake, _ := newLogKey(t, origin, 8)
	forged := signAs(t, namesake, checkpoint(origin, 5, tlog.Hash{1}))
	edit := func(b []byte, old, new string) []byte {
		if !bytes.Contains(b, []byte(old)) {
			t.Fatalf("no %q to edit", old)
		}
		return bytes.Replace(b, []byte(old), []byte(new), 1)
	}
	noLeaf := append([]byte("c2sp.org/tlog-proof@v1\n"), proofA4[bytes.Index(proofA4, []byte("index")):]...)
	for _, c := range []struct {
		name string
		a, b []byte
		says string
	}{
		{"two roots of one size", five, other, "two roots of size 5"},
		{"two roots of one size, the other way round", other, five, "two roots of size 5"},
		{"two roots of one size, with a proof", proofA4, other, "two roots of size 5"},
		{"two entries at one index", proofA4, proofB4, "two entries 4"},
		{"the same note twice", five, five, ""},
		{"two sizes of one history", three, five, ""},
		{"two sizes of two histories, without proofs", five, nine, ""},
		{"one proof", proofA4, nine, ""},
		{"proofs of two indexes", proofA4, proofB8, ""},
		{"proofs of one entry", proofA2, proofB2, ""},
		{"a proof without a leaf", noLeaf, proofB4, ""},
		{"a leaf that is not proved", edit(proofA4, "extra "+string(extraOf(proofA4)[:4]), "extra AAAA"), proofB4, ""},
		{"another index claimed", edit(proofA4, "index 4", "index 3"), proven(t, b, 3), ""},
		{"an index beyond the size", edit(proofA4, "index 4", "index 5"), proven(t, b, 5), ""},
		{"an index with a leading zero", edit(proofA4, "index 4", "index 04"), proofB4, ""},
		{"a proof with carriage returns", bytes.ReplaceAll(proofA4, []byte("\n"), []byte("\r\n")), proofB4, ""},
		{"another log", five, strange, ""},
		{"another origin, signed by the key", five, foreign, ""},
		{"another key of the same name", five, forged, ""},
		{"a text that was not signed", five, edit(five, "\n5\n", "\n9\n"), ""},
		{"nothing", five, nil, ""},
		{"no note", []byte("five\n"), []byte("six\n"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := Fork{key, c.a, c.b}
			found, err := f.Check()
			if c.says == "" {
				if !errors.Is(err, ErrNoEvidence) {
					t.Errorf("%q %v", found, err)
				}
				return
			}
			if err != nil || !strings.Contains(found, c.says) {
				t.Fatalf("%q %v", found, err)
			}
			again, err := ParseFork(f.Format())
			if err != nil || again.Key != key || !bytes.Equal(again.A, c.a) || !bytes.Equal(again.B, c.b) {
				t.Errorf("written and read again: %+v %v", again, err)
			}
			for _, wrong := range []string{strangerKey, "no key", ""} {
				if _, err := (Fork{wrong, c.a, c.b}).Check(); !errors.Is(err, ErrNoEvidence) {
					t.Errorf("by key %q: %v", wrong, err)
				}
			}
		})
	}
}

func extraOf(proof []byte) []byte {
	_, rest, _ := bytes.Cut(proof, []byte("extra "))
	return rest
}

// TestForkFile flips each byte of evidence: it is never evidence of something else.
func TestForkFile(t *testing.T) {
	a, b := forked(t)
	grow(t, a, "v", 5)
	grow(t, b, "w", 9)
	f := Fork{a.VerifierKey(), proven(t, a, 4), proven(t, b, 4)}
	good := f.Format()
	want, err := f.Check()
	if err != nil {
		t.Fatal(err)
	}
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 1
		g, err := ParseFork(bad)
		if err != nil {
			continue
		}
		if found, err := g.Check(); err == nil && (found != want || g.Key != f.Key) {
			t.Fatalf("byte %d: %q by %s", i, found, g.Key)
		}
	}
	for i := range good {
		if g, err := ParseFork(good[:i]); err == nil {
			if _, err := g.Check(); err == nil {
				t.Fatalf("cut off at %d of %d: still evidence", i, len(good))
			}
		}
	}
}

// TestBare: evidence does not carry the signatures of others, which could be anything.
func TestBare(t *testing.T) {
	a, b := forked(t)
	line := string(mustCosigner(t, "other.example").Line(sofa, (&clock{at: 5}).now()))
	five := append(grow(t, a, "v", 5).Note, line...)
	pa := append(proven(t, a, 4), line...)
	grow(t, b, "w", 5)
	f := Fork{a.VerifierKey(), five, append(proven(t, b, 4), line...)}
	for _, f := range []Fork{f, {a.VerifierKey(), pa, f.B}} {
		g, err := f.Bare()
		if err != nil || bytes.Contains(g.Format(), []byte("other.example")) {
			t.Fatalf("%s %v", g.Format(), err)
		}
		want, err := f.Check()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := g.Check(); err != nil || got != want {
			t.Errorf("%q %v", got, err)
		}
	}
}

// TestSide: a side is made of a note, a proof in it and the entry.
func TestSide(t *testing.T) {
	a, b := forked(t)
	grow(t, a, "v", 5)
	grow(t, b, "w", 9)
	signed, entry4 := a.Head().Note, entry("v", 4)
	whole := proven(t, a, 4)
	bare := append([]byte("c2sp.org/tlog-proof@v1\n"), whole[bytes.Index(whole, []byte("index")):]...)
	for name, c := range map[string]struct {
		signed, proof, entry []byte
		want                 []byte
	}{
		"note":                     {signed, nil, nil, signed},
		"proof that tells":         {signed, whole, nil, whole},
		"proof and entry":          {signed, bare, entry4, whole},
		"proof in another note":    {b.Head().Note, whole, nil, nil},
		"no proof":                 {signed, signed, nil, nil},
		"no note":                  {[]byte("x"), whole, nil, nil},
		"proof that tells nothing": {signed, bare, nil, bare},
	} {
		got, err := Side(c.signed, c.proof, c.entry)
		if (err == nil) != (c.want != nil) || !bytes.Equal(got, c.want) {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
	long := append([]byte("c2sp.org/tlog-proof@v1\nindex 0\n"), bytes.Repeat([]byte(other0+"\n"), 65)...)
	for name, bad := range map[string][]byte{
		"65 hashes": append(append(long, '\n'), signed...),
		"too long":  append(bytes.Clone(whole), bytes.Repeat([]byte("x\n"), maxSide)...),
	} {
		if _, err := Side(signed, bad, nil); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func FuzzParseFork(f *testing.F) {
	l := newLedger(f, durabletest.New())
	grow(f, l, "v", 5)
	good := Fork{l.VerifierKey(), l.Head().Note, proven(f, l, 3)}
	f.Add(good.Format())
	f.Add([]byte("tally-fork/v1\nkey \n"))
	f.Add([]byte("tally-fork/v1\nkey k\na|\nb|c2sp.org/tlog-proof@v1\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		g, err := ParseFork(b)
		if err != nil {
			return
		}
		if !bytes.Equal(g.Format(), b) {
			t.Errorf("%q read, written as %q", b, g.Format())
		}
		if found, err := g.Check(); err == nil && g.Key == l.VerifierKey() {
			t.Errorf("evidence against an honest ledger: %q", found)
		}
	})
}
