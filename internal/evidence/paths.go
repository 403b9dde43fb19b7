package evidence

import (
	"strconv"
	"strings"

	ts "github.com/tallystick/tallystick"
)

// Where private records lie below the ledger. Each is named by its digest, so that
// writing one again changes nothing.

// InputPath is the path of an input record.
func InputPath(d ts.Digest) string { return "inputs/" + d.String()[:2] + "/" + d.String() }

// ManifestPath is the path of a segment's manifest.
func ManifestPath(d ts.Digest) string { return "manifests/" + d.String()[:2] + "/" + d.String() }

// SegmentPath is the path of a segment file whose rows begin on the day.
func SegmentPath(first ts.Day, file ts.Digest) string {
	return "segments/" + strings.ReplaceAll(first.String()[:7], "-", "/") + "/" + file.String() + ".parquet"
}

// RulesPath is the path of the text object that a batch names as its rules.
func RulesPath(d ts.Digest) string { return "intel/" + d.String() + ".rules" }

// IntelPath is the path of a compiled set of indicators, by its digest.
func IntelPath(d ts.Digest) string { return "intel/" + d.String() + ".intel.zst" }

// PlacePath is the path of the file that a place table was read from, by its digest
// decompressed.
func PlacePath(d ts.Digest) string { return "places/" + d.String() + ".zst" }

// AsideFolder is where skipped records lie that the batch of an entry came across, for
// the operator. No entry names them, and they may be deleted.
func AsideFolder(entry uint64) string { return "aside/" + strconv.FormatUint(entry, 10) }

// AsidePath is the file of those skipped for one reason, of few plain words.
func AsidePath(entry uint64, reason string) string {
	return AsideFolder(entry) + "/" + strings.ReplaceAll(reason, " ", "-") + ".txt"
}
