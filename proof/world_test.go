package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	ts "github.com/tallystick/tallystick"
)

const exampleOrigin = "ledger.example/1"

// day0 is 2023-08-01, before the beacon's round 1000.
const day0 = ts.Day(19570)

// seededReader is an endless stream that follows from its seed.
type seededReader struct {
	seed [32]byte
	rest []byte
}

func seeded(text string) *seededReader { return &seededReader{seed: sha256.Sum256([]byte(text))} }

func (r *seededReader) Read(b []byte) (int, error) {
	if len(r.rest) == 0 {
		r.seed = sha256.Sum256(r.seed[:])
		sum := sha256.Sum256(append([]byte("out"), r.seed[:]...))
		r.rest = sum[:]
	}
	n := copy(b, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// exampleKeys returns a note key pair that follows from its name.
func exampleKeys(t testing.TB, name string) (skey, vkey string) {
	t.Helper()
	skey, vkey, err := note.GenerateKey(seeded(name), name)
	if err != nil {
		t.Fatal(err)
	}
	return skey, vkey
}

func exampleRule(t testing.TB) *Rule {
	t.Helper()
	_, vkey := exampleKeys(t, "challenger.example")
	return &Rule{
		ID: "servers-1", Measure: "control.servers", Unit: "ip-address",
		Scope:  Scope{Window: ts.Window{From: day0, To: day0 + 2}, By: []ts.Country{"US"}, On: []ts.Country{"CN", "HK"}},
		Member: ts.MemberPerp, Seal: 86400, PlaceSource: "mine",
		Classes: []ts.Class{ts.Control}, Grades: []ts.Grade{ts.Established},
		Without: ts.FlagPerpInternal | ts.FlagSinkhole, Challengers: []string{vkey},
	}
}

// exampleRow is a row that supports exampleRule: server number i.
func exampleRow(i int) ts.Row {
	first := day0.Start() + int64(3600+i)
	return ts.Row{
		Sighting: ts.Sighting{
			Class: ts.Control, Grade: ts.Established,
			Perp: netip.AddrFrom4([4]byte{240, 0, 0, byte(i)}), Victim: netip.MustParseAddr("2001:db8::7"),
			PerpName: "c2.example", PerpPort: 1177, VictimPort: 49152, Family: "njrat", Rule: "listed-contact/1",
			Feed: "mine", Indicator: "240.0.0.0/24", Sensor: "border-1", Flags: ts.FlagSynthetic | ts.FlagUndated,
			First: first, Last: first + 60, Records: 3,
		},
		By: "US", On: "CN", ByAS: 64496, OnAS: 64511,
	}
}

// world is a publisher with one segment of rows and one figure of them.
type world struct {
	rule     *Rule
	rows     []ts.Row
	lines    []string
	salts    []Salt
	leaves   []Hash
	manifest []byte
	secret   *Secret
	members  map[Point][]byte // by tag
	row      map[Point]uint64 // that supports it
	tags     []Point
	figure   *Statement
	digest   ts.Digest // of the statement
}

// newWorld counts n servers, each seen in two rows.
func newWorld(t testing.TB, n int) *world {
	t.Helper()
	w := &world{rule: exampleRule(t), secret: NewSecret([32]byte{7}), members: map[Point][]byte{}, row: map[Point]uint64{}}
	for i := range 2 * n {
		w.seal(exampleRow(i % n))
	}
	w.manifest = w.commit(t)
	for i := range w.rows {
		member, err := w.rule.Supports(&w.rows[i])
		if err != nil {
			t.Fatal(err)
		}
		tag := w.secret.Tag(member)
		if w.members[tag] == nil {
			w.tags = append(w.tags, tag)
			w.members[tag], w.row[tag] = member, uint64(i)
		}
	}
	SortTags(w.tags)
	w.state(t)
	return w
}

func (w *world) seal(r ts.Row) {
	line := string(r.AppendLine(nil))
	salt := RowSalt(SegmentKey([32]byte{8}, [16]byte{9}), uint64(len(w.rows)))
	w.rows, w.lines, w.salts = append(w.rows, r), append(w.lines, line), append(w.salts, salt)
	w.leaves = append(w.leaves, RowLeaf(salt, []byte(line)))
}

func (w *world) commit(t testing.TB) []byte {
	t.Helper()
	var tree RowTree
	for _, leaf := range w.leaves {
		tree.Append(leaf)
	}
	m := Manifest{Segment: [16]byte{9}, Schema: SchemaDigest(), Rows: tree.Len(), First: day0, Last: day0, RowRoot: tree.Root(),
		File: ts.Digest{10}, Places: []PlaceEdition{{"mine", day0, ts.Digest{11}}}, Salt: [32]byte{12}}
	b, err := m.Build()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// state makes the statement of the tags.
func (w *world) state(t testing.TB) {
	t.Helper()
	digest := TagsDigest(w.tags)
	w.figure = &Statement{
		ID: "control.servers-1", Attempt: 1, Report: "report-1", Mode: ModeList, Rule: 0, Key: 1, Scope: w.rule.Scope,
		Measure: w.rule.Measure, Unit: w.rule.Unit, N: uint64(len(w.tags)), Root: TrieRoot(w.tags),
		EvidenceSize: 5, EvidenceRoot: Hash{13}, Tags: &digest,
		AuditK: 3, AuditRound: 1000, AuditDeadline: 604800, Budget: 30, Tool: "tallystick test",
	}
	b, err := w.figure.Build()
	if err != nil {
		t.Fatal(err)
	}
	w.digest = ts.DigestOf(b)
}

// open opens a position.
func (w *world) open(t testing.TB, position uint64) Opening {
	t.Helper()
	tag := w.tags[position]
	row := w.row[tag]
	path, err := RowPath(w.leaves, row)
	if err != nil {
		t.Fatal(err)
	}
	return Opening{Position: position, Member: w.members[tag], Tag: tag, Path: TriePath(w.tags, int(position)), Entry: 4,
		Manifest: w.manifest, Row: row, Line: w.lines[row], Salt: w.salts[row], RowPath: path}
}

// answer opens the positions that a seed draws, and proves their tags.
func (w *world) answer(t testing.TB, seed [32]byte) (openings, dleq []byte) {
	t.Helper()
	var list []Opening
	for _, position := range Draw(seed, w.figure.N, w.figure.AuditK) {
		o := w.open(t, position)
		list = append(list, o)
		openings = o.AppendTo(openings)
	}
	c, d := Opened(list)
	dleq, err := w.secret.Prove(PurposeAudit, AuditContext(w.digest, seed, exampleOrigin), c, d)
	if err != nil {
		t.Fatal(err)
	}
	return openings, dleq
}

func (w *world) tagsFile() []byte {
	var b []byte
	for _, tag := range w.tags {
		b = append(b, tag[:]...)
	}
	return b
}

// built writes an object that must be good.
func built(t testing.TB, o builder) []byte {
	t.Helper()
	b, err := o.Build()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// replaced changes one text in another, which must be there.
func replaced(t testing.TB, text []byte, old, new string) []byte {
	t.Helper()
	if !bytes.Contains(text, []byte(old)) {
		t.Fatalf("nothing to change: %q in %.300s", old, text)
	}
	return []byte(strings.Replace(string(text), old, new, 1))
}

func u64(n int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }
