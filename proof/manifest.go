package proof

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/tallystick/tallystick"
)

// ManifestType is the first line of a manifest.
const ManifestType = "tally-manifest/v1"

const manifestForm = "segment schema rows first-day last-day row-root file-sha256 place* salt"

// maxCount is the largest number in a text object: 2^53−1, exact in JavaScript too.
const maxCount = 1<<53 - 1

// Manifest describes one segment of rows. Its digest is in the batch entry; the
// manifest itself is private until a row of it is opened, which is why it holds a salt
// of its own.
type Manifest struct {
	Segment [16]byte          // identifier, from which the salts of the rows derive
	Schema  tallystick.Digest // SHA-256 of tallystick.RowSchema
	Rows    uint64            // at least 1
	First   tallystick.Day    // of the rows
	Last    tallystick.Day    // of the rows, inclusive
	RowRoot Hash              // RowTree over the row leaves
	File    tallystick.Digest // of the segment's file
	Places  []PlaceEdition    // the data sets that placed the rows, in order
	Salt    [32]byte          // random
}

// PlaceEdition is one dated data set of places.
type PlaceEdition struct {
	Name   string // without spaces
	Day    tallystick.Day
	Digest tallystick.Digest
}

// SchemaDigest returns the schema of rows written now.
func SchemaDigest() tallystick.Digest { return tallystick.DigestOf([]byte(tallystick.RowSchema)) }

// Build writes the manifest as a text object (protocol 3.0, 3.1).
func (m *Manifest) Build() ([]byte, error) {
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", ManifestType, err)
	}
	o := tallystick.Object{Type: ManifestType}
	o.Add("segment", hex.EncodeToString(m.Segment[:]))
	o.Add("schema", m.Schema.String())
	o.Add("rows", strconv.FormatUint(m.Rows, 10))
	o.Add("first-day", m.First.String())
	o.Add("last-day", m.Last.String())
	o.Add("row-root", hex.EncodeToString(m.RowRoot[:]))
	o.Add("file-sha256", m.File.String())
	for _, p := range m.Places {
		o.Add("place", p.Name+" "+p.Day.String()+" "+p.Digest.String())
	}
	o.Add("salt", hex.EncodeToString(m.Salt[:]))
	return o.Bytes()
}

func (m *Manifest) check() error {
	switch {
	case m.Rows < 1 || m.Rows > maxCount:
		return fmt.Errorf("%d rows: want 1 to 2^53-1", m.Rows)
	case m.Last < m.First:
		return fmt.Errorf("last day %s is before first day %s", m.Last, m.First)
	}
	for _, p := range m.Places {
		if p.Name == "" || strings.Contains(p.Name, " ") {
			return fmt.Errorf("place %q: want a name without spaces", p.Name)
		}
	}
	return nil
}

// ParseManifest reads a manifest. It accepts exactly what Build writes.
func ParseManifest(b []byte) (Manifest, error) {
	o, err := tallystick.ParseObjectAs(b, ManifestType, manifestForm)
	if err != nil {
		return Manifest{}, err
	}
	m, err := readManifest(&o)
	if err != nil {
		return Manifest{}, fmt.Errorf("%s: %w", ManifestType, err)
	}
	again, err := m.Build()
	if err != nil {
		return Manifest{}, err
	}
	if !bytes.Equal(again, b) {
		return Manifest{}, fmt.Errorf("%s is not in its one canonical spelling", ManifestType)
	}
	return m, nil
}

func readManifest(o *tallystick.Object) (m Manifest, err error) {
	for _, f := range o.Fields {
		switch f.Key {
		case "segment":
			err = readHex(m.Segment[:], f.Value)
		case "schema":
			m.Schema, err = tallystick.ParseDigest(f.Value)
		case "rows":
			m.Rows, err = strconv.ParseUint(f.Value, 10, 53)
		case "first-day":
			m.First, err = tallystick.ParseDay(f.Value)
		case "last-day":
			m.Last, err = tallystick.ParseDay(f.Value)
		case "row-root":
			err = readHex(m.RowRoot[:], f.Value)
		case "file-sha256":
			m.File, err = tallystick.ParseDigest(f.Value)
		case "place":
			err = m.readPlace(f.Value)
		case "salt":
			err = readHex(m.Salt[:], f.Value)
		}
		if err != nil {
			return m, fmt.Errorf("%s: %w", f.Key, err)
		}
	}
	return m, nil
}

func (m *Manifest) readPlace(value string) error {
	parts := strings.Split(value, " ")
	if len(parts) != 3 {
		return fmt.Errorf("%.80q: want name, day and digest", value)
	}
	day, err := tallystick.ParseDay(parts[1])
	if err != nil {
		return err
	}
	digest, err := tallystick.ParseDigest(parts[2])
	if err != nil {
		return err
	}
	m.Places = append(m.Places, PlaceEdition{parts[0], day, digest})
	return nil
}

func readHex(dst []byte, s string) error {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(dst) {
		return fmt.Errorf("%.80q: want %d hex digits", s, 2*len(dst))
	}
	copy(dst, b)
	return nil
}
