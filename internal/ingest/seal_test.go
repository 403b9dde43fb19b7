package ingest

import (
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/place"
	"github.com/tallystick/tallystick/internal/segment/segmenttest"
	"github.com/tallystick/tallystick/proof"
)

// TestRowRoot compares the root made of subtrees with the leaves hashed one after the other.
func TestRowRoot(t *testing.T) {
	w := newWorld(t)
	b := builder{ingest: &w.Ingest}
	key := [32]byte{1}
	all := segmenttest.Rows(rand.New(rand.NewPCG(1, 1)), 3*subtreeRows+5)
	for _, n := range []int{1, 2, subtreeRows - 1, subtreeRows, subtreeRows + 1, 2 * subtreeRows, len(all)} {
		var tree proof.RowTree
		for i, r := range all[:n] {
			tree.Append(proof.RowLeaf(proof.RowSalt(key, uint64(i)), r.AppendLine(nil)))
		}
		rows := &ordered{row: func(i uint32) *ts.Row { return &all[i] }}
		for i := range n {
			rows.numbers = append(rows.numbers, uint32(i))
		}
		if got, err := b.rowRoot(key, rows); err != nil || got != tree.Root() {
			t.Errorf("root of %d rows: %x, want %x (%v)", n, got, tree.Root(), err)
		}
	}
}

// BenchmarkSeal seals a full batch that is already merged: both ends placed, rows sorted,
// segment and salted root written. It is the cost of a row that is new. rows/s is that of
// the fastest run, see unmeasured.
func BenchmarkSeal(b *testing.B) {
	w := newWorld(b)
	w.Atlas, w.Now = patchwork(b), segmenttest.FirstDay+400
	rows := newMerged(maphash.MakeSeed())
	for _, r := range segmenttest.National().Day(0, 2) {
		rows.add(r.Sighting)
	}
	sensors := []*ts.Sensor{renamed(backbone, "north", true), renamed(backbone, "south", true), renamed(backbone, "east", true)}
	b.ReportAllocs()
	fastest := unmeasured
	for b.Loop() {
		begin := time.Now()
		batch := builder{ingest: &w.Ingest, batch: batch{rows: rows, sensors: sensors}}
		if _, err := batch.seal(); err != nil {
			b.Fatal(err)
		}
		fastest = min(fastest, time.Since(begin))
	}
	b.ReportMetric(float64(rows.len())/fastest.Seconds(), "rows/s")
}

// BenchmarkSealShare ingests a log of which 1 % matches, and seals as many rows as match, as if
// no two merged: %-of-ingest is the time that leaves and root take, as a part of the whole.
func BenchmarkSealShare(b *testing.B) {
	known, log := speedIntel(b), speedLog(1)
	w := newWorld(b)
	of := builder{ingest: &w.Ingest}
	all := segmenttest.National().Day(0, 2)[:speedRecords/100]
	rows := &ordered{row: func(i uint32) *ts.Row { return &all[i] }}
	for i := range all {
		rows.numbers = append(rows.numbers, uint32(i))
	}
	ingest, sealing := unmeasured, unmeasured
	for b.Loop() {
		ingest = min(ingest, ingested(b, known, src("conn.log", backbone, log)))
		begin := time.Now()
		if _, err := of.rowRoot([32]byte{1}, rows); err != nil {
			b.Fatal(err)
		}
		sealing = min(sealing, time.Since(begin))
	}
	b.ReportMetric(100*sealing.Seconds()/ingest.Seconds(), "%-of-ingest")
	b.ReportMetric(float64(sealing.Nanoseconds())/float64(len(all)), "ns/row")
}

// patchwork gives each /16 of 240.0.0.0/4 to one of 240 countries, unequally.
func patchwork(t testing.TB) *place.Atlas {
	var table strings.Builder
	for i := range 1 << 12 {
		country := 239 * (i % 61) * (i % 67) / (60 * 66)
		fmt.Fprintf(&table, "%d.%d.0.0,%d.%d.255.255,%c%c,%d\n", 240|i>>8, i&255, 240|i>>8, i&255,
			'A'+country/26, 'A'+country%26, 64512+i%1023)
	}
	s, err := place.OpenFrom("made", startDay, src("", nil, table.String()).Open)
	if err != nil {
		t.Fatal(err)
	}
	a, err := place.New(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
