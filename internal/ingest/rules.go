package ingest

import (
	"bytes"
	"fmt"

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
	if _, err := g.Ledger.Get(evidence.IntelPath(known)); err != nil {
		var listing bytes.Buffer
		w, err := zstd.NewWriter(&listing, zstd.WithEncoderConcurrency(1))
		if err != nil {
			return ts.Digest{}, err
		}
		if _, err := g.Intel.WriteTo(w); err != nil {
			return ts.Digest{}, err
		}
		if err := w.Close(); err != nil {
			return ts.Digest{}, err
		}
		if err := g.Ledger.Put(evidence.IntelPath(known), listing.Bytes()); err != nil {
			return ts.Digest{}, err
		}
	}
	o := ts.Object{Type: "tally-rules/v1"}
	o.Add("schema", proof.SchemaDigest().String())
	for _, rule := range detect.Rules() {
		o.Add("detector", rule)
	}
	o.Add("intel", known.String())
	o.Add("suffixes", publicsuffix.List.String())
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
