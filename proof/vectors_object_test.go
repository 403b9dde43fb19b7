package proof

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	ts "github.com/tallystick/tallystick"
)

// objectVector is the text of an object. Where it is well formed, Digest is its SHA-256; Holds
// says whether what it claims by itself is true: the proof of a key, the signature of a
// challenge, the commitment of a canary's reveal.
type objectVector struct {
	Name   string   `json:"name"`
	Type   string   `json:"type"`
	Text   string   `json:"text"`
	Ok     bool     `json:"ok"`
	Holds  bool     `json:"holds"`
	Digest hexBytes `json:"digest"`
}

// Two types have two forms each.
const (
	kindOffer      = OverlapType + " offer"
	kindPledge     = OverlapType + " pledge"
	kindCommitment = CanaryType + " commitment"
	kindReveal     = CanaryType + " reveal"
)

// splitExamples are the objects of the split tally and of canaries.
func splitExamples(t *testing.T) []example {
	t.Helper()
	party := func(i byte) Party {
		return Party{fmt.Sprintf("ledger.example/%d", i), ts.Digest{i}, ts.Digest{i, 1}, ts.Digest{i, 2}}
	}
	offer := &Offer{Session: [32]byte{1}, P: party(1), Q: party(2), MaxN: 1000, Deadline: 1692806364}
	canary := &Canary{Nonce: [32]byte{2}, Values: []string{"2001:db8::1", "240.0.0.9", "canary.example"}}
	p, q := strings.Repeat("0", 62), strings.Repeat("0", 62)
	return []example{
		{kindOffer, offer, [][2]string{{"max-n 1000", "max-n 0"}, {"max-n 1000", "max-n 4294967296"}, {"origin-q ledger.example/2", "origin-q ledger.example/1"},
			{"figure-q 02" + q, "figure-q 01" + p}, {"key-q 0201", "key-q 0101"}, {"tags-q 0202", "tags-q 0102"}, {"origin-p ledger.example/1", "origin-p -"},
			{"deadline 2023-08-23T15:59:24Z", "deadline 2023-08-23 15:59:24"}, {"deadline 2023-08-23T15:59:24Z", "deadline 2023-08-23T15:59:24+00:00"},
			{"deadline 2023-08-23T15:59:24Z", "deadline 2023-08-23T15:59:24.5Z"}, {"deadline 2023-08-23T15:59:24Z", "deadline 1692806364"}}},
		{kindPledge, &Pledge{Offer: ts.Digest{1}, Prover: SideP, Answer: ts.Digest{2}}, [][2]string{{"prover p", "prover r"}, {"prover p\n", ""}}},
		{kindCommitment, &CanaryCommitment{canary.Commitment()}, [][2]string{{"commitment ", "commitment 0"}}},
		{kindReveal, canary, [][2]string{{"value 240.0.0.9\n", ""}, {"nonce 02", "nonce 03"}, {"value 240.0.0.9", "value 240.0.0.8"},
			{"value 2001:db8::1\nvalue 240.0.0.9\n", "value 240.0.0.9\nvalue 2001:db8::1\n"}, {"value canary.example", "value canary%2Eexample"}}},
	}
}

// readObject reads the text of an object as its type says, and checks what it claims.
func readObject(typ, text string) (well, holds error) {
	b := []byte(text)
	switch typ {
	case RuleType:
		_, well = ParseRule(b)
	case KeyType:
		var k Key
		if k, well = ParseKey(b); well == nil {
			holds = k.Check()
		}
	case StatementType:
		_, well = ParseStatement(b)
	case ChallengeType:
		var c Challenge
		if c, well = ParseChallenge(b); well == nil {
			holds = c.Check()
		}
	case AuditType:
		_, well = ParseAudit(b)
	case ManifestType:
		_, well = ParseManifest(b)
	case kindOffer:
		_, well = ParseOffer(b)
	case kindPledge:
		_, well = ParsePledge(b)
	case kindCommitment:
		_, well = ParseCanaryCommitment(b)
	case kindReveal:
		_, well = ParseCanary(b)
	default:
		well = errors.New("unknown kind " + typ)
	}
	return well, holds
}

// example is a good object and the edits that make it malformed: old text, new text.
type example struct {
	typ   string
	made  builder
	edits [][2]string
}

// formEdits are malformed in every type: line ends, spaces, an unknown key, an absent value.
func formEdits(typ string) [][2]string {
	typ, _, _ = strings.Cut(typ, " ")
	return [][2]string{{typ, strings.Replace(typ, "/v1", "/v2", 1)}, {typ + "\n", typ + "\r\n"}, {typ + "\n", typ + " \n"},
		{typ + "\n", typ + "\n\n"}, {typ + "\n", typ + "\nunknown x\n"}, {typ + "\n", "\ufeff" + typ + "\n"}}
}

func examples(t *testing.T) []example {
	t.Helper()
	w := newWorld(t, 5)
	m := exampleManifest()
	key, err := NewKey(w.secret, exampleOrigin, "report-1")
	if err != nil {
		t.Fatal(err)
	}
	return []example{
		{RuleType, w.rule, ruleEdits},
		{KeyType, key, [][2]string{{"K ", "k "}, {"report report-1", "report -"}, {"report report-1", "report a b"}, {"origin " + exampleOrigin, "origin -"},
			{"K " + key.K.String(), "K " + strings.Repeat("0", 64)}, {"Z " + key.Z.String(), "Z " + strings.Repeat("f", 64)}, {"proof ", "proof 00"}}},
		{StatementType, w.figure, statementEdits},
		{ChallengeType, exampleChallenge(t, w), [][2]string{{"round 1000", "round -1"}, {"nonce ", "nonce 00"}, {"k 3", "k 3.0"}, {"figure ", "figure A"}, {"sig ", "sig x"}}},
		{AuditType, &Audit{Figure: w.digest, Round: 1000, Openings: ts.Digest{5}, Bad: 1}, [][2]string{{"bad 1", "bad 01"}, {"round 1000\n", ""}, {"openings ", "openings F"}}},
		{ManifestType, &m, [][2]string{{"rows 12", "rows 0"}, {"rows 12", "rows 9007199254740992"}, {"place iploc", "place"}, {"first-day 2014-03-19", "first-day 2014-03-21"}}},
	}
}

var ruleEdits = [][2]string{
	{"id servers-1", "id -"}, {"id servers-1", "id two words"}, {"id servers-1", "id .hidden"}, {"id servers-1", "id " + strings.Repeat("a", 81)},
	{"measure control.servers", "measure 12 generals"}, {"unit ip-address", "unit general"}, {"unit ip-address", "unit site"},
	{"window 2023-08-01/2023-08-03", "window 2023-08-01"}, {"window 2023-08-01/2023-08-03", "window 2023-08-03/2023-08-01"},
	{"window 2023-08-01/2023-08-03", "window 2023-08-01/2023-08-01"}, {"window 2023-08-01/2023-08-03", "window 2023-02-30/2023-08-03"},
	{"window 2023-08-01/2023-08-03", "window 2023-08-01/10000-01-01"}, {"window 2023-08-01/2023-08-03", "window 1970-01-01/1970-01-01"},
	{"by US", "by us"}, {"by US", "by USA"}, {"by US", "by US+US"}, {"by US", "by -"}, {"on CN+HK", "on HK+CN"}, {"on CN+HK", "on CN+CN+HK"},
	{"by US\non CN+HK", "by *\non *"}, {"member perp", "member host-id"}, {"member perp", "member victims"}, {"member perp", "member attack"},
	{"ipv6 address", "ipv6 128"}, {"bucket 0", "bucket 1800"}, {"seal 86400", "seal 086400"}, {"seal 86400", "seal 9007199254740992"}, {"seal 86400", "seal -"},
	{"place-source mine", "place-source m%69ne"}, {"class control\n", ""}, {"class control", "class c2"}, {"class control\n", "class control\nclass control\n"},
	{"class control\n", "class control\nclass backdoor\n"}, {"grade established\n", ""}, {"grade established\n", "grade established\ngrade attempted\n"},
	{"without perp-internal\nwithout sinkhole\n", "without sinkhole\nwithout perp-internal\n"}, {"without sinkhole", "without nothing"},
	{"without sinkhole\n", "without sinkhole\nwithout sinkhole\n"}, {"challenger challenger.example", "challenger x"}, {"+1699c48b+", "+1699C48B+"}, {"+1699c48b+", "+1699c48a+"}, {"Vsif+QM", "Vsif+QM="},
	{"Vsif+QM", "Vsi\tf+QM"}, {"Vsif+QM", "Vsi f+QM"}, {"Vsif+QM", "Vsif-QM"}, {"member perp\n", ""},
	{"member perp\n", "member perp\nmember perp\n"},
}

var statementEdits = [][2]string{
	{"id control.servers-1", "id a/b"}, {"id control.servers-1", "id -"}, {"attempt 1", "attempt 0"}, {"report report-1", "report -"},
	{"mode list", "mode root"}, {"mode list", "mode all"}, {"rule 0", "rule 5"}, {"key 1", "key 5"}, {"rule 0", "rule 00"},
	{"measure control.servers", "measure a%20b"}, {"N 5", "N 4294967296"}, {"N 5", "N +5"}, {"N 5", "N 5e0"}, {"N 5", "N 0x5"},
	{"audit-k 3", "audit-k 0"}, {"audit-k 3", "audit-k 10001"}, {"audit-k 3", "audit-k 31"}, {"audit-round 1000", "audit-round 0"},
	{"audit-round 1000", "audit-round 9007199254740991"}, {"budget 30", "budget 4294967296"}, {"supersedes none", "supersedes -"},
	{"supersedes none", "supersedes None"}, {"evidence-size 5", "evidence-size 1"}, {"root ", "root g"}, {"on CN+HK", "on CN+HK+HK"},
	{"tags-sha256 ", "tags-sha256 0"}, {"tool tallystick test\n", ""}, {"tool tallystick test\n", "tool tallystick test"}, {"tool tallystick", "tool t\u00e4llystick"},
}

func exampleChallenge(t testing.TB, w *world) *Challenge {
	t.Helper()
	skey, vkey := exampleKeys(t, "challenger.example")
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	c := &Challenge{Figure: w.digest, Challenger: vkey, Nonce: [32]byte{14}, Round: 1000, K: 3}
	if err := c.Sign(signer); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestVectorsObjects(t *testing.T) {
	var list []objectVector
	for _, e := range append(examples(t), splitExamples(t)...) {
		text := built(t, e.made)
		list = append(list, objectVector{Name: "good", Type: e.typ, Text: string(text), Ok: true, Holds: true})
		for _, edit := range append(formEdits(e.typ), e.edits...) {
			name := strings.TrimSpace(strings.ReplaceAll(cut(edit[1]), "\n", "; "))
			if name == "" {
				name = "without " + strings.TrimSpace(cut(edit[0]))
			}
			list = append(list, objectVector{Name: name, Type: e.typ, Text: string(replaced(t, text, edit[0], edit[1]))})
		}
	}
	list = append(list, unproved(t)...)
	for i := range list {
		if list[i].Ok {
			digest := ts.DigestOf([]byte(list[i].Text))
			list[i].Digest = digest[:]
		}
	}
	vectors(t, "objects", deltas(list), checkObjectVectors)
}

func cut(s string) string { return s[:min(len(s), 60)] }

// unproved are well formed, and claim what is not so.
func unproved(t *testing.T) []objectVector {
	w := newWorld(t, 5)
	key, err := NewKey(w.secret, exampleOrigin, "report-1")
	if err != nil {
		t.Fatal(err)
	}
	other := NewSecret([32]byte{99})
	swapped, stolen, challenge := *key, *key, *exampleChallenge(t, w)
	swapped.Z, swapped.K = key.K, key.Z
	stolen.Origin = "other.example"
	foreign := *key
	foreign.K = other.Public()
	challenge.K = 4
	var list []objectVector
	for name, made := range orderedBuilders("K and Z exchanged", &swapped, "the key of another ledger", &stolen, "another K", &foreign) {
		list = append(list, objectVector{Name: name, Type: KeyType, Text: string(built(t, made)), Ok: true})
	}
	return append(list, objectVector{Name: "k changed after it was signed", Type: ChallengeType, Text: string(built(t, &challenge)), Ok: true})
}

// orderedBuilders goes through names and objects in their order.
func orderedBuilders(pairs ...any) func(func(string, builder) bool) {
	return func(yield func(string, builder) bool) {
		for i := 0; i < len(pairs); i += 2 {
			if !yield(pairs[i].(string), pairs[i+1].(builder)) {
				return
			}
		}
	}
}

// objectVectors keeps the file small: a malformed text is the good one of its type with Old,
// which occurs in it, replaced by New once.
type objectVectors struct {
	Good   []objectVector `json:"good"`
	Edited []editVector   `json:"edited"`
}

type editVector struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Old  string `json:"old"`
	New  string `json:"new"`
}

func deltas(list []objectVector) objectVectors {
	var v objectVectors
	good := ""
	for _, c := range list {
		if c.Ok {
			v.Good = append(v.Good, c)
			if c.Name == "good" {
				good = c.Text
			}
			continue
		}
		from, to := 0, 0
		for from < len(good) && from < len(c.Text) && good[from] == c.Text[from] {
			from++
		}
		for to < len(good)-from && to < len(c.Text)-from && good[len(good)-1-to] == c.Text[len(c.Text)-1-to] {
			to++
		}
		for from > 0 && strings.Count(good, good[from:len(good)-to]) != 1 {
			from--
		}
		v.Edited = append(v.Edited, editVector{c.Name, c.Type, good[from : len(good)-to], c.Text[from : len(c.Text)-to]})
	}
	return v
}

func checkObjectVectors(t *testing.T, v objectVectors) {
	good := map[string]string{}
	for _, c := range v.Good {
		well, holds := readObject(c.Type, c.Text)
		agree(t, c.Type+" "+c.Name, well, c.Ok)
		agree(t, c.Type+" holds: "+c.Name, holds, c.Holds)
		if digest := ts.DigestOf([]byte(c.Text)); !bytes.Equal(digest[:], c.Digest) {
			t.Errorf("%s %s: digest %s", c.Type, c.Name, digest)
		}
		if c.Name == "good" {
			good[c.Type] = c.Text
		}
	}
	for _, c := range v.Edited {
		well, _ := readObject(c.Type, strings.Replace(good[c.Type], c.Old, c.New, 1))
		agree(t, c.Type+" "+c.Name, well, false)
	}
}

// TestObjectsComeBack: what Build writes is read as what it was written from.
func TestObjectsComeBack(t *testing.T) {
	for _, e := range append(examples(t), splitExamples(t)...) {
		text := built(t, e.made)
		back, err := parsedBack(e.typ, text)
		if err != nil {
			t.Errorf("%s: %v", e.typ, err)
			continue
		}
		if !reflect.DeepEqual(reflect.ValueOf(back).Elem().Interface(), reflect.ValueOf(e.made).Elem().Interface()) {
			t.Errorf("%s comes back as %+v, was %+v", e.typ, back, e.made)
		}
	}
}

func parsedBack(typ string, text []byte) (b builder, err error) {
	switch typ {
	case RuleType:
		return pointer(ParseRule(text))
	case KeyType:
		return pointer(ParseKey(text))
	case StatementType:
		return pointer(ParseStatement(text))
	case ChallengeType:
		return pointer(ParseChallenge(text))
	case AuditType:
		return pointer(ParseAudit(text))
	case kindOffer:
		return pointer(ParseOffer(text))
	case kindPledge:
		return pointer(ParsePledge(text))
	case kindCommitment:
		return pointer(ParseCanaryCommitment(text))
	case kindReveal:
		return pointer(ParseCanary(text))
	}
	return pointer(ParseManifest(text))
}

func pointer[T any](v T, err error) (*T, error) { return &v, err }
