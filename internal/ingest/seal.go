package ingest

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
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
	records  []evidence.Input
	inputs   []ts.Digest
	segments []ts.Digest // of manifests
	sensors  []*ts.Sensor
	editions []evidence.Edition
	rows     uint64
}

// seal merges parts, places both ends, and writes one segment a day. Parts of one
// source, one behind the other, become one input.
func (b *builder) seal(parts []part) (*sealed, error) {
	s := &sealed{}
	all := merged{}
	for i := range parts {
		s.add(&parts[i])
		all.addAll(parts[i].sightings.copied(), uint32(len(s.records)-1))
	}
	for i := range s.records {
		d, err := b.keepInput(&s.records[i])
		if err != nil {
			return nil, err
		}
		s.inputs = append(s.inputs, d)
	}
	days, err := b.place(all, s)
	if err != nil {
		return nil, err
	}
	return s, b.write(days, s)
}

// add adds the input of a part, or extends the one that it continues.
func (s *sealed) add(p *part) {
	if n := len(s.records); n > 0 && s.records[n-1].Name == p.input.Name && s.records[n-1].To == p.input.From &&
		p.input.From.Offset > 0 {
		last := &s.records[n-1]
		last.To, last.Unterminated = p.input.To, p.input.Unterminated
		last.Tally = last.Tally.Plus(p.input.Tally) // a new map: the part keeps its own
		return
	}
	s.records = append(s.records, p.input)
	if !slices.ContainsFunc(s.sensors, func(t *ts.Sensor) bool { return t.Name == p.sensor.Name }) {
		s.sensors = append(s.sensors, p.sensor)
	}
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
	in.Salt = hexOf(secret(key, "tally-input-salt/v1", plain))
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

// write seals each day's rows, several at a time, and names them in the order of days.
func (b *builder) write(days map[ts.Day][]ts.Row, s *sealed) error {
	order := slices.SortedFunc(maps.Keys(days), cmp.Compare[ts.Day])
	manifests := make([]ts.Digest, len(order))
	failed := make([]error, len(order))
	var work sync.WaitGroup
	free := make(chan struct{}, max(b.ingest.Workers, 1))
	for i, day := range order {
		s.rows += uint64(len(days[day]))
		free <- struct{}{}
		work.Go(func() {
			defer func() { <-free }()
			manifests[i], failed[i] = b.sealDay(day, days[day])
		})
	}
	work.Wait()
	for i := range order {
		if failed[i] != nil {
			return failed[i]
		}
		s.segments = append(s.segments, manifests[i])
	}
	return nil
}

// sealDay writes the segment of one day and its manifest, and returns the digest of
// the manifest. Row order is leaf order.
func (b *builder) sealDay(day ts.Day, rows []ts.Row) (ts.Digest, error) {
	segment.Sort(rows)
	var file bytes.Buffer
	if err := segment.Write(&file, rows); err != nil {
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

func (b *builder) manifest(day ts.Day, rows []ts.Row, file ts.Digest) (*proof.Manifest, error) {
	key, err := b.ingest.Ledger.SaltKey()
	if err != nil {
		return nil, err
	}
	m := &proof.Manifest{Segment: [16]byte(file[:16]), Schema: proof.SchemaDigest(),
		Rows: uint64(len(rows)), First: day, Last: day, File: file}
	m.RowRoot = rowRoot(proof.SegmentKey(key, m.Segment), rows)
	for _, e := range b.ingest.Atlas.Editions(day) {
		m.Places = append(m.Places, proof.PlaceEdition{Name: e.Name, Day: e.Day, Digest: e.Digest})
	}
	copy(m.Salt[:], secret(key, "tally-manifest-salt/v1", file[:]))
	return m, nil
}

// rowRoot returns the RFC 6962 root over the salted leaves of the rows.
func rowRoot(key [32]byte, rows []ts.Row) proof.Hash {
	var tree proof.RowTree
	salts := proof.NewSalts(key)
	var line []byte
	for i := range rows {
		line = rows[i].AppendLine(line[:0])
		tree.Append(proof.RowLeaf(salts.Row(uint64(i)), line))
	}
	return tree.Root()
}
