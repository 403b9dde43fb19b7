package policy

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	fnote "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/formats/witness"
	"golang.org/x/mod/sumdb/note"
)

// signer is a witness's key, made of a seed of equal bytes.
func signer(t testing.TB, name string, seed byte) (s *fnote.Signer, vkey string) {
	t.Helper()
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
	public := append([]byte{TypeEd25519}, key.Public().(ed25519.PublicKey)...)
	id := fmt.Sprintf("%s+%08x+", name, KeyID(name, public))
	typed := append([]byte{TypeEd25519}, key.Seed()...)
	s, err := fnote.NewSignerForCosignatureV1("PRIVATE+KEY+" + id + base64.StdEncoding.EncodeToString(typed))
	if err != nil {
		t.Fatal(err)
	}
	return s, id + base64.StdEncoding.EncodeToString(public)
}

// line is a cosignature line of the text.
func line(t testing.TB, s note.Signer) string {
	t.Helper()
	signed, err := note.Sign(&note.Note{Text: sofa}, s)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(string(signed), sofa+"\n")
}

const sofa = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n" // C2SP tlog-cosignature

// four returns four witnesses, and their keys by their names in a policy text.
func four(t testing.TB) (list []note.Signer, keys []string, names *strings.Replacer) {
	t.Helper()
	var words []string
	for i := range 4 {
		s, vkey := signer(t, fmt.Sprintf("w%d.example", i), byte(i+1))
		list, keys = append(list, s), append(keys, vkey)
		words = append(words, fmt.Sprintf("K%d", i), vkey)
	}
	_, twin := signer(t, "twin.example", 1)
	return list, keys, strings.NewReplacer(append(words, "TWIN", twin)...)
}

func newLogKey(t testing.TB) string {
	t.Helper()
	_, vkey, err := note.GenerateKey(rand.NewChaCha8([32]byte{1}), "ledger.example")
	if err != nil {
		t.Fatal(err)
	}
	return vkey
}

const twoGroups = `# ours
log LOG https://ledger.example/
witness A K0 https://a.example/witness
	witness  B K1
witness C K2  
witness D K3 http://127.0.0.1:7311
group bloc-1 1 A B
group bloc-2 any C D
  # one of each bloc
group both all bloc-1 bloc-2

quorum both
`

func TestPolicy(t *testing.T) {
	list, vkeys, keys := four(t)
	logKey := newLogKey(t)
	text := strings.ReplaceAll(keys.Replace(twoGroups), "LOG", logKey)
	p, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Logs) != 1 || p.Logs[0] != logKey || len(p.Witnesses) != 4 {
		t.Fatalf("%+v", p)
	}
	for i, want := range []Witness{{Name: "A", URL: "https://a.example/witness"}, {Name: "B"}, {Name: "C"}, {Name: "D", URL: "http://127.0.0.1:7311"}} {
		if got := p.Witnesses[i]; got.Name != want.Name || got.URL != want.URL || got.Key != vkeys[i] {
			t.Errorf("witness %d: %+v", i, got)
		}
	}
	for set := range 16 {
		signed := sofa + "\n"
		for i, c := range list {
			if set>>i&1 == 1 {
				signed += line(t, c)
			}
		}
		if got, want := p.Quorum.Satisfied([]byte(signed)), set&3 != 0 && set&12 != 0; got != want {
			t.Errorf("witnesses %04b: %v", set, got)
		}
	}
	namesake, _ := signer(t, "w0.example", 9)
	invented := sofa + "\n" + line(t, namesake) + line(t, list[2])
	if p.Quorum.Satisfied([]byte(invented)) {
		t.Error("an invented witness of the same name counts")
	}
}

func TestPolicyNone(t *testing.T) {
	p, err := Parse([]byte("quorum none\n"))
	if err != nil || p.Quorum.N != 0 || len(p.Witnesses) != 0 {
		t.Errorf("%+v %v", p, err)
	}
	_, _, keys := four(t)
	one, err := Parse([]byte(keys.Replace("witness A K0\nquorum A"))) // no last line end
	if err != nil || one.Quorum.N != 1 || one.Quorum.Satisfied([]byte(sofa+"\n")) {
		t.Errorf("%+v %v", one, err)
	}
}

// capitals writes the hash of a verifier key in capitals.
func capitals(vkey string) string {
	words := strings.SplitN(vkey, "+", 3)
	return words[0] + "+" + strings.ToUpper(words[1]) + "+" + words[2]
}

// TestPolicyRefused: what C2SP tlog-policy forbids. Those marked loose are taken by package
// formats, and would weaken the quorum; should it learn better, the mark goes.
func TestPolicyRefused(t *testing.T) {
	_, _, keys := four(t)
	logKey := newLogKey(t)
	hash := strings.SplitN(keys.Replace("K0"), "+", 3)[1]
	asLog := strings.NewReplacer("LOG", logKey)
	const w = "witness A K0 https://a.example\nwitness B K1 https://b.example\n"
	for _, c := range []struct {
		name, text string
		loose      bool
	}{
		{"no quorum", w, false},
		{"empty", "", false},
		{"two quorums", w + "quorum A\nquorum none\n", true},
		{"quorum of nobody", w + "quorum C\n", false},
		{"quorum defined below", "quorum A\n" + w, true},
		{"one witness under two names", w + "witness C TWIN https://c.example\ngroup g 2 A C\nquorum g\n", true},
		{"one name twice", w + "witness A K2 https://c.example\nquorum A\n", false},
		{"one member twice", w + "group g 2 A A\nquorum g\n", true},
		{"one member in two groups", w + "group g 1 A B\ngroup h 1 A B\ngroup both all g h\nquorum both\n", true},
		{"group of none", "group g all\nquorum g\n", true},
		{"threshold 0", w + "group g 0 A B\nquorum g\n", true},
		{"threshold above the members", w + "group g 3 A B\nquorum g\n", false},
		{"threshold no number", w + "group g most A B\nquorum g\n", false},
		{"member unknown", w + "group g 1 C\nquorum g\n", false},
		{"group within itself", w + "group g 1 g A\nquorum g\n", false},
		{"group named none", w + "group none 1 A\nquorum none\n", false},
		{"unknown line", w + "mirror A\nquorum A\n", false},
		{"a key that does not cosign", "witness A LOG https://a.example\nquorum A\n", true},
		{"a key with a wrong hash", strings.Replace(keys.Replace(w), "w0.example+", "w0.example+0", 1) + "quorum A\n", false},
		{"a key with capitals in its hash", strings.Replace(keys.Replace(w), hash, strings.ToUpper(hash), 1) + "quorum A\n", true},
		{"a log's key with capitals in its hash", "log " + capitals(logKey) + "\nquorum none\n", true},
		{"a log without key", "log\nquorum none\n", true},
		{"a log's key twice", "log LOG\nlog LOG\nquorum none\n", true},
		{"a witness's key as a log's", "log K0\nquorum none\n", true},
		{"a control character", w + "quorum A\x00\n", false},
		{"carriage returns", "quorum none\r\n", true},
		{"too long", strings.Repeat("#\n", maxPolicy) + "quorum none\n", true},
	} {
		text := asLog.Replace(keys.Replace(c.text))
		if p, err := Parse([]byte(text)); err == nil {
			t.Errorf("%s: read as %+v", c.name, p)
		}
		if _, err := witness.ParsePolicy([]byte(text)); (err == nil) != c.loose {
			t.Errorf("%s: package formats: %v", c.name, err)
		}
	}
}

// TestPolicyNames: a name is any word that does not begin a comment (package formats would end
// the line at "#", or at a space of Unicode).
func TestPolicyNames(t *testing.T) {
	list, vkeys, keys := four(t)
	s, vkey := signer(t, "w#4.example", 5)
	for _, c := range []struct{ text, key string }{
		{"witness w#1 K0 https://a.example/#frag\nwitness #2# K1\ngroup g#h 1 w#1\nquorum g#h\n", vkeys[0]},
		{"witness #1 K0\nquorum #1\n", vkeys[0]},
		{"witness a\u00a0b K0\nquorum a\u00a0b\n", vkeys[0]},
		{"witness a " + vkey + "\nquorum a\n", vkey},
	} {
		p, err := Parse([]byte(keys.Replace(c.text)))
		if err != nil || p.Witnesses[0].Key != c.key {
			t.Errorf("%q: %+v %v", c.text, p, err)
			continue
		}
		by := list[0]
		if c.key == vkey {
			by = s
		}
		if !p.Quorum.Satisfied([]byte(sofa+"\n"+line(t, by))) || p.Quorum.Satisfied([]byte(sofa+"\n"+line(t, list[2]))) {
			t.Errorf("%q: another quorum", c.text)
		}
	}
}

// TestPolicyMany: neither a long line nor a group of more than 255 is too much.
func TestPolicyMany(t *testing.T) {
	var text, names strings.Builder
	for i := range 300 {
		name := fmt.Sprintf("%s%d", strings.Repeat("w", 250), i)
		key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{byte(i), byte(i >> 8)}, 16)).Public().(ed25519.PublicKey)
		public := append([]byte{TypeEd25519}, key...)
		fmt.Fprintf(&text, "witness %s w.example+%08x+%s\n", name, KeyID("w.example", public), base64.StdEncoding.EncodeToString(public))
		names.WriteString(" " + name)
	}
	p, err := Parse([]byte(text.String() + "group g all" + names.String() + "\nquorum g\n"))
	if err != nil || p.Quorum.N != 300 || len(p.Quorum.Components) != 300 {
		t.Errorf("group %d of %d: %v", p.Quorum.N, len(p.Quorum.Components), err)
	}
}

func FuzzParse(f *testing.F) {
	_, _, keys := four(f)
	f.Add(strings.Replace(keys.Replace(twoGroups), "log LOG", "#", 1))
	f.Add("quorum none\n")
	f.Add(keys.Replace("witness A K0 u\ngroup g 1 A\nquorum g\n"))
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse([]byte(text))
		if err == nil && len(p.Witnesses) == 0 && p.Quorum.N > 0 {
			t.Errorf("%q: a quorum of %d without witnesses", text, p.Quorum.N)
		}
	})
}

// TestWitnessKeys: keys that do not make cosignatures are refused; package formats would take
// a log's key for a witness's.
func TestWitnessKeys(t *testing.T) {
	_, mldsa, err := fnote.GenerateMLDSAKey("pq.example")
	if err != nil {
		t.Fatal(err)
	}
	logKey := newLogKey(t)
	if _, err := fnote.NewVerifierForCosignatureV1(logKey); err != nil {
		t.Errorf("package formats has learned: %v", err)
	}
	_, good := signer(t, "accused.example/witness", 5)
	for vkey, want := range map[string]bool{
		good:         true,
		mldsa:        true,
		logKey:       false,
		"":           false,
		"a+b":        false,
		good[:60]:    false,
		good + "AAA": false,
		strings.Replace(good, "accused", "accuser", 1): false,
		strings.Replace(good, "+B", "+C", 1):           false,
	} {
		p, err := NewWitness("", vkey, "")
		if (err == nil) != want {
			t.Errorf("%.60q: %v", vkey, err)
		}
		if want && p.Verifier.Name() != p.Name {
			t.Errorf("%.60q: %+v", vkey, p)
		}
	}
}
