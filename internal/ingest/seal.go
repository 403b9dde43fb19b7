package ingest

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"sync"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/segment"
	"github.com/tallystick/tallystick/proof"
)

// sealed is a batch whose segments and private records are durable. Nothing of it
// counts until the ledger names it.
type sealed struct {
	inputs   []ts.Digest // of input records
	segments []ts.Digest // of manifests
	sensors  []*ts.Sensor
	editions []evidence.Edition
	rows     uint64
}

// seal writes the input records of the batch, places both ends of its rows, and writes
// one segment a day.
func (b *builder) seal() (*sealed, error) {
	s := &sealed{sensors: b.batch.sensors, inputs: make([]ts.Digest, len(b.batch.records))}
	err := b.each(len(s.inputs), func(i int) (err error) {
		s.inputs[i], err = b.keepInput(&b.batch.records[i].Input)
		return err
	})
	if err != nil {
		return nil, err
	}
	days, err := b.place(s)
	if err != nil {
		return nil, err
	}
	return s, b.write(days, s)
}

// each calls f for 0 to n-1, several at a time, and returns the first error by number.
func (b *builder) each(n int, f func(i int) error) error {
	failed := make([]error, n)
	var work sync.WaitGroup
	free := make(chan struct{}, max(b.ingest.Workers, 1))
	for i := range n {
		free <- struct{}{}
		work.Go(func() {
			defer func() { <-free }()
			failed[i] = f(i)
		})
	}
	work.Wait()
	return cmp.Or(failed...)
}

// keepInput writes the private record of an input. Its salt comes from the ledger's
// secret, so that the public digest tells nothing of a file that may be guessed.
func (b *builder) keepInput(in *evidence.Input) (ts.Digest, error) {
	key, err := b.ingest.Ledger.SaltKey()
	if err != nil {
		return ts.Digest{}, err
	}
	in.Salt = ""
	plain, err := evidence.FormatInput(in)
	if err != nil {
		return ts.Digest{}, err
	}
	in.Salt = hex.EncodeToString(secret(key, "tally-input-salt/v1", plain))
	text, err := evidence.FormatInput(in)
	if err != nil {
		return ts.Digest{}, err
	}
	d := ts.DigestOf(text)
	return d, b.ingest.Ledger.Put(evidence.InputPath(d), text)
}

func secret(key [32]byte, purpose string, of []byte) []byte {
	h := hmac.New(sha256.New, key[:])
	h.Write([]byte(purpose + "\x00"))
	h.Write(of)
	return h.Sum(nil)
}

// write seals each day's rows, and names the segments in the order of days.
func (b *builder) write(days map[ts.Day]*ordered, s *sealed) error {
	order := slices.Sorted(maps.Keys(days))
	s.segments = make([]ts.Digest, len(order))
	return b.each(len(order), func(i int) (err error) {
		s.segments[i], err = b.sealDay(order[i], days[order[i]])
		return err
	})
}

// sealDay writes the segment of one day and its manifest, and returns the digest of
// the manifest. Row order is leaf order.
func (b *builder) sealDay(day ts.Day, rows *ordered) (ts.Digest, error) {
	segment.Order(rows.numbers, rows.row)
	var file bytes.Buffer
	file.Grow(len(rows.numbers) * usualRow)
	if err := rows.write(b.packers.NewWriter(&file)); err != nil {
		return ts.Digest{}, err
	}
	l := b.ingest.Ledger
	sum := ts.DigestOf(file.Bytes())
	if err := l.Put(evidence.SegmentPath(day, sum), file.Bytes()); err != nil {
		return ts.Digest{}, err
	}
	m, err := b.manifest(day, rows, sum)
	if err != nil {
		return ts.Digest{}, err
	}
	text, err := m.Build()
	if err != nil {
		return ts.Digest{}, err
	}
	d := ts.DigestOf(text)
	return d, l.Put(evidence.ManifestPath(d), text)
}

// usualRow is about how many bytes of a segment a row takes.
const usualRow = 24

func (b *builder) manifest(day ts.Day, rows *ordered, file ts.Digest) (*proof.Manifest, error) {
	key, err := b.ingest.Ledger.SaltKey()
	if err != nil {
		return nil, err
	}
	m := &proof.Manifest{Segment: [16]byte(file[:16]), Schema: proof.SchemaDigest(),
		Rows: uint64(len(rows.numbers)), First: day, Last: day, File: file}
	if m.RowRoot, err = b.rowRoot(proof.SegmentKey(key, m.Segment), rows); err != nil {
		return nil, err
	}
	for _, e := range b.ingest.Atlas.Editions(day) {
		m.Places = append(m.Places, proof.PlaceEdition{Name: e.Name, Day: e.Day, Digest: e.Digest})
	}
	copy(m.Salt[:], secret(key, "tally-manifest-salt/v1", file[:]))
	return m, nil
}

// subtreeRows is how many leaves are hashed by one worker at a time: few, so that a short
// segment is work for several, and a power of two, so that they are a subtree of the whole
// (RFC 6962, 2.1).
const subtreeRows = 1 << 10

// rowRoot returns the RFC 6962 root over the salted leaves of the rows: that over the
// roots of its subtrees, several of which are made at a time.
func (b *builder) rowRoot(key [32]byte, rows *ordered) (proof.Hash, error) {
	n := len(rows.numbers)
	subtrees := make([]proof.Hash, (n+subtreeRows-1)/subtreeRows)
	err := b.each(len(subtrees), func(i int) error {
		subtrees[i] = rows.subtree(key, i*subtreeRows, min((i+1)*subtreeRows, n))
		return nil
	})
	var tree proof.RowTree
	for _, root := range subtrees {
		tree.Append(root)
	}
	return tree.Root(), err
}
