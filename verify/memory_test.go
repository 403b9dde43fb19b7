package verify_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify"
)

const origin = "ledger.example/test"

// memory is a ledger in memory, which implements verify.Ledger.
type memory struct {
	entries   [][]byte
	manifests map[ts.Digest][]byte
	segments  map[ts.Digest][]verify.SaltedRow
	signer    string
	verifier  string
}

func newMemory(t testing.TB, seed uint64) *memory {
	t.Helper()
	random := rand.NewChaCha8([32]byte{byte(seed)})
	signer, verifier, err := note.GenerateKey(random, origin)
	if err != nil {
		t.Fatal(err)
	}
	return &memory{manifests: map[ts.Digest][]byte{}, segments: map[ts.Digest][]verify.SaltedRow{}, signer: signer, verifier: verifier}
}

func (m *memory) key() verify.Key { return verify.Key{Text: m.verifier, Voucher: "the test"} }

func (m *memory) Entries() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for _, e := range m.entries {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func (m *memory) Record(d ts.Digest) ([]byte, error) {
	if b, ok := m.manifests[d]; ok {
		return b, nil
	}
	return nil, errors.New("no such record")
}

func (m *memory) Rows(_ ts.Day, file ts.Digest, _ [16]byte) iter.Seq2[verify.SaltedRow, error] {
	return func(yield func(verify.SaltedRow, error) bool) {
		for _, r := range m.segments[file] {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// add appends an entry of the type with the fields "key value".
func (m *memory) add(t testing.TB, typ string, fields ...string) {
	t.Helper()
	o := ts.Object{Type: typ}
	for _, f := range fields {
		key, value, _ := strings.Cut(f, " ")
		o.Add(key, value)
	}
	entry, err := o.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	m.entries = append(m.entries, entry)
}

func (m *memory) exclude(t testing.TB, value string) {
	m.add(t, "tally-exclude/v1", "value "+value, "reason because")
}

var rulesDigest = ts.DigestOf([]byte("rules")).String()

// batch appends a batch of one segment and returns its manifest.
func (m *memory) batch(t testing.TB, rows []ts.Row, supersedes string) proof.Manifest {
	t.Helper()
	n := len(m.segments)
	key := proof.SegmentKey([32]byte{1}, [16]byte{byte(n)})
	manifest := proof.Manifest{
		Segment: [16]byte{byte(n)}, Schema: proof.SchemaDigest(), Rows: uint64(len(rows)),
		File: ts.DigestOf(binary.AppendUvarint(nil, uint64(n))), First: rows[0].Day(), Last: rows[0].Day(),
		Places: []proof.PlaceEdition{{Name: "alpha", Day: firstDay - 3}, {Name: "beta", Day: firstDay + 9}},
	}
	var tree proof.RowTree
	for i := range rows {
		salt := proof.RowSalt(key, uint64(i))
		tree.Append(proof.RowLeaf(salt, rows[i].AppendLine(nil)))
		m.segments[manifest.File] = append(m.segments[manifest.File], verify.SaltedRow{Row: rows[i], Salt: salt})
		manifest.First, manifest.Last = min(manifest.First, rows[i].Day()), max(manifest.Last, rows[i].Day())
	}
	manifest.RowRoot = tree.Root()
	text, err := manifest.Build()
	if err != nil {
		t.Fatal(err)
	}
	m.manifests[ts.DigestOf(text)] = text
	m.add(t, "tally-batch/v1", "kind sightings", "rules "+rulesDigest, "supersedes "+supersedes, "segment "+ts.DigestOf(text).String())
	return manifest
}

// hashes are the stored hashes of every entry.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	list := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		list[i] = h[x]
	}
	return list, nil
}

func (m *memory) hashes(t testing.TB) hashes {
	var h hashes
	for i, e := range m.entries {
		more, err := tlog.StoredHashes(int64(i), e, h)
		if err != nil {
			t.Fatal(err)
		}
		h = append(h, more...)
	}
	return h
}

// checkpoint is what a report says that it was counted from.
func (m *memory) checkpoint(t testing.TB) ts.FigureCheckpoint {
	t.Helper()
	root, err := tlog.TreeHash(int64(len(m.entries)), m.hashes(t))
	if err != nil {
		t.Fatal(err)
	}
	return ts.FigureCheckpoint{Origin: origin, Size: uint64(len(m.entries)), Root: root.String()}
}

// seal appends the entry of a report over the first size entries, and signs.
func (m *memory) seal(t testing.TB, json, csv []byte, size uint64) verify.Report {
	t.Helper()
	r := verify.Report{HTML: []byte("<!DOCTYPE html>"), JSON: json, CSV: csv}
	m.add(t, "tally-report/v1", "report-html "+ts.DigestOf(r.HTML).String(), "figures-json "+ts.DigestOf(r.JSON).String(),
		"figures-csv "+ts.DigestOf(r.CSV).String(), fmt.Sprintf("checkpoint-size %d", size))
	m.sign(t, &r, uint64(len(m.entries)-1))
	return r
}

// sign signs the ledger as it is, and proves the entry at index.
func (m *memory) sign(t testing.TB, r *verify.Report, index uint64) {
	t.Helper()
	at := m.checkpoint(t)
	signer, err := note.NewSigner(m.signer)
	if err != nil {
		t.Fatal(err)
	}
	r.Checkpoint, err = note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", at.Origin, at.Size, at.Root)}, signer)
	if err != nil {
		t.Fatal(err)
	}
	path, err := tlog.ProveRecord(int64(at.Size), int64(index), m.hashes(t))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "c2sp.org/tlog-proof@v1\nindex %d\n", index)
	for _, h := range path {
		fmt.Fprintln(&b, base64.StdEncoding.EncodeToString(h[:]))
	}
	fmt.Fprintf(&b, "\n%s", r.Checkpoint)
	r.Proof = b.Bytes()
}

// unseal takes the last entry back.
func (m *memory) unseal() { m.entries = slices.Clip(m.entries[:len(m.entries)-1]) }

// wrong lists the lines that are not true.
func wrong(r *verify.Result) []verify.Line {
	return slices.DeleteFunc(slices.Clone(r.Lines), func(l verify.Line) bool { return l.Status == verify.True })
}

// demand fails the test unless r has a line of the status whose texts hold what.
func demand(t *testing.T, r *verify.Result, s verify.Status, what string) {
	t.Helper()
	for _, l := range r.Lines {
		if l.Status == s && strings.Contains(l.What+"\n"+l.Found, what) {
			return
		}
	}
	t.Errorf("no line %s %q in %v", s, what, wrong(r))
}
