package proof

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	fnote "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/estimate"
)

type drawVectors struct {
	Seeds []seedVector `json:"seeds"`
	Draws []drawVector `json:"draws"`
}

type seedVector struct {
	Figure     hexBytes   `json:"figure"`
	Round      uint64     `json:"round"`
	Challenges []hexBytes `json:"challenges"`
	Randomness hexBytes   `json:"randomness"`
	Seed       hexBytes   `json:"seed"`
}

// drawVector has numbers beyond 2^53: N and Positions are decimal texts.
type drawVector struct {
	Name      string   `json:"name"`
	Seed      hexBytes `json:"seed"`
	N         string   `json:"n"`
	K         uint64   `json:"k"`
	Positions []string `json:"positions"`
}

// beaconRandom is the randomness of round 1000 (protocol 6).
const beaconRandom = "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd"

func TestVectorsDraw(t *testing.T) {
	v := drawVectors{}
	for n := range 3 {
		s := seedVector{Figure: bytes.Repeat([]byte{1}, 32), Round: 1000, Challenges: []hexBytes{}, Randomness: unhex(t, beaconRandom)}
		for i := range n {
			s.Challenges = append(s.Challenges, bytes.Repeat([]byte{byte(2 + i)}, 32))
		}
		seed := s.seed()
		s.Seed = seed[:]
		v.Seeds = append(v.Seeds, s)
	}
	for _, c := range []struct {
		name string
		n, k uint64
	}{{"no members", 0, 3}, {"one member", 1, 1}, {"k is N", 5, 5}, {"k is more than N", 5, 10_000}, {"none", 5, 0}, {"repeats are dropped", 6, 5},
		{"many", 1_180_000, 20}, {"the most members", MaxMembers, 5}, {"half of all values are dropped", 1<<63 + 1, 5}} {
		d := drawVector{Name: c.name, Seed: v.Seeds[1].Seed, N: fmt.Sprint(c.n), K: c.k, Positions: []string{}}
		for _, p := range Draw([32]byte(d.Seed), c.n, c.k) {
			d.Positions = append(d.Positions, fmt.Sprint(p))
		}
		v.Draws = append(v.Draws, d)
	}
	vectors(t, "draw", v, func(t *testing.T, v drawVectors) {
		for _, s := range v.Seeds {
			if seed := s.seed(); !bytes.Equal(seed[:], s.Seed) {
				t.Errorf("%d challenges: seed %x", len(s.Challenges), seed)
			}
		}
		for _, d := range v.Draws {
			if got := plainDraw([32]byte(d.Seed), count(t, json.Number(d.N)), d.K); fmt.Sprint(got) != fmt.Sprint(d.Positions) {
				t.Errorf("%s: %v", d.Name, got)
			}
		}
	})
}

func (s *seedVector) seed() [32]byte {
	var challenges []ts.Digest
	for _, c := range s.Challenges {
		challenges = append(challenges, ts.Digest(c))
	}
	return Seed(ts.Digest(s.Figure), s.Round, challenges, [32]byte(s.Randomness))
}

// openingVectors are the answer to an audit: File and Proof are true under Rule, Statement,
// Key (the point K), Seed and Origin. Each of Edited is the file with its first line changed,
// and says where that fails.
type openingVectors struct {
	Rule      string          `json:"rule"`
	Statement string          `json:"statement"`
	Key       hexBytes        `json:"key"`
	Origin    string          `json:"origin"`
	Seed      hexBytes        `json:"seed"`
	File      string          `json:"file"`
	Proof     hexBytes        `json:"proof"`
	Digest    hexBytes        `json:"digest"` // of the audit's entry
	Edited    []openingVector `json:"edited"`
}

// openingVector changes words of the first line, counted from 0, or all of it.
type openingVector struct {
	Name  string     `json:"name"`
	Fails failure    `json:"fails"`
	Line  string     `json:"line,omitempty"`
	Words []wordEdit `json:"words,omitempty"`
}

type wordEdit struct {
	Index int    `json:"index"`
	Text  string `json:"text"`
}

// failure is where a false opening is found out.
type failure string

const (
	inForm   failure = "form"   // the line is malformed
	inItself failure = "itself" // position, row or rule say otherwise
	inProof  failure = "proof"  // only the proof of all tags does not hold
	inLedger failure = "ledger" // only the ledger says otherwise: not checked here
)

// edit returns the vector that makes line of good.
func edit(name string, fails failure, good, line string) openingVector {
	v := openingVector{Name: name, Fails: fails}
	was, is := strings.Split(good, " "), strings.Split(line, " ")
	if len(was) != len(is) {
		v.Line = line
		return v
	}
	for i := range was {
		if was[i] != is[i] {
			v.Words = append(v.Words, wordEdit{i, is[i]})
		}
	}
	return v
}

func (c *openingVector) apply(good string) string {
	if c.Line != "" {
		return c.Line
	}
	words := strings.Split(good, " ")
	for _, w := range c.Words {
		words[w.Index] = w.Text
	}
	return strings.Join(words, " ")
}

func TestVectorsOpenings(t *testing.T) {
	w := newWorld(t, 12)
	seed := Seed(w.digest, 1000, nil, [32]byte(unhex(t, beaconRandom)))
	file, dleq := w.answer(t, seed)
	key, digest := w.secret.Public(), OpeningsDigest(file, dleq)
	v := openingVectors{Rule: string(built(t, w.rule)), Statement: string(built(t, w.figure)), Key: key[:], Origin: exampleOrigin,
		Seed: seed[:], File: string(file), Proof: dleq, Digest: digest[:]}
	line, _, _ := strings.Cut(v.File, "\n")
	o, err := ParseOpening([]byte(line))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range falseOpenings(t, w) {
		changed := o
		changed.Member, changed.Manifest = bytes.Clone(o.Member), bytes.Clone(o.Manifest)
		c.change(&changed)
		v.Edited = append(v.Edited, edit(c.name, c.fails, line, strings.TrimSuffix(string(changed.AppendTo(nil)), "\n")))
	}
	words := strings.Split(line, " ")
	for _, c := range malformedOpenings {
		bad := append([]string(nil), words...)
		if c.word == len(bad) {
			bad = append(bad, "")
		}
		bad[c.word] = c.text(bad[c.word])
		v.Edited = append(v.Edited, edit(c.name, inForm, line, strings.Join(bad, " ")))
	}
	vectors(t, "openings", v, checkOpeningVectors)
}

func checkOpeningVectors(t *testing.T, v openingVectors) {
	agree(t, "good openings", v.check(), true)
	good, rest, _ := strings.Cut(v.File, "\n")
	for _, c := range v.Edited {
		line := c.apply(good)
		_, err := ParseOpening([]byte(line))
		agree(t, c.Name+": well formed", err, c.Fails != inForm)
		edited := v
		edited.File = line + "\n" + rest
		agree(t, c.Name, edited.check(), c.Fails == inLedger)
		if c.Fails != inForm {
			agree(t, c.Name+": by itself", v.itself(t, line), c.Fails != inItself)
		}
	}
}

// itself checks what follows from one opening, without the proof.
func (v *openingVectors) itself(t *testing.T, line string) error {
	t.Helper()
	o, err := ParseOpening([]byte(line))
	if err != nil {
		t.Fatal(err)
	}
	rule, err := ParseRule([]byte(v.Rule))
	if err != nil {
		t.Fatal(err)
	}
	figure, err := ParseStatement([]byte(v.Statement))
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.Check(&figure, &rule)
	return err
}

// check checks all openings and their proof, as a bundle's verifier does.
func (v *openingVectors) check() error {
	rule, err := ParseRule([]byte(v.Rule))
	if err != nil {
		return err
	}
	figure, err := ParseStatement([]byte(v.Statement))
	if err != nil {
		return err
	}
	list, err := ParseOpenings([]byte(v.File))
	if err != nil {
		return err
	}
	positions := Draw([32]byte(v.Seed), figure.N, figure.AuditK)
	for i := range list {
		if list[i].Position != positions[i] {
			return fmt.Errorf("opening %d is of position %d", i, list[i].Position)
		}
		if _, err := list[i].Check(&figure, &rule); err != nil {
			return err
		}
	}
	c, d := Opened(list)
	return CheckProof(PurposeAudit, AuditContext(ts.DigestOf([]byte(v.Statement)), [32]byte(v.Seed), v.Origin), Point(v.Key), c, d, v.Proof)
}

// falseOpening makes of the opening of the first drawn position one that shows nothing.
type falseOpening struct {
	name   string
	change func(*Opening)
	fails  failure
}

func falseOpenings(t *testing.T, w *world) []falseOpening {
	t.Helper()
	other := w.open(t, 0)
	stranger := NewSecret([32]byte{50})
	return []falseOpening{
		{"refused", func(o *Opening) { *o = Opening{Position: o.Position, Refused: "a court forbids it"} }, inItself},
		{"another position", func(o *Opening) { o.Position++ }, inItself},
		{"a true row of another member for this tag", func(o *Opening) {
			o.Member, o.Row, o.Line, o.Salt, o.RowPath = other.Member, other.Row, other.Line, other.Salt, other.RowPath
		}, inProof},
		{"another member", func(o *Opening) { o.Member = append(bytes.Clone(o.Member[:4]), o.Member[4]^1) }, inItself},
		{"another tag", func(o *Opening) { o.Tag = stranger.Tag(o.Member) }, inItself},
		{"path of another tag", func(o *Opening) { o.Path = other.Path }, inItself},
		{"another position opened in its stead", func(o *Opening) { p := o.Position; *o = other; o.Position = p }, inItself},
		{"another batch", func(o *Opening) { o.Entry = 3 }, inLedger},
		{"row number", func(o *Opening) { o.Row++ }, inItself},
		{"row of another member", func(o *Opening) { o.Row, o.Line, o.Salt, o.RowPath = other.Row, other.Line, other.Salt, other.RowPath }, inItself},
		{"line with another count", func(o *Opening) { o.Line = string(replaced(t, []byte(o.Line), `"records":3`, `"records":4`)) }, inItself},
		{"another salt", func(o *Opening) { o.Salt[0] ^= 1 }, inItself},
		{"row path a hash shorter", func(o *Opening) { o.RowPath = o.RowPath[1:] }, inItself},
		{"another manifest", func(o *Opening) { o.Manifest = replaced(t, o.Manifest, "place mine", "place theirs") }, inItself},
		{"manifest without places", func(o *Opening) {
			o.Manifest = append(o.Manifest[:bytes.Index(o.Manifest, []byte("place "))], o.Manifest[bytes.Index(o.Manifest, []byte("salt ")):]...)
		}, inItself},
		{"rows of another schema", func(o *Opening) { o.Manifest = replaced(t, o.Manifest, "schema 4de3", "schema 5de3") }, inItself},
		{"no manifest", func(o *Opening) { o.Manifest = nil }, inItself},
	}
}

// malformedOpenings change one word of a line.
var malformedOpenings = []struct {
	name string
	word int
	text func(string) string
}{
	{"another verb", 0, func(string) string { return "shown" }},
	{"position with a zero in front", 1, func(s string) string { return "0" + s }},
	{"member in upper case", 2, func(s string) string { return strings.ToUpper(s) + "AB" }},
	{"member of half a byte", 2, func(s string) string { return s + "0" }},
	{"empty member", 2, func(string) string { return "" }},
	{"tag a byte short", 3, func(s string) string { return s[2:] }},
	{"path a byte short", 4, func(s string) string { return s[2:] }},
	{"path of 257", 4, func(string) string { return strings.Repeat("00", 40*257) }},
	{"entry without number", 5, func(string) string { return "-" }},
	{"row beyond 2^53", 7, func(string) string { return "9007199254740992" }},
	{"salt of 17 bytes", 9, func(s string) string { return s + "00" }},
	{"row path a byte short", 10, func(s string) string { return s[2:] }},
	{"a word more", 11, func(string) string { return "x" }},
	{"two spaces", 1, func(s string) string { return " " + s }},
	{"trailing space", 11, func(string) string { return "" }},
}

type boundVector struct {
	N       uint64 `json:"n"`
	K       uint64 `json:"k"`
	X       uint64 `json:"x"`
	Attempt uint64 `json:"attempt"`
	Bad     uint64 `json:"bad"`
}

func TestVectorsBounds(t *testing.T) {
	var list []boundVector
	for _, c := range [][4]uint64{{0, 0, 0, 1}, {1, 1, 0, 1}, {1, 1, 1, 1}, {7, 0, 0, 1}, {10, 10, 3, 1}, {20, 5, 0, 1}, {20, 5, 5, 1}, {100, 30, 0, 1}, {1000, 59, 0, 1},
		{1000, 100, 1, 1}, {2077, 299, 0, 1}, {2077, 100, 2, 1}, {2077, 299, 0, 2}, {2077, 299, 0, 10}, {2077, 299, 3, 4}, {1_180_000, 59, 0, 1}, {1_180_000, 299, 0, 1},
		{1_180_000, 299, 0, 3}, {1_180_000, 2995, 2, 1}, {1_180_000, 299, 299, 1}, {MaxMembers, 299, 0, 1}, {MaxMembers, 10_000, 7, 5}} {
		list = append(list, boundVector{c[0], c[1], c[2], c[3], estimate.MostBad(c[0], c[1], c[2], c[3])})
	}
	vectors(t, "bounds", list, func(t *testing.T, list []boundVector) {
		for _, c := range list {
			if got := estimate.MostBad(c.N, c.K, c.X, c.Attempt); got != c.Bad {
				t.Errorf("%d of %d bad, N %d, attempt %d: %d", c.X, c.K, c.N, c.Attempt, got)
			}
		}
	})
}

type beaconVector struct {
	Name       string   `json:"name"`
	Round      uint64   `json:"round"`
	Time       int64    `json:"time"`
	Signature  string   `json:"signature"`
	Randomness hexBytes `json:"randomness"` // where Ok
	Ok         bool     `json:"ok"`
}

// beaconSig is the signature of round 1000 (protocol 6).
const beaconSig = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"

func TestVectorsBeacon(t *testing.T) {
	list := []beaconVector{{"good", 1000, 1692806364, beaconSig, unhex(t, beaconRandom), true},
		{"another round", 1001, 1692806367, beaconSig, nil, false},
		{"round 0", 0, 0, beaconSig, nil, false},
		{"upper case", 1000, 1692806364, strings.ToUpper(beaconSig), nil, false},
		{"a bit", 1000, 1692806364, beaconSig[:95] + "8", nil, false},
		{"the other root", 1000, 1692806364, "9" + beaconSig[1:], nil, false},
		{"a byte more", 1000, 1692806364, beaconSig + "00", nil, false},
		{"a byte less", 1000, 1692806364, beaconSig[2:], nil, false},
		{"the identity", 1000, 1692806364, "c0" + strings.Repeat("00", 47), nil, false},
		{"nothing", 1000, 1692806364, "", nil, false}}
	vectors(t, "beacon", list, func(t *testing.T, list []beaconVector) {
		for _, c := range list {
			got, err := BeaconRandomness(c.Round, c.Signature)
			if agree(t, c.Name, err, c.Ok); c.Ok && !bytes.Equal(got[:], c.Randomness) {
				t.Errorf("%s: %x", c.Name, got)
			}
			if at, err := BeaconTime(c.Round); err == nil && (at != c.Time || BeaconRound(at) != c.Round || BeaconRound(at-1) != c.Round) {
				t.Errorf("round %d is at %d, which is round %d", c.Round, at, BeaconRound(at))
			}
		}
	})
}

// noteVectors are checkpoints and cosignatures (C2SP signed-note, tlog-checkpoint,
// tlog-cosignature): Key of type 1 signs the text, of type 4 the text with a time.
type noteVectors struct {
	Notes []noteVector `json:"notes"`
}

type noteVector struct {
	Name string `json:"name"`
	Key  string `json:"key"`
	Note string `json:"note"`
	Time int64  `json:"time"` // of the cosignature, 0: the log's own
	Ok   bool   `json:"ok"`
}

func TestVectorsNotes(t *testing.T) {
	skey, vkey := exampleKeys(t, "ledger.example/1")
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	root := sha256.Sum256(nil)
	signed, err := note.Sign(&note.Note{Text: exampleOrigin + "\n0\n" + base64.StdEncoding.EncodeToString(root[:]) + "\n"}, signer)
	if err != nil {
		t.Fatal(err)
	}
	text := string(signed)
	wkey, line := cosigned(t, "witness.example/w", text, 1692806364)
	_, stranger := exampleKeys(t, "ledger.example/2")
	_, impostor, err := note.GenerateKey(seeded("impostor"), "ledger.example/1")
	if err != nil {
		t.Fatal(err)
	}
	both := text + line
	v := noteVectors{Notes: []noteVector{
		{"signed by the ledger", vkey, text, 0, true},
		{"cosigned by a witness", wkey, both, 1692806364, true},
		{"signed by the ledger, cosigned too", vkey, both, 0, true},
		{"no signature of the witness", wkey, text, 1692806364, false},
		{"no signature of another ledger", stranger, text, 0, false},
		{"another key of that name", impostor, text, 0, false},
		{"another size", vkey, strings.Replace(text, "\n0\n", "\n1\n", 1), 0, false},
		{"another time", wkey, text + retimed(t, line), 1692806365, false},
		{"cosignature of another note", wkey, strings.Replace(both, "\n0\n", "\n1\n", 1), 1692806364, false},
		{"no line end", vkey, strings.TrimSuffix(text, "\n"), 0, false},
	}}
	vectors(t, "notes", v, func(t *testing.T, v noteVectors) {
		for _, c := range v.Notes {
			agree(t, c.Name, c.check(), c.Ok)
		}
	})
}

func (c *noteVector) check() error {
	if c.Time == 0 {
		verifier, err := note.NewVerifier(c.Key)
		if err != nil {
			return err
		}
		_, err = note.Open([]byte(c.Note), note.VerifierList(verifier))
		return err
	}
	verifier, err := fnote.NewVerifierForCosignatureV1(c.Key)
	if err != nil {
		return err
	}
	n, err := note.Open([]byte(c.Note), note.VerifierList(verifier))
	if err != nil {
		return err
	}
	at, err := fnote.CoSigV1Timestamp(n.Sigs[0])
	if err == nil && at.Unix() != c.Time {
		err = fmt.Errorf("cosigned at %d", at.Unix())
	}
	return err
}

// cosigned returns a witness's key, and its cosignature line of a note for a time
// (C2SP tlog-cosignature, Ed25519).
func cosigned(t *testing.T, name, signed string, at uint64) (vkey, line string) {
	t.Helper()
	body, _, _ := strings.Cut(signed, "\n\n")
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{21}, 32))
	public := append([]byte{4}, key.Public().(ed25519.PublicKey)...)
	sum := sha256.Sum256(append([]byte(name+"\n"), public...))
	sig := binary.BigEndian.AppendUint64(sum[:4:4], at)
	sig = append(sig, ed25519.Sign(key, fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s\n", at, body))...)
	return fmt.Sprintf("%s+%x+%s", name, sum[:4], base64.StdEncoding.EncodeToString(public)),
		fmt.Sprintf("\u2014 %s %s\n", name, base64.StdEncoding.EncodeToString(sig))
}

// retimed moves a cosignature by a second without signing it again.
func retimed(t *testing.T, line string) string {
	t.Helper()
	words := strings.Fields(line)
	sig, err := base64.StdEncoding.DecodeString(words[2])
	if err != nil {
		t.Fatal(err)
	}
	sig[11]++
	return fmt.Sprintf("\u2014 %s %s\n", words[1], base64.StdEncoding.EncodeToString(sig))
}
