package bundle

import (
	"archive/tar"
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/policy"
	"github.com/tallystick/tallystick/proof"
)

// editable is a bundle taken apart, to be changed and signed again by keys of the test. Its
// origin stays what it was: proofs name it.
type editable struct {
	origin  string
	entries []entry
	heads   []sealedHead
	files   map[string][]byte
}

// entry remembers what it was, for those that name it by its digest.
type entry struct {
	was  ts.Digest
	text []byte
}

// sealedHead is a checkpoint: how many entries, and when the witness saw it.
type sealedHead struct {
	size int
	time uint64
}

func takeApart(t testing.TB, b []byte) *editable {
	t.Helper()
	a, err := openArchive(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	e := &editable{files: map[string][]byte{}}
	for _, name := range a.order {
		file, err := a.read(name, maxBundle)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case name == "entries.log":
			e.cut(t, file)
		case name == proof.WholeName:
		case name == "checkpoint":
			e.origin, _, _ = strings.Cut(string(file), "\n")
		case strings.HasPrefix(name, "checkpoints/"):
			e.heads = append(e.heads, readSealed(t, file))
		default:
			e.files[name] = file
		}
	}
	slices.SortFunc(e.heads, func(a, b sealedHead) int { return a.size - b.size })
	return e
}

func (e *editable) cut(t testing.TB, log []byte) {
	t.Helper()
	for len(log) > 0 {
		text, rest, err := cutRecord(log)
		if err != nil {
			t.Fatal(err)
		}
		e.entries, log = append(e.entries, entry{ts.DigestOf(text), text}), rest
	}
}

func readSealed(t testing.TB, note []byte) sealedHead {
	t.Helper()
	lines := strings.Split(string(note), "\n")
	size, err := strconv.Atoi(lines[1])
	if err != nil {
		t.Fatal(err)
	}
	h := sealedHead{size: size}
	for _, line := range lines {
		if c, err := readCosignature([]byte(line + "\n")); err == nil {
			h.time = uint64(c.time)
		}
	}
	return h
}

func (e *editable) clone() *editable {
	c := *e
	c.entries, c.heads, c.files = slices.Clone(e.entries), slices.Clone(e.heads), maps.Clone(e.files)
	return &c
}

// ledgerKey signs for the ledger in the test.
func (e *editable) ledgerKey() madeWitness {
	w := makeWitness(e.origin)
	typed := append([]byte{1}, w.key.Public().(ed25519.PublicKey)...)
	w.hash = policy.KeyID(w.name, typed)
	w.vkey = fmt.Sprintf("%s+%08x+%s", w.name, w.hash, base64.StdEncoding.EncodeToString(typed))
	return w
}

func (e *editable) trust(t testing.TB) Trust {
	t.Helper()
	w := makeWitness("witness.example")
	trust, err := ParseTrust(e.ledgerKey().vkey, []byte("witness w "+w.vkey+"\nquorum w\n"))
	if err != nil {
		t.Fatal(err)
	}
	return trust
}

// note is a checkpoint signed by the test's ledger key, and cosigned by its witness.
func (e *editable) note(size int, root tlog.Hash, time uint64) []byte {
	text := fmt.Sprintf("%s\n%d\n%s\n", e.origin, size, root)
	signed := e.signed(text)
	if w := makeWitness("witness.example"); time > 0 {
		signed += w.line(text, time)
	}
	return []byte(signed)
}

// signed is a note of the test's ledger key.
func (e *editable) signed(text string) string {
	key := e.ledgerKey()
	sig := append(binary.BigEndian.AppendUint32(nil, key.hash), ed25519.Sign(key.key, []byte(text))...)
	return text + "\n\u2014 " + e.origin + " " + base64.StdEncoding.EncodeToString(sig) + "\n"
}

// whole signs the files of a bundle.
func (e *editable) whole(files map[string][]byte) []byte {
	sum := proof.NewWhole()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if proof.InWhole(name) {
			sum.Add(name, ts.DigestOf(files[name]))
		}
	}
	return []byte(e.signed(sum.Text(e.origin)))
}

// stored are the hashes of a tree.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) (list []tlog.Hash, err error) {
	for _, i := range indexes {
		if i >= int64(len(s)) {
			return nil, fmt.Errorf("hash %d of %d", i, len(s))
		}
		list = append(list, s[i])
	}
	return list, nil
}

func (s *stored) add(t testing.TB, i int, text []byte) {
	t.Helper()
	more, err := tlog.StoredHashes(int64(i), text, *s)
	if err != nil {
		t.Fatal(err)
	}
	*s = append(*s, more...)
}

// mend makes entries agree again with those before them that were changed: statements have
// the root of what they count, audits the digest of their files, and all name the new digests.
func (e *editable) mend(t testing.TB) {
	t.Helper()
	var changed []string
	var tree stored
	ids := map[string]string{} // of statements, by their digests
	for i := range e.entries {
		x := &e.entries[i]
		text := strings.NewReplacer(changed...).Replace(string(x.text))
		o, err := ts.ParseObject([]byte(text))
		if err == nil && o.Type == proof.StatementType {
			size, err := strconv.Atoi(o.Get("evidence-size"))
			if err == nil && size >= 0 && size <= i {
				root, err := tlog.TreeHash(int64(size), tree)
				if err != nil {
					t.Fatal(err)
				}
				text = strings.Replace(text, "evidence-root "+o.Get("evidence-root"), "evidence-root "+ts.Digest(root).String(), 1)
			}
			ids[ts.DigestOf([]byte(text)).String()] = o.Get("id")
		}
		if err == nil && o.Type == proof.AuditType {
			name := "figures/" + ids[o.Get("figure")] + "/openings-" + o.Get("round")
			openings := proof.OpeningsDigest(e.files[name+".txt"], e.files[name+".dleq"])
			text = strings.Replace(text, "openings "+o.Get("openings"), "openings "+openings.String(), 1)
		}
		if x.text = []byte(text); ts.DigestOf(x.text) != x.was {
			changed = append(changed, x.was.String(), ts.DigestOf(x.text).String())
		}
		tree.add(t, i, x.text)
	}
}

// sealed writes the bundle, with checksums, tree and signatures that are good.
func (e *editable) sealed(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	w, files := tar.NewWriter(&b), map[string][]byte{}
	put := func(name string, content []byte) {
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Format: tar.FormatUSTAR, Name: name, Size: int64(len(content))}); err != nil {
			return // a name that no archive can have
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
		files[name] = content
	}
	var log []byte
	var tree stored
	for i, x := range e.entries {
		log = binary.BigEndian.AppendUint32(log, uint32(len(x.text)))
		log = append(binary.BigEndian.AppendUint32(log, crc32.ChecksumIEEE(x.text)), x.text...)
		tree.add(t, i, x.text)
	}
	put("entries.log", log)
	at := func(h sealedHead) []byte {
		root, err := tlog.TreeHash(int64(h.size), tree)
		if err != nil {
			t.Fatal(err)
		}
		return e.note(h.size, root, h.time)
	}
	put("checkpoint", at(sealedHead{size: len(e.entries)}))
	for _, h := range e.heads {
		if h.size <= len(e.entries) {
			put(fmt.Sprintf("checkpoints/%d", h.size), at(h))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.files)) {
		put(name, e.files[name])
	}
	put(proof.WholeName, e.whole(files))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// script is where the bytes of an input say what to change; behind its end all are 0.
type script struct{ rest []byte }

func (s *script) byte() int {
	if len(s.rest) == 0 {
		return 0
	}
	b := s.rest[0]
	s.rest = s.rest[1:]
	return int(b)
}

// below returns a number below n, 0 where there is none.
func (s *script) below(n int) int {
	if n <= 0 {
		return 0
	}
	return (s.byte()<<8 | s.byte()) % n
}

func (s *script) text() []byte {
	n := min(s.byte()%32, len(s.rest))
	text := s.rest[:n]
	s.rest = s.rest[n:]
	return text
}

// values are what a number, a digest or a word may become.
var values = []string{"-", "0", "1", "2", "10000", "10001", "4294967295", "4294967296", "2251799813685248", "9007199254740991", "9007199254740992",
	"18446744073709551615", "none", "*", "CN", "CN+US", "US", "%1B%5B2J", "%E2%80%AE", "root", "list", "p", "q", "9999-12-31", "1970-01-01/9999-12-31",
	"9999-12-31T23:59:59Z", "240.1.0.0", "::", "0000000000000000000000000000000000000000000000000000000000000000"}

// scribble changes some bytes.
func (s *script) scribble(b []byte) []byte {
	at := s.below(len(b) + 1)
	switch s.byte() % 5 {
	case 0:
		if at < len(b) {
			b = slices.Clone(b)
			b[at] ^= 1 << (s.byte() % 8)
		}
	case 1:
		b = slices.Concat(b[:at], s.text(), b[at:])
	case 2:
		b = slices.Concat(b[:at], b[min(len(b), at+s.byte()):])
	case 3:
		b = b[:at]
	case 4:
		end := min(len(b), at+s.byte())
		b = slices.Concat(b[:end], b[at:end], b[end:])
	}
	return b
}

// revalue gives a line of a text object another value, or one of another line.
func (s *script) revalue(text []byte) []byte {
	lines := strings.SplitAfter(string(text), "\n")
	i := s.below(len(lines))
	key, _, _ := strings.Cut(lines[i], " ")
	switch kind := s.byte() % 4; kind {
	case 0:
		lines[i] = key + " " + values[s.below(len(values))] + "\n"
	case 1:
		_, value, _ := strings.Cut(lines[s.below(len(lines))], " ")
		lines[i] = key + " " + value
	case 2:
		lines[i] = ""
	case 3:
		lines[i] = strings.Repeat(lines[i], 1+s.byte())
	}
	return []byte(strings.Join(lines, ""))
}

// edit makes one change.
func (e *editable) edit(s *script) {
	names := slices.Sorted(maps.Keys(e.files))
	name := ""
	if op := s.byte() % 10; op < 5 && len(e.entries) > 0 {
		i := s.below(len(e.entries))
		x := &e.entries[i]
		switch op {
		case 0:
			x.text = s.scribble(x.text)
		case 1, 2:
			x.text = s.revalue(x.text)
		case 3:
			e.entries = slices.Insert(e.entries, s.below(len(e.entries)), *x)
		case 4:
			e.entries = slices.Delete(e.entries, i, i+1)
		}
		e.entries = slices.DeleteFunc(e.entries, func(x entry) bool { return len(x.text) == 0 || len(x.text) > 1<<16 })
	} else if op < 7 && len(e.heads) > 0 {
		h := &e.heads[s.below(len(e.heads))]
		switch s.byte() % 4 {
		case 0:
			h.time = 0
		case 1:
			h.time = 1 << (s.byte() % 64)
		case 2:
			h.time += uint64(s.below(1 << 16))
		case 3:
			h.size = s.below(len(e.entries) + 1)
		}
	} else if len(names) > 0 {
		name = names[s.below(len(names))]
		switch s.byte() % 4 {
		case 0, 1:
			e.files[name] = s.scribble(e.files[name])
		case 2:
			delete(e.files, name)
		case 3:
			e.files[name] = e.files[names[s.below(len(names))]]
		}
	}
}

// corpus is what is edited: bundles with lists and roots, audits, challenges, an overlap,
// canaries, and what the user has beside them.
type corpus struct {
	bundle, peer *editable
	beside       Beside
	claims       []string
	lines        int
}

func corpora(t testing.TB) []*corpus {
	t.Helper()
	file := func(name string) []byte {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	list := []*corpus{
		{bundle: takeApart(t, file("small.tar")), beside: Beside{Opened: file("small.open")}},
		{bundle: takeApart(t, file("root.tar")), beside: Beside{Challenge: file("root.challenge")}},
		{bundle: takeApart(t, file("p.tar")), peer: takeApart(t, file("q.tar")), beside: Beside{Opened: file("p.open"), Canary: file("p.canary")}},
	}
	for _, c := range list {
		r := c.checked(t, c.bundle.sealed(t), c.bundle, c.peer, c.beside, true)
		c.claims, c.lines = claims(r), len(r.Lines)
	}
	return list
}

func (c *corpus) checked(t testing.TB, b []byte, e, peer *editable, beside Beside, dated bool) *Result {
	t.Helper()
	trust := e.trust(t)
	if peer != nil {
		other := peer.sealed(t)
		beside.Peer = &Peer{bytes.NewReader(other), int64(len(other)), peer.trust(t)}
	}
	if !dated {
		trust.Policy = nil
	}
	return CheckBeside(bytes.NewReader(b), int64(len(b)), trust, beside)
}

// TestEditNothing: a bundle that was taken apart and sealed again says what it said, mended
// or not.
func TestEditNothing(t *testing.T) {
	for i, c := range corpora(t) {
		want := []int{0, 0, 2}[i]
		mended := c.bundle.clone()
		mended.mend(t)
		for _, e := range []*editable{c.bundle, mended} {
			if r := c.checked(t, e.sealed(t), e, c.peer, c.beside, true); r.ExitCode() != want || len(c.claims) == 0 {
				t.Errorf("bundle %d: exit code %d, want %d", i, r.ExitCode(), want)
			}
		}
		if r := c.checked(t, c.bundle.sealed(t), c.bundle, c.peer, Beside{}, true); r.ExitCode() != 0 {
			t.Errorf("bundle %d alone: exit code %d", i, r.ExitCode())
		}
	}
}

// clean reports whether a text is what a program writes in ASCII.
func clean(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}

// demandSane fails the test where a result could hurt whoever reads it.
func demandSane(t *testing.T, r *Result) {
	t.Helper()
	if len(r.Lines) == 0 {
		t.Error("nothing is said")
	}
	texts := slices.Clone(r.Sentences)
	for _, l := range r.Lines {
		texts = append(texts, l.What, l.Found, l.Figure, l.Proves, l.Not)
	}
	for _, s := range texts {
		if !clean(s) {
			t.Errorf("%q would be printed", s)
		}
	}
	var b strings.Builder
	if err := r.Print(&b, false); err != nil || !clean(strings.ReplaceAll(b.String(), "\n", "")) {
		t.Errorf("%v, %q", err, b.String())
	}
}
