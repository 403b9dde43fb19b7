package ingest

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/net/publicsuffix"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/detect"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/proof"
)

// maxFeeds bounds the feeds that the rules name, so that they fit a text object. The
// digest of the indicators covers them all.
const maxFeeds = 300

// keepRules writes what the batches of this run are judged by: the compiled
// indicators, and the text object that names them with the detectors and the row's
// schema. It returns the object's digest.
func (g *Ingest) keepRules() (ts.Digest, error) {
	known := g.Intel.Digest()
	if err := g.keep(evidence.IntelPath(known), g.Intel.WriteTo); err != nil {
		return ts.Digest{}, err
	}
	o := ts.Object{Type: "tally-rules/v1"}
	o.Add("schema", proof.SchemaDigest().String())
	for _, rule := range detect.Rules() {
		o.Add("detector", rule)
	}
	o.Add("intel", known.String())
	o.Add("suffixes", publicsuffix.List.String())
	classes := g.Intel.Classes()
	for _, c := range slices.Sorted(maps.Keys(classes)) {
		o.Add("listed", fmt.Sprintf("%s %d", c, classes[c]))
	}
	feeds := g.Intel.Feeds()
	for _, f := range feeds[:min(len(feeds), maxFeeds)] {
		o.Add("feed", fmt.Sprintf("%d %d %s", f.Used, f.Undated, ts.AppendEscaped(nil, f.Name)))
	}
	text, err := o.Bytes()
	if err != nil {
		return ts.Digest{}, err
	}
	d := ts.DigestOf(text)
	return d, g.Ledger.Put(evidence.RulesPath(d), text)
}

// keepPlaces writes the sources of the place tables that rows may be placed by, so that a
// row's place can be looked up again, here or by whoever checks a figure, when the file is
// gone.
func (g *Ingest) keepPlaces() error {
	for _, snapshot := range g.Atlas.Snapshots() {
		if err := g.keep(evidence.PlacePath(snapshot.Digest), snapshot.WriteSource); err != nil {
			return err
		}
	}
	return nil
}

// keep has content written, compressed, below the ledger, unless it is there.
func (g *Ingest) keep(path string, content func(io.Writer) (int64, error)) error {
	if f, err := g.Ledger.OpenFile(path); err == nil {
		return f.Close()
	}
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	if _, err := content(w); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return g.Ledger.Put(path, b.Bytes())
}
