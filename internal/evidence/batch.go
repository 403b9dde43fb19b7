package evidence

import (
	"fmt"
	"strconv"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// MaxSegments and MaxInputs bound a batch so that its entry fits ts.MaxObject.
const (
	MaxSegments = 500
	MaxInputs   = 250
)

const batchForm = "kind rules supersedes input* segment*"

// KindSightings is the kind of a batch whose segments hold sightings.
const KindSightings = "sightings"

// Batch is one committed batch: what was read, and the segments it gave.
type Batch struct {
	Index      uint64 // of its entry
	Rules      ts.Digest
	Supersedes *uint64 // index of the batch that this one judges again
	Inputs     []Input
	Segments   []Segment
}

// Segment is one segment with its manifest.
type Segment struct {
	Digest   ts.Digest // of the manifest
	Manifest proof.Manifest
}

// FormatBatch writes a tally-batch/v1 entry that names inputs and segments by the
// digests of their records.
func FormatBatch(rules ts.Digest, supersedes *uint64, inputs, segments []ts.Digest) ([]byte, error) {
	o := ts.Object{Type: TypeBatch}
	o.Add("kind", KindSightings)
	o.Add("rules", rules.String())
	if supersedes == nil {
		o.Add("supersedes", "")
	} else {
		o.Add("supersedes", strconv.FormatUint(*supersedes, 10))
	}
	for _, d := range inputs {
		o.Add("input", d.String())
	}
	for _, d := range segments {
		o.Add("segment", d.String())
	}
	return o.Bytes()
}

func readBatch(l Ledger, index uint64, entry []byte) (Batch, error) {
	b := Batch{Index: index}
	o, err := ts.ParseObjectAs(entry, TypeBatch, batchForm)
	if err != nil {
		return b, err
	}
	if kind := o.Get("kind"); kind != KindSightings {
		return b, fmt.Errorf("batch of kind %q is not known", kind)
	}
	if b.Rules, err = ts.ParseDigest(o.Get("rules")); err != nil {
		return b, err
	}
	if s := o.Get("supersedes"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil || n >= index {
			return b, fmt.Errorf("supersedes %q: want the index of an earlier entry", s)
		}
		b.Supersedes = &n
	}
	for _, s := range o.All("input") {
		text, d, err := readRecord(l, s, InputPath)
		if err != nil {
			return b, err
		}
		in, err := ParseInput(text)
		if err != nil {
			return b, fmt.Errorf("input %s: %w", s, err)
		}
		in.Digest = d
		b.Inputs = append(b.Inputs, in)
	}
	for _, s := range o.All("segment") {
		text, d, err := readRecord(l, s, ManifestPath)
		if err != nil {
			return b, err
		}
		m, err := proof.ParseManifest(text)
		if err != nil {
			return b, fmt.Errorf("manifest %s: %w", s, err)
		}
		b.Segments = append(b.Segments, Segment{Digest: d, Manifest: m})
	}
	return b, nil
}

// readRecord reads a private record by its digest and compares it.
func readRecord(l Ledger, hex string, path func(ts.Digest) string) ([]byte, ts.Digest, error) {
	d, err := ts.ParseDigest(hex)
	if err != nil {
		return nil, d, err
	}
	text, err := l.Get(path(d))
	if err != nil {
		return nil, d, err
	}
	if ts.DigestOf(text) != d {
		return nil, d, fmt.Errorf("%s: content is not what the ledger committed to", path(d))
	}
	return text, d, nil
}
