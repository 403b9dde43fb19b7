package proof

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
)

// seedObjects gives a target the vectors of a kind, good and malformed.
func seedObjects(f *testing.F, kind string) {
	f.Helper()
	var v objectVectors
	file, err := os.ReadFile(filepath.Join("..", "doc", "proof", "vectors", "objects.json"))
	if err != nil {
		f.Fatal(err)
	}
	if err := json.Unmarshal(file, &v); err != nil {
		f.Fatal(err)
	}
	good := ""
	for _, c := range v.Good {
		if c.Type == kind {
			f.Add([]byte(c.Text))
			if c.Name == "good" {
				good = c.Text
			}
		}
	}
	for _, c := range v.Edited {
		if c.Type == kind {
			f.Add([]byte(strings.Replace(good, c.Old, c.New, 1)))
		}
	}
}

// fuzzObject: what is read is written again with the same bytes, and check, which may fail,
// does not panic.
func fuzzObject[T any, P interface {
	*T
	builder
}](f *testing.F, kind string, parse func([]byte) (T, error), check func(*testing.T, P)) {
	seedObjects(f, kind)
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := parse(b)
		if err != nil {
			return
		}
		again, err := P(&v).Build()
		if err != nil || !bytes.Equal(again, b) {
			t.Fatalf("%q is written again as %q, %v", b, again, err)
		}
		check(t, &v)
	})
}

func FuzzParseRule(f *testing.F) {
	fuzzObject(f, RuleType, ParseRule, func(t *testing.T, r *Rule) {
		for _, c := range supports() {
			row := exampleRow(1)
			c.row(&row)
			if member, err := r.Supports(&row); (len(member) == 0) != (err != nil) {
				t.Errorf("%s: member %x, %v", c.name, member, err)
			}
		}
	})
}

func FuzzParseKey(f *testing.F) {
	fuzzObject(f, KeyType, ParseKey, func(_ *testing.T, k *Key) { _ = k.Check() })
}

func FuzzParseStatement(f *testing.F) {
	fuzzObject(f, StatementType, ParseStatement, func(t *testing.T, s *Statement) {
		if s.N > MaxMembers || s.AuditK == 0 || s.AuditK > MaxAudit || s.Window.To <= s.Window.From {
			t.Errorf("out of bounds: %+v", s)
		}
	})
}

func FuzzParseChallenge(f *testing.F) {
	fuzzObject(f, ChallengeType, ParseChallenge, func(_ *testing.T, c *Challenge) { _ = c.Check() })
}

func FuzzParseAudit(f *testing.F) { fuzzObject(f, AuditType, ParseAudit, func(*testing.T, *Audit) {}) }

func FuzzParseOffer(f *testing.F) {
	fuzzObject(f, kindOffer, ParseOffer, func(_ *testing.T, o *Offer) { _ = o.Admit([]Offer{*o}) })
}

func FuzzParsePledge(f *testing.F) {
	fuzzObject(f, kindPledge, ParsePledge, func(*testing.T, *Pledge) {})
}

func FuzzParseCanary(f *testing.F) {
	fuzzObject(f, kindReveal, ParseCanary, func(_ *testing.T, c *Canary) { c.Commitment() })
}

// FuzzParseOpening: a line is written again with the same bytes; whatever it says, checking
// it does not panic.
func FuzzParseOpening(f *testing.F) {
	var v openingVectors
	file, err := os.ReadFile(filepath.Join("..", "doc", "proof", "vectors", "openings.json"))
	if err != nil {
		f.Fatal(err)
	}
	if err := json.Unmarshal(file, &v); err != nil {
		f.Fatal(err)
	}
	good, _, _ := strings.Cut(v.File, "\n")
	f.Add([]byte(good))
	for _, c := range v.Edited {
		f.Add([]byte(c.apply(good)))
	}
	rule, errRule := ParseRule([]byte(v.Rule))
	figure, errFigure := ParseStatement([]byte(v.Statement))
	if errRule != nil || errFigure != nil {
		f.Fatal(errRule, errFigure)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		o, err := ParseOpening(b)
		if err != nil {
			return
		}
		if again := o.AppendTo(nil); !bytes.Equal(again, append(b, '\n')) {
			t.Fatalf("%q is written again as %q", b, again)
		}
		if list, err := ParseOpenings(o.AppendTo(nil)); err != nil || len(list) != 1 {
			t.Fatalf("%q is %d lines of a file, %v", b, len(list), err)
		}
		_, _ = o.Check(&figure, &rule)
	})
}

// FuzzCheckTriePath: no bytes lead a tag to two positions, or to presence and absence, under
// one root.
func FuzzCheckTriePath(f *testing.F) {
	tags := counted(9)
	root := TrieRoot(tags)
	for i, tag := range tags {
		f.Add(tag[:], siblingBytes(TriePath(tags, i)))
	}
	f.Fuzz(func(t *testing.T, tag, path []byte) {
		if len(tag) != 32 || len(path)%40 != 0 {
			return
		}
		siblings := readSiblings(t, path)
		position, err := CheckTriePath(root, 9, Point(tag), siblings)
		absent := CheckAbsence(root, 9, Point(tag), Absence{Path: siblings})
		if err == nil && (tags[position] != Point(tag) || absent == nil) {
			t.Fatalf("tag %x stands at %d, absence %v", tag, position, absent)
		}
	})
}

// TestOpeningsFile: every way in which a file of lines is none.
func TestOpeningsFile(t *testing.T) {
	w := newWorld(t, 6)
	file, _ := w.answer(t, [32]byte{1})
	list, err := ParseOpenings(file)
	if err != nil || len(list) != 3 {
		t.Fatalf("%d openings, %v", len(list), err)
	}
	refusal := Opening{Position: 7, Refused: "100% \"secret\",\nby law\u2026"}
	line := refusal.AppendTo(nil)
	if bytes.Count(line, []byte("\n")) != 1 {
		t.Errorf("a refusal of several lines: %q", line)
	}
	if back, err := ParseOpenings(line); err != nil || back[0].Refused != refusal.Refused || back[0].Position != 7 {
		t.Errorf("refusal comes back as %+v, %v", back, err)
	}
	if c, _ := Opened(append(list, refusal)); len(c) != 3 {
		t.Errorf("the proof is about %d members: a refusal has none", len(c))
	}
	for what, bad := range map[string][]byte{
		"no line end":       bytes.TrimSuffix(file, []byte("\n")),
		"an empty line":     append([]byte("\n"), file...),
		"CRLF":              bytes.ReplaceAll(file, []byte("\n"), []byte("\r\n")),
		"refused nothing":   []byte("refused 7\n"),
		"refused unescaped": []byte("refused 7 100%\n"),
		"a long line":       append(bytes.Repeat([]byte("a"), maxOpening+1), '\n'),
	} {
		if _, err := ParseOpenings(bad); err == nil {
			t.Errorf("%s: read", what)
		}
	}
	if ts.DigestOf(append(bytes.Clone(file), "proof"...)) != OpeningsDigest(file, []byte("proof")) {
		t.Error("the digest of an audit is not that of both files")
	}
}

// TestKey: a key holds for its origin and report only.
func TestKey(t *testing.T) {
	s := NewSecret([32]byte{1})
	good, err := NewKey(s, exampleOrigin, "report-1")
	if err != nil {
		t.Fatal(err)
	}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	other := NewSecret([32]byte{2})
	for what, change := range map[string]func(*Key){
		"another origin":            func(k *Key) { k.Origin = "other.example" },
		"another report":            func(k *Key) { k.Report = "report-2" },
		"origin and report shifted": func(k *Key) { k.Origin, k.Report = exampleOrigin+"r", "eport-1" },
		"another key":               func(k *Key) { k.K = other.Public() },
		"Z of another key":          func(k *Key) { k.Z = other.Tag([]byte("x")) },
		"K and Z exchanged":         func(k *Key) { k.K, k.Z = k.Z, k.K },
		"identities":                func(k *Key) { k.K, k.Z = Point{}, Point{} },
		"proof of something else": func(k *Key) {
			b := k.base()
			k.Proof, _ = s.Prove(PurposeMember, k.context(), []Point{b}, []Point{k.Z})
		},
		"a short proof": func(k *Key) { k.Proof = k.Proof[:63] },
	} {
		k := *good
		change(&k)
		if err := k.Check(); !errors.Is(err, ErrDLEQ) && !errors.Is(err, ErrPoint) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, bad := range []*Key{{Origin: "", Report: "r", Proof: good.Proof}, {Origin: "-", Report: "r", Proof: good.Proof}, {Origin: "o", Report: "", Proof: good.Proof}, {Origin: "o", Report: "r"}} {
		if _, err := bad.Build(); err == nil {
			t.Errorf("key of %q for %q is written", bad.Origin, bad.Report)
		}
	}
}
