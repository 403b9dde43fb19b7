//go:build node || python

package js

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify/bundle"
)

const (
	day0   = ts.Day(19570)     // 2023-08-01
	beacon = int64(1692806364) // when round 1000 was known, the only round that is at hand
	drand  = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
	origin = "ledger.example/1"
)

// world is a random publisher, honest or not, and what he packs into a bundle.
type world struct {
	t      *testing.T
	rng    *rand.Rand
	key    string // of the ledger
	signer note.Signer
	policy string
	asking [2]note.Signer // challengers, the first of whom the rule may name
	askers [2]string      // their keys
	secret *proof.Secret
	rule   *proof.Rule

	entries [][]byte
	hashes  []tlog.Hash
	files   map[string][]byte
	edited  bool // an entry was changed: one is enough
	honest  bool // most of what can be wrong is not
	slips   int  // how often something could have been
	only    int  // the slip that is made even so, 0 for none

	rows     []ts.Row
	lines    []string
	leaves   []proof.Hash
	manifest []byte
	batch    uint64
	members  map[proof.Point][]byte
	row      map[proof.Point]int // that supports it
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// chance is true once in n times.
func (w *world) chance(n int) bool { return w.rng.IntN(n) == 0 }

// slip is chance for what spoils a bundle: in honest worlds it never is, but for the one that is asked for.
func (w *world) slip(n int) bool {
	w.slips++
	return w.chance(n) && !w.honest || w.slips == w.only
}

func pick[T any](w *world, list ...T) T { return list[w.rng.IntN(len(list))] }

func newWorld(t *testing.T, seed uint64) *world {
	w := &world{t: t, rng: rand.New(rand.NewPCG(seed, 1)), honest: seed%2 == 0, files: map[string][]byte{},
		members: map[proof.Point][]byte{}, row: map[proof.Point]int{}, secret: proof.NewSecret([32]byte{byte(seed), 7})}
	source := rand.NewChaCha8([32]byte{byte(seed)})
	skey, vkey, err := note.GenerateKey(source, origin)
	w.must(err)
	w.key = vkey
	w.signer, err = note.NewSigner(skey)
	w.must(err)
	for i := range w.asking {
		skey, w.askers[i], err = note.GenerateKey(source, "challenger.example")
		w.must(err)
		w.asking[i], err = note.NewSigner(skey)
		w.must(err)
	}
	w.policy = w.randomPolicy()
	return w
}

// ReadHashes implements tlog.HashReader.
func (w *world) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var list []tlog.Hash
	for _, i := range indexes {
		list = append(list, w.hashes[i])
	}
	return list, nil
}

func (w *world) root() tlog.Hash {
	root, err := tlog.TreeHash(int64(len(w.entries)), w)
	w.must(err)
	return root
}

// log appends an entry, which may be changed first, and returns its index.
func (w *world) log(entry []byte) uint64 {
	if !w.edited && w.slip(25) {
		entry, w.edited = w.scrambled(entry), true
	}
	hashes, err := tlog.StoredHashes(int64(len(w.entries)), entry, w)
	w.must(err)
	w.hashes, w.entries = append(w.hashes, hashes...), append(w.entries, entry)
	return uint64(len(w.entries) - 1)
}

type object interface{ Build() ([]byte, error) }

func (w *world) logObject(o object) uint64 {
	b, err := o.Build()
	w.must(err)
	return w.log(b)
}

// scrambled changes a text in one place: a digit, mostly, which leaves it well formed.
func (w *world) scrambled(b []byte) []byte {
	lines := bytes.SplitAfter(bytes.Clone(b), []byte("\n"))
	i := w.rng.IntN(len(lines))
	if len(lines) > 1 {
		i = w.rng.IntN(len(lines) - 1)
	}
	switch w.rng.IntN(12) {
	case 0:
		lines = slices.Delete(lines, i, i+1)
	case 1:
		lines = slices.Insert(lines, i, lines[i])
	case 2:
		lines[i], lines[0] = lines[0], lines[i]
	case 3:
		word, _, _ := bytes.Cut(lines[i], []byte(" "))
		lines[i] = append(bytes.Clone(word), " -\n"...)
	case 4:
		at := w.rng.IntN(len(lines[i]) + 1)
		lines[i] = slices.Insert(bytes.Clone(lines[i]), at, pick(w, byte(' '), '\r', 0, 0xe9, '%', '0', '-', '\n'))
	default:
		return w.digit(b)
	}
	return bytes.Join(lines, nil)
}

// digit replaces one digit or letter by another.
func (w *world) digit(b []byte) []byte {
	b = bytes.Clone(b)
	for range 1000 {
		at := w.rng.IntN(len(b) + 1)
		if at < len(b) && (b[at] >= '0' && b[at] <= '9' || w.chance(8) && b[at] > ' ') {
			b[at] = pick(w, byte('0'), '1', '2', '3', '5', '9', 'a', 'f')
			break
		}
	}
	return b
}

// commit signs what was logged, and has witnesses cosign it at a time.
func (w *world) commit(at int64) {
	root := w.root()
	text := fmt.Sprintf("%s\n%d\n%s\n", origin, len(w.entries), root)
	signed, err := note.Sign(&note.Note{Text: text}, w.signer)
	w.must(err)
	for i, name := range []string{"one", "two"} {
		if w.slip(30) {
			continue
		}
		line := cosignature(name, text, uint64(at)+pick(w, 0, 0, uint64(w.rng.IntN(60))))
		if w.slip(60) {
			line = string(w.digit([]byte(line)))
		}
		if signed = append(signed, line...); i == 0 && w.slip(20) {
			signed = append(signed, cosignature(name, text, pick(w, uint64(at)-5, uint64(at)+5, 1<<63))...)
		}
	}
	if w.slip(60) {
		signed = w.scrambled(signed)
	}
	if w.files["checkpoint"] = signed; !w.slip(8) {
		w.files[fmt.Sprintf("checkpoints/%d", len(w.entries))] = signed
	}
}

func witnessKey(name string) (ed25519.PrivateKey, string) {
	seed := sha256.Sum256([]byte(name))
	key := ed25519.NewKeyFromSeed(seed[:])
	public := append([]byte{4}, key.Public().(ed25519.PublicKey)...)
	return key, fmt.Sprintf("%s.example+%x+%s", name, keyID(name+".example", public), base64.StdEncoding.EncodeToString(public))
}

func keyID(name string, public []byte) []byte {
	sum := sha256.Sum256(append([]byte(name+"\n"), public...))
	return sum[:4]
}

// cosignature is a line of a note (C2SP tlog-cosignature, Ed25519).
func cosignature(name, text string, at uint64) string {
	key, _ := witnessKey(name)
	public := append([]byte{4}, key.Public().(ed25519.PublicKey)...)
	sig := binary.BigEndian.AppendUint64(keyID(name+".example", public), at)
	sig = append(sig, ed25519.Sign(key, fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", at, text))...)
	return fmt.Sprintf("\u2014 %s.example %s\n", name, base64.StdEncoding.EncodeToString(sig))
}

func (w *world) randomPolicy() string {
	var b strings.Builder
	b.WriteString("# whom a test believes\n")
	if w.chance(4) {
		fmt.Fprintf(&b, "log %s\n", w.key)
	}
	for _, name := range []string{"one", "two", "three"} {
		_, vkey := witnessKey(name)
		fmt.Fprintf(&b, "witness %s\t%s %s\n", name, vkey, pick(w, "", "https://witness.example/"))
	}
	b.WriteString(pick(w, "quorum one\n", "quorum one\n", "quorum two\n", "quorum two\n", "group g any one two\nquorum g\n", "group g all one two\nquorum g\n",
		"group g 2 one two three\nquorum g\n", "group g any two three\n\ngroup h all g one\nquorum h\n", "quorum none\n"))
	return b.String()
}

func (w *world) randomRule() *proof.Rule {
	seal, source := pick(w, uint64(86400), 200000, 200000, 700000, 60), pick(w, "", "mine")
	if w.honest {
		seal = 86400
	} else if w.chance(6) {
		source = "a \"b%\u017e" + strings.Repeat("c", 60)
	}
	r := &proof.Rule{ID: "rule-1", Measure: pick(w, "control.servers", "control.hosts", "backdoor.sites"), Seal: seal,
		Scope:  proof.Scope{Window: ts.Window{From: day0, To: day0 + 1 + ts.Day(w.rng.IntN(2))}, By: []ts.Country{"US"}, On: []ts.Country{"CN", "HK"}},
		Member: pick(w, ts.MemberPerp, ts.MemberPerp, ts.MemberVictim, ts.MemberName, ts.MemberSite, ts.MemberPage, ts.MemberContact, ts.MemberAttack),
		Net64:  w.chance(2), PlaceSource: source, Classes: []ts.Class{ts.Backdoor, ts.Control}, Grades: []ts.Grade{ts.Attempted, ts.Established},
		Without: pick(w, ts.FlagPerpInternal, ts.FlagVictimInternal|ts.FlagSinkhole, 0)}
	r.Unit = map[ts.MemberKind]string{ts.MemberPerp: "ip-address", ts.MemberVictim: "ip-address", ts.MemberName: "domain"}[r.Member]
	if r.Unit == "" {
		r.Unit = r.Member.String()
	}
	if r.Member.Slotted() {
		r.Bucket = ts.SlotSeconds
	}
	if w.chance(3) {
		r.By = nil
	}
	if w.chance(2) {
		r.Challengers = []string{w.askers[0]}
	}
	return r
}

// observe makes rows, seals them in a segment, and counts the members that they support;
// phantoms are added that no row supports.
func (w *world) observe() []proof.Point {
	for range 4 + w.rng.IntN(14) {
		r := w.randomRow()
		line := string(r.AppendLine(nil))
		w.leaves = append(w.leaves, proof.RowLeaf(w.salt(len(w.rows)), []byte(line)))
		w.rows, w.lines = append(w.rows, r), append(w.lines, line)
	}
	var tree proof.RowTree
	for _, leaf := range w.leaves {
		tree.Append(leaf)
	}
	m := proof.Manifest{Segment: [16]byte{9}, Schema: proof.SchemaDigest(), Rows: tree.Len(), First: day0, Last: day0 + 1, RowRoot: tree.Root(),
		Places: []proof.PlaceEdition{{Name: "mine", Day: day0, Digest: ts.Digest{11}}, {Name: "other", Day: day0, Digest: ts.Digest{12}}}}
	var err error
	w.manifest, err = m.Build()
	w.must(err)
	tags := []proof.Point{}
	for i := range w.rows {
		if member, err := w.rule.Supports(&w.rows[i]); err == nil {
			tags = w.count(tags, member, i)
		}
	}
	if w.slip(5) {
		tags = w.count(tags, []byte{4, 240, 9, 9, 9}, 0)
	}
	proof.SortTags(tags)
	return tags
}

func (w *world) count(tags []proof.Point, member []byte, row int) []proof.Point {
	tag := w.secret.Tag(member)
	if _, again := w.members[tag]; again {
		return tags
	}
	w.members[tag], w.row[tag] = member, row
	return append(tags, tag)
}

func (w *world) salt(row int) proof.Salt {
	return proof.RowSalt(proof.SegmentKey([32]byte{8}, [16]byte{9}), uint64(row))
}

// text logs a text object of lines.
func (w *world) text(lines ...string) uint64 { return w.log([]byte(strings.Join(lines, "\n") + "\n")) }

// live goes from the rule to the answered audit.
func (w *world) live() {
	w.rule = w.randomRule()
	rule := w.logObject(w.rule)
	of := origin
	if w.slip(8) {
		of = "other.example"
	}
	key, err := proof.NewKey(w.secret, of, "report-1")
	w.must(err)
	keyAt := w.logObject(key)
	if w.slip(15) {
		again, err := proof.NewKey(proof.NewSecret([32]byte{8}), origin, pick(w, "report-1", "report-2"))
		w.must(err)
		w.logObject(again)
	}
	w.sensor()
	if w.chance(3) {
		w.sensor()
	}
	other, otherAt := w.likeRule(), uint64(0)
	if w.chance(2) {
		otherAt = w.logObject(other)
	}
	w.exclude(4)
	w.text("tally-place/v1", "source mine", "day "+day0.String(), "sha256 "+ts.Digest{11}.String())
	w.commit(day0.Start() + int64(w.rng.IntN(7200)) - 5400)
	tags := w.observe()
	w.batch = w.text("tally-batch/v1", "kind sightings", "rules "+ts.Digest{1}.String(), "supersedes -", "segment "+ts.DigestOf(w.manifest).String())
	late := int64(w.rng.IntN(100000))
	if w.honest {
		late = 86000
	}
	w.commit((day0 + 1).Start() + late - pick(w, int64(0), 0, 0, 0, 40000))
	if w.slip(10) {
		w.text("tally-batch/v1", "kind sightings", fmt.Sprintf("supersedes %d", w.batch))
	}
	if w.chance(4) {
		w.sensor() // behind its rows
	}
	if otherAt > 0 && w.chance(2) {
		w.state(tags, other, otherAt, keyAt, "figure-0")
	}
	w.state(tags, w.rule, rule, keyAt, "figure-1")
	if w.chance(3) {
		w.state(tags, w.rule, rule, keyAt, "figure-2")
	}
	w.exclude(2)
	w.overlap()
	at := beacon - 4000 - int64(w.rng.IntN(2000))
	if !w.honest {
		at += int64(w.rng.IntN(20) * w.rng.IntN(30))
	}
	w.commit(at)
	w.challenge(w.rng.IntN(6))
	w.commit(beacon - 300 + pick(w, int64(0), 0, 1, -1, int64(w.rng.IntN(100)), -int64(w.rng.IntN(3600))))
	w.answer(tags)
}

// state logs a statement.
func (w *world) state(tags []proof.Point, rule *proof.Rule, at, key uint64, id string) {
	file := slices.Concat(nil, pointBytes(tags))
	if w.slip(12) && len(file) > 0 {
		file[w.rng.IntN(len(file))] ^= 1 << w.rng.IntN(8)
	}
	digest := ts.DigestOf(file)
	attempt, old := w.before(rule)
	s := proof.Statement{ID: id, Attempt: attempt, Supersedes: old, Report: "report-1", Mode: proof.ModeList, Rule: at, Key: key, Scope: rule.Scope,
		Measure: rule.Measure, Unit: rule.Unit, N: uint64(len(tags)), Root: proof.TrieRoot(tags), EvidenceSize: uint64(len(w.entries)),
		EvidenceRoot: proof.Hash(w.root()), Tags: &digest, AuditK: 1 + uint64(w.rng.IntN(6)), AuditRound: pick(w, uint64(1000), 1000, 1000, 990),
		AuditDeadline: pick(w, uint64(604800), 604800, 604800, 499), Budget: 6 + uint64(w.rng.IntN(9)), Tool: "test"}
	if w.slip(12) {
		s.Attempt++
	}
	if w.slip(12) {
		s.Supersedes = pick(w, &digest, &ts.Digest{3})
	}
	if w.chance(3) {
		s.Mode, s.Tags = proof.ModeRoot, nil
	} else if !w.chance(8) {
		w.files["figures/"+id+"/tags.bin"] = file
	}
	w.logObject(&s)
}

// before returns the number of the next attempt at the figure of a rule, and the last one's
// digest.
func (w *world) before(rule *proof.Rule) (attempt uint64, last *ts.Digest) {
	attempt = 1
	for _, e := range w.entries {
		if s, err := proof.ParseStatement(e); err == nil && s.Measure == rule.Measure && s.Scope.Equal(&rule.Scope) {
			d := ts.DigestOf(e)
			attempt, last = attempt+1, &d
		}
	}
	return attempt, last
}

func pointBytes(points []proof.Point) []byte {
	var b []byte
	for _, p := range points {
		b = append(b, p[:]...)
	}
	return b
}

// challenge logs n challenges of the first statement that can be read.
func (w *world) challenge(n int) {
	for range n {
		who := w.rng.IntN(2)
		c := proof.Challenge{Challenger: w.askers[who], Nonce: [32]byte{byte(w.rng.IntN(256))},
			Round: pick(w, uint64(1000), 1000, 1000, 1001, 1002, 1100, 980), K: uint64(w.rng.IntN(12))}
		for _, e := range w.entries {
			if _, err := proof.ParseStatement(e); err == nil && c.Figure == (ts.Digest{}) {
				c.Figure = ts.DigestOf(e)
			}
		}
		w.must(c.Sign(w.asking[who]))
		if w.slip(8) {
			c.K++
		}
		w.logObject(&c)
	}
}

// answer opens what the ledger asks for by round 1000, as well as it can be.
func (w *world) answer(tags []proof.Point) {
	w.files["drand/1000"] = []byte(drand + "\n")
	if w.slip(12) {
		w.files["places/"+ts.Digest{11}.String()] = []byte("240.0.0.0/4,US,1\n")
	}
	trust, err := bundle.ParseTrust(w.key, []byte(w.policy))
	w.must(err)
	b := w.pack()
	list, err := bundle.Demands(bytes.NewReader(b), int64(len(b)), trust)
	if err != nil || w.slip(8) {
		list = nil // a ledger that nobody can read, or a publisher who is silent
	}
	for _, d := range list {
		if d.Round == 1000 && d.Statement.N == uint64(len(tags)) {
			w.open(&d, tags)
		}
	}
	w.afterwards()
	w.commit(beacon + int64(w.rng.IntN(500)))
}

func (w *world) open(d *bundle.Demand, tags []proof.Point) {
	randomness, err := proof.BeaconRandomness(1000, drand)
	w.must(err)
	seed := proof.Seed(d.Digest, 1000, d.Challenges, randomness)
	var file []byte
	var list []proof.Opening
	for _, position := range proof.Draw(seed, d.Statement.N, d.K) {
		list = append(list, w.opening(tags, position))
	}
	if w.slip(8) {
		slices.Reverse(list)
	}
	for i := range list {
		file = list[i].AppendTo(file)
	}
	asked, answers := proof.Opened(list)
	dleq, err := w.secret.Prove(proof.PurposeAudit, proof.AuditContext(d.Digest, seed, origin), asked, answers)
	w.must(err)
	if w.slip(10) {
		file = w.scrambledOpenings(file)
	}
	if w.slip(12) && len(dleq) > 0 {
		dleq[w.rng.IntN(len(dleq))] ^= 1 << w.rng.IntN(8)
	}
	name := fmt.Sprintf("figures/%s/openings-1000", d.Statement.ID)
	w.files[name+".txt"], w.files[name+".dleq"] = file, dleq
	a := &proof.Audit{Figure: d.Digest, Round: 1000, Openings: proof.OpeningsDigest(file, dleq)}
	if w.chance(3) {
		a.Bad = 1
	}
	w.logObject(a)
}

// opening opens one position. Parts of it may be those of another.
func (w *world) opening(tags []proof.Point, position uint64) proof.Opening {
	if w.slip(20) {
		return proof.Opening{Position: position, Refused: pick(w, "a court forbids it", "%", "x ")}
	}
	tag := tags[position]
	row := w.row[tag]
	path, err := proof.RowPath(w.leaves, uint64(row))
	w.must(err)
	o := proof.Opening{Position: position, Member: w.members[tag], Tag: tag, Path: proof.TriePath(tags, int(position)), Entry: w.batch,
		Manifest: w.manifest, Row: uint64(row), Line: w.lines[row], Salt: w.salt(row), RowPath: path}
	if w.slip(12) {
		other := w.rng.IntN(len(w.rows))
		pick(w, func() { o.Row = uint64(other) }, func() { o.Line = w.lines[other] }, func() { o.Entry++ }, func() { o.Position++ },
			func() { o.Path = proof.TriePath(tags, w.rng.IntN(len(tags))) }, func() { o.Salt[3] ^= 1 },
			func() { o.Manifest = w.scrambled(o.Manifest) }, func() { o.Line = string(w.digit([]byte(o.Line))) })()
	}
	return o
}

// scrambledOpenings changes the text of an openings file behind the proof's back.
func (w *world) scrambledOpenings(file []byte) []byte {
	lines := bytes.SplitAfter(file, []byte("\n"))
	return pick(w, func() []byte { return w.digit(file) }, func() []byte { return w.scrambled(file) },
		func() []byte { return bytes.Join(lines[1:], nil) }, func() []byte { return append(file, lines[0]...) },
		func() []byte { return bytes.ReplaceAll(file, []byte(" "), []byte("  ")) }, func() []byte { return bytes.TrimSuffix(file, []byte("\n")) })()
}

// given is a bundle on disk, and whom its user trusts.
type given struct {
	File   string `json:"file"`
	Key    string `json:"key"`
	Policy string `json:"policy"`
}

func checked(t *testing.T, b []byte, key, policy string) *bundle.Result {
	t.Helper()
	var rules []byte
	if policy != "" {
		rules = []byte(policy)
	}
	trust, err := bundle.ParseTrust(key, rules)
	if err != nil {
		t.Fatal(err)
	}
	return bundle.Check(bytes.NewReader(b), int64(len(b)), trust)
}

// small is the bundle of verify/bundle in which all is true.
func small(t *testing.T) (path string, b []byte, key, policy string) {
	t.Helper()
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join("..", "bundle", "testdata", "small."+name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	return filepath.Join("..", "bundle", "testdata", "small.tar"), read("tar"), string(read("key")), string(read("policy"))
}
