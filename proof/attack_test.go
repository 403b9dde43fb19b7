package proof

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	ts "github.com/tallystick/tallystick"
)

// Each test here is a row of the tables of attacks of doc/proof/what-it-proves.md that package
// proof answers; its comment quotes the row. Rows that need a ledger, witnesses or a bundle
// are tests of verify/bundle, internal/witness and internal/publish; k-sum is TestKSum, the
// echo TestEcho, the oracle TestStaticDHOracle.

// "random tags as padding: un-openable; hit with prob = share": a tag of no member has no
// row that supports it, and a row of a member cannot stand for it.
func TestAttackRandomTagsAsPadding(t *testing.T) {
	w := newWorld(t, 9)
	padding := NewSecret([32]byte{66}).Tag([]byte("nobody"))
	w.tags = append(w.tags, padding)
	SortTags(w.tags)
	w.state(t)
	if err := w.figure.checkTags(w.tagsFile()); err != nil {
		t.Fatalf("padding is a point like others, and only an audit finds it: %v", err)
	}
	at := uint64(0)
	for w.tags[at] != padding {
		at++
	}
	w.members[padding], w.row[padding] = w.members[w.tags[(at+1)%10]], w.row[w.tags[(at+1)%10]]
	o := w.open(t, at)
	if _, err := o.Check(w.figure, w.rule); err != nil {
		t.Fatalf("row and place are true, only the tag is not: %v", err)
	}
	seed := [32]byte{1}
	c, d := Opened([]Opening{o})
	file, err := w.secret.Prove(PurposeAudit, AuditContext(w.digest, seed, exampleOrigin), c, d)
	if err != nil {
		t.Fatal(err)
	}
	if err := CheckProof(PurposeAudit, AuditContext(w.digest, seed, exampleOrigin), w.secret.Public(), c, d, file); !errors.Is(err, ErrDLEQ) {
		t.Errorf("a random tag is opened: %v", err)
	}
}

// "same host twice: same tag; trie has one place; IPv4-mapped form canonicalised", and "NAT64
// doubles IPv4: 64:ff9b::/96 is 04".
func TestAttackSameHostTwice(t *testing.T) {
	rule, secret := exampleRule(t), NewSecret([32]byte{1})
	tags := map[Point]bool{}
	for _, form := range []string{"240.0.0.1", "::ffff:240.0.0.1", "64:ff9b::f000:1"} {
		row := exampleRow(1)
		row.Perp = ts.Canonical(netip.MustParseAddr(form))
		member, err := rule.Supports(&row)
		if err != nil {
			t.Fatal(err)
		}
		tags[secret.Tag(member)] = true
		line := strings.Replace(string(row.AppendLine(nil)), `"perp":"240.0.0.1"`, `"perp":"`+form+`"`, 1)
		if _, err := ts.ParseLine(line); (err == nil) != (form == "240.0.0.1") {
			t.Errorf("a row that writes %s: %v", form, err)
		}
	}
	if len(tags) != 1 {
		t.Errorf("one host has %d tags", len(tags))
	}
	w := newWorld(t, 3)
	w.tags = append(w.tags, w.tags[0])
	SortTags(w.tags)
	digest := TagsDigest(w.tags)
	w.figure.N, w.figure.Tags = 4, &digest
	if err := w.figure.checkTags(w.tagsFile()); !errors.Is(err, ErrTags) {
		t.Errorf("a tag twice: %v", err)
	}
}

// "one IPv6 host yields 2^64 members: kind 07 = /64 by rule".
func TestAttackOneHostManyIPv6Addresses(t *testing.T) {
	rule := exampleRule(t)
	rule.Net64 = true
	members := map[string]bool{}
	for i := range 100 {
		row := exampleRow(1)
		a := netip.MustParseAddr("2001:db8:1:2::").As16()
		binary.BigEndian.PutUint64(a[8:], uint64(i)<<40+1)
		row.Perp = netip.AddrFrom16(a)
		member, err := rule.Supports(&row)
		if err != nil {
			t.Fatal(err)
		}
		members[string(member)] = true
	}
	if len(members) != 1 {
		t.Errorf("%d members of one /64", len(members))
	}
}

// "phantom counts in the trie: sampled index cannot be opened": a root of a million that
// holds a few tags has paths for as many positions only.
func TestAttackPhantomCounts(t *testing.T) {
	tags := counted(7)
	cut := ones(tags, 0)
	phantoms := Sibling{1_000_000, Hash{0xba}}
	left, right := trieNode(tags[:cut], 1), trieNode(tags[cut:], 1)
	if cut == 0 || cut == len(tags) {
		t.Fatal("the tags lie on one side: choose others")
	}
	// The right side is replaced by one that claims a million.
	top := innerNode(0, left, phantoms)
	root := rootHash(top.Count, top.Hash)
	opened := map[uint64]bool{}
	for i, tag := range tags {
		path := TriePath(tags, i)
		path[len(path)-1] = phantoms
		if i >= cut {
			path[len(path)-1] = left
		}
		if position, err := CheckTriePath(root, top.Count, tag, path); err == nil {
			opened[position] = true
		}
	}
	if len(opened) != cut {
		t.Errorf("%d positions of %d can be opened, the trie holds %d tags", len(opened), top.Count, cut)
	}
	if top.Count <= left.Count+right.Count {
		t.Error("the root claims no phantoms: the test shows nothing")
	}
}

// "identity / non-canonical point, K = identity: reject", and "identity points accepted by
// the library: check K, Z, T, V and answers oneself". The vectors of points.json and dleq.json
// have the proof that the library accepts.
func TestAttackIdentityPoints(t *testing.T) {
	w := newWorld(t, 3)
	zeros := strings.Repeat("0", 64)
	key, err := NewKey(w.secret, exampleOrigin, "report-1")
	if err != nil {
		t.Fatal(err)
	}
	text := built(t, key)
	for _, p := range []string{key.K.String(), key.Z.String()} {
		if _, err := ParseKey(replaced(t, text, p, zeros)); !errors.Is(err, ErrPoint) {
			t.Errorf("identity in a key: %v", err)
		}
	}
	w.tags[0] = Point{}
	digest := TagsDigest(w.tags)
	w.figure.Tags, w.figure.Root = &digest, TrieRoot(w.tags)
	if err := w.figure.checkTags(w.tagsFile()); !errors.Is(err, ErrPoint) {
		t.Errorf("identity as a tag: %v", err)
	}
	c, d := answers(w.secret, 2)
	d[1] = Point{}
	if err := CheckProof(PurposeMember, nil, w.secret.Public(), c, d, make([]byte, 64)); !errors.Is(err, ErrPoint) {
		t.Errorf("identity as an answer: %v", err)
	}
}

// "k > N loops for ever; N = 0 divides by zero: k' = min(k, N)".
func TestAttackEdgesOfN(t *testing.T) {
	for _, c := range [][3]uint64{{0, 0, 0}, {0, 5, 0}, {1, 5, 1}, {5, 5, 5}, {5, 1 << 40, 5}, {5, 2, 2}} {
		if got := Draw([32]byte{1}, c[0], c[1]); uint64(len(got)) != c[2] {
			t.Errorf("%d of %d: %d positions", c[1], c[0], len(got))
		}
	}
	w := newWorld(t, 1)
	w.tags = nil
	w.state(t)
	if err := w.figure.checkTags(nil); err != nil {
		t.Errorf("a figure of nobody: %v", err)
	}
	if _, err := ParseStatement(built(t, w.figure)); err != nil {
		t.Errorf("a figure of nobody: %v", err)
	}
	if _, err := CheckTriePath(w.figure.Root, 0, Point{1}, nil); !errors.Is(err, ErrTriePath) {
		t.Errorf("a member of nobody: %v", err)
	}
}

// "one merged row supports 1,440 attacks, or a server and a host: member is a function of
// (rule, row); first and last in one bucket".
func TestAttackOneRowManyMembers(t *testing.T) {
	rule := exampleRule(t)
	kind(ts.MemberAttack, ts.Backdoor)(rule)
	row := exampleRow(1)
	web(ts.Backdoor)(&row)
	row.First, row.Last, row.Records = day0.Start(), day0.Start()+ts.SecondsPerDay-1, 1440
	if member, err := rule.Supports(&row); err == nil {
		t.Errorf("a row of a whole day supports %x", member)
	}
	row.Last = row.First + ts.SlotSeconds - 1
	if _, err := rule.Supports(&row); err != nil {
		t.Errorf("a row of one half-hour: %v", err)
	}
	w := newWorld(t, 3)
	o := w.open(t, 0)
	row, err := ts.ParseLine(o.Line)
	if err != nil {
		t.Fatal(err)
	}
	o.Member, _ = row.AppendMember(nil, ts.MemberVictim)
	if _, err := o.Check(w.figure, w.rule); err == nil {
		t.Error("the host of a row is opened as its server")
	}
}

// "row never checked against the statement; free predicate; free sentence: fixed fields,
// verifier composes the sentence": what a statement says is its rule's, and a rule's words
// are no sentences.
func TestAttackFreeWords(t *testing.T) {
	w := newWorld(t, 3)
	for what, change := range map[string]func(*Statement){
		"window":  func(s *Statement) { s.Window.To++ },
		"by":      func(s *Statement) { s.By = []ts.Country{"CZ"} },
		"by any":  func(s *Statement) { s.By = nil },
		"on":      func(s *Statement) { s.On = s.On[:1] },
		"measure": func(s *Statement) { s.Measure = "control.hosts" },
		"unit":    func(s *Statement) { s.Unit = "site" },
	} {
		s := *w.figure
		change(&s)
		if err := s.Follows(w.rule); err == nil {
			t.Errorf("%s is not that of the rule, and the statement follows it", what)
		}
	}
	if err := w.figure.Follows(w.rule); err != nil {
		t.Error(err)
	}
	rule := exampleRule(t)
	rule.Measure = "officers_of_the_GRU: 12"
	if _, err := rule.Build(); err == nil {
		t.Error("a measure says what was not counted")
	}
	rule = exampleRule(t)
	rule.Unit = "officer"
	if _, err := rule.Build(); err == nil {
		t.Error("addresses are called otherwise")
	}
}

// "many figures tried, best shown", and "a late rule": CN+CN is CN. Were it not, each
// spelling of a group would have its own first attempt.
func TestAttackSpellingsOfAScope(t *testing.T) {
	for _, group := range [][]ts.Country{{"CN", "CN"}, {"HK", "CN"}, {"CN", "HK", "HK"}} {
		rule, s := exampleRule(t), *newWorld(t, 1).figure
		rule.On, s.On = group, group
		if _, err := rule.Build(); err == nil {
			t.Errorf("rule on %s", groupText(group))
		}
		if _, err := s.Build(); err == nil {
			t.Errorf("statement on %s", groupText(group))
		}
	}
}

// "neighbour leaf brute force: row salts": with the leaf, all of the row but one byte and a
// neighbour's salt known, the row is not found.
func TestAttackNeighbourLeaf(t *testing.T) {
	w := newWorld(t, 4)
	for guess := range 256 {
		row := exampleRow(1)
		row.Perp = netip.AddrFrom4([4]byte{240, 0, 0, byte(guess)})
		line := row.AppendLine(nil)
		for _, salt := range []Salt{{}, w.salts[0], w.salts[2]} {
			if RowLeaf(salt, line) == w.leaves[1] {
				t.Errorf("the row behind a neighbour's leaf is %s", row.Perp)
			}
		}
	}
	if row := exampleRow(1); RowLeaf(w.salts[1], row.AppendLine(nil)) != w.leaves[1] {
		t.Error("its own salt does not open it: the test shows nothing")
	}
}

// "repeated challenges to harvest victims: budget, same openings": who challenges an hour
// before the round gets the openings that everybody gets, since there is one seed a round.
func TestAttackRepeatedChallenges(t *testing.T) {
	w := newWorld(t, 12)
	c := exampleChallenge(t, w)
	digest := ts.DigestOf(built(t, c))
	alone := Draw(Seed(w.digest, 1000, nil, [32]byte{1}), 12, 3)
	with := Draw(Seed(w.digest, 1000, []ts.Digest{digest}, [32]byte{1}), 12, 3)
	if fmt.Sprint(alone) == fmt.Sprint(with) {
		t.Error("a challenge does not move what is drawn: choose another seed")
	}
	again := Draw(Seed(w.digest, 1000, []ts.Digest{digest}, [32]byte{1}), 12, 3)
	if fmt.Sprint(with) != fmt.Sprint(again) {
		t.Error("the same challenges draw others")
	}
}

// "evidence collected first" and "the publisher delays logging a challenge": a challenge says
// who demands what, and nobody can change it or put it under another's name.
func TestAttackForgedChallenge(t *testing.T) {
	w := newWorld(t, 3)
	for what, change := range map[string]func(*Challenge){
		"figure":     func(c *Challenge) { c.Figure[0] ^= 1 },
		"nonce":      func(c *Challenge) { c.Nonce[0] ^= 1 },
		"round":      func(c *Challenge) { c.Round++ },
		"k":          func(c *Challenge) { c.K++ },
		"k 0":        func(c *Challenge) { c.K = 0 },
		"round 0":    func(c *Challenge) { c.Round = 0 },
		"signature":  func(c *Challenge) { c.Sig = bytes.Clone(c.Sig); c.Sig[9] ^= 1 },
		"short":      func(c *Challenge) { c.Sig = c.Sig[:63] },
		"none":       func(c *Challenge) { c.Sig = nil },
		"challenger": func(c *Challenge) { _, c.Challenger = exampleKeys(t, "other.example") },
		"not a key":  func(c *Challenge) { c.Challenger = "somebody" },
		"capitals": func(c *Challenge) { // one key is one challenger
			c.Challenger = strings.Replace(c.Challenger, "+1699c48b+", "+1699C48B+", 1)
			skey, _ := exampleKeys(t, "challenger.example")
			signer, err := note.NewSigner(skey)
			if err != nil || c.Sign(signer) != nil {
				t.Fatal(err)
			}
		},
		"a line end": func(c *Challenge) { c.Challenger += "\n" },
	} {
		c := *exampleChallenge(t, w)
		change(&c)
		if err := c.Check(); err == nil {
			t.Errorf("%s changed, and the challenge is still signed", what)
		}
	}
	_, vkey := exampleKeys(t, "challenger.example")
	skey, _ := exampleKeys(t, "other.example")
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	c := &Challenge{Figure: w.digest, Challenger: vkey, Round: 1000, K: 3}
	if err := c.Sign(signer); err != nil || c.Check() == nil {
		t.Errorf("signed by another, %v", err)
	}
}

// "invented rows written in real time: NOT detectable by commitments": the test says what the
// protocol does not do. A row that never happened, sealed in time, opens like any other.
func TestInventedRowsAreNotDetected(t *testing.T) {
	w := newWorld(t, 5) // no flow of it ever was
	for i := range w.tags {
		o := w.open(t, uint64(i))
		if _, err := o.Check(w.figure, w.rule); err != nil {
			t.Errorf("position %d: %v", i, err)
		}
	}
}

// Attacks on the statement's file of tags: every failure of CheckTags.
func TestCheckTagsOfStatement(t *testing.T) {
	w := newWorld(t, 9)
	good := w.tagsFile()
	if err := w.figure.checkTags(good); err != nil {
		t.Fatalf("%v", err)
	}
	for what, change := range map[string]func(*Statement, []byte) []byte{
		"root mode":     func(s *Statement, b []byte) []byte { s.Tags = nil; return b },
		"a tag fewer":   func(s *Statement, b []byte) []byte { return b[32:] },
		"N larger":      func(s *Statement, b []byte) []byte { s.N++; return b },
		"half a tag":    func(s *Statement, b []byte) []byte { return b[:len(b)-16] },
		"another file":  func(s *Statement, b []byte) []byte { b[0] ^= 1; return b },
		"another root":  func(s *Statement, b []byte) []byte { s.Root[0] ^= 1; return b },
		"nothing":       func(s *Statement, b []byte) []byte { return nil },
		"not ascending": func(s *Statement, b []byte) []byte { return restate(s, append(bytes.Clone(b[32:]), b[:32]...)) },
		"a tag twice":   func(s *Statement, b []byte) []byte { copy(b[32:64], b[:32]); return restate(s, b) },
		"not a point":   func(s *Statement, b []byte) []byte { b[31] |= 0x80; return restate(s, b) },
		"the last is not": func(s *Statement, b []byte) []byte {
			copy(b[len(b)-32:], bytes.Repeat([]byte{0xff}, 32))
			return restate(s, b)
		},
	} {
		s := *w.figure
		if err := s.checkTags(change(&s, bytes.Clone(good))); err == nil {
			t.Errorf("%s: accepted", what)
		}
	}
}

// restate makes the statement name the file.
func restate(s *Statement, file []byte) []byte {
	digest := ts.DigestOf(file)
	s.Tags = &digest
	return file
}
