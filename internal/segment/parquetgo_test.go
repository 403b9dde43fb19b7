package segment

import (
	"bytes"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/compress/zstd"
	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/encoding/rle"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/segment/segmenttest"
)

// TestWriterAgreesWithParquetGo: the bytes are those that parquet-go writes.
func TestWriterAgreesWithParquetGo(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	long := segmenttest.Rows(r, 2*BlockRows+100)
	for i := range long {
		long[i].Path = strings.Repeat(string(rune('a'+i%3)), i%40) + strings.Repeat("\xff", i%30)
		long[i].At.Offset += uint64(i%7) << 60
	}
	for _, c := range []struct {
		name  string
		rows  []ts.Row
		group int
	}{
		{"none", nil, GroupRows},
		{"one", segmenttest.Rows(r, 1), GroupRows},
		{"a block", segmenttest.Rows(r, BlockRows), GroupRows},
		{"long", long, GroupRows},
		{"many", segmenttest.National().Day(0, 10), GroupRows},
		{"three groups", segmenttest.Rows(r, 2*BlockRows+1000), BlockRows + 100},
	} {
		Sort(c.rows)
		var b bytes.Buffer
		w := NewWriter(&b)
		w.most = c.group
		w.SetMeta("key", "value")
		if err := w.Write(c.rows); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.Bytes(), byParquetGo(t, c.rows, c.group)) {
			t.Errorf("%s: other bytes than those of parquet-go", c.name)
		}
	}
}

// byParquetGo writes rows as Writer does, slowly.
func byParquetGo(t *testing.T, rows []ts.Row, groupRows int) []byte {
	var b bytes.Buffer
	schema := bytewiseColumns()
	file := parquet.NewGenericWriter[record](&b, schema,
		parquet.CreatedBy("tallystick", "1", "segment"),
		parquet.DataPageStatistics(false),
		parquet.PageBufferSize(10*BlockRows),
		parquet.SortingWriterConfig(parquet.SortingColumns(
			parquet.Ascending("by"), parquet.Ascending("on"), parquet.Ascending("class"),
			parquet.Ascending("victim_hi"), parquet.Ascending("victim_lo"), parquet.Ascending("day"),
		)))
	file.SetKeyValueMetadata("key", "value")
	for group := range slices.Chunk(rows, groupRows) {
		w := file.BeginRowGroup()
		for block := range slices.Chunk(group, BlockRows) {
			if err := writeBlock(w, schema, block); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func writeBlock(w *parquet.ConcurrentRowGroupWriter, schema *parquet.Schema, rows []ts.Row) error {
	columns := make([][]parquet.Value, Columns)
	for i := range rows {
		for c, v := range schema.Deconstruct(nil, recordOf(&rows[i])) {
			columns[c] = append(columns[c], v)
		}
	}
	for c, to := range w.ColumnWriters() {
		if _, err := to.WriteRowValues(columns[c]); err != nil {
			return err
		}
		if err := to.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// recordOf is the inverse of record.row.
func recordOf(r *ts.Row) *record {
	c := &record{
		Day: int32(r.Day()), Class: r.Class.String(), Grade: r.Grade.String(),
		PerpName: r.PerpName, VictimName: r.VictimName, PerpPort: uint32(r.PerpPort), VictimPort: uint32(r.VictimPort),
		Site: r.Site, Path: r.Path, HostID: r.HostID, Family: r.Family, Rule: r.Rule, Feed: r.Feed,
		Indicator: r.Indicator, Sensor: r.Sensor, Flags: uint32(r.Flags),
		First: uint32(r.First % ts.SecondsPerDay), Duration: uint32(r.Last - r.First), Records: r.Records,
		By: string(r.By), On: string(r.On), ByAS: r.ByAS, OnAS: r.OnAS, ByPlaces: r.ByPlaces, OnPlaces: r.OnPlaces,
		Input: r.At.Input, Offset: r.At.Offset,
	}
	c.PerpHi, c.PerpLo = Halves(r.Perp)
	c.VictimHi, c.VictimLo = Halves(r.Victim)
	c.ViaHi, c.ViaLo = Halves(r.Via)
	return c
}

// bytewiseColumns is the schema of record whose dictionary indexes have whole bytes where
// Writer gives them some. parquet-go takes the least bits: what follows wraps each of its
// layers on the way to the one method that encodes a page.
func bytewiseColumns() *parquet.Schema {
	schema := parquet.SchemaOf(record{})
	return parquet.NewSchema(schema.Name(), bytewiseRoot{schema})
}

type bytewiseRoot struct{ parquet.Node }

func (r bytewiseRoot) Fields() []parquet.Field {
	fields := slices.Clone(r.Node.Fields())
	for c := range Columns {
		to := &column{narrow: c == PerpPort || c == VictimPort, deltas: !c.indexed()}
		to.Level, to.quick.Level = zstd.SpeedBetterCompression, zstd.SpeedDefault
		if c.indexed() {
			fields[c] = bytewiseField{fields[c], to}
		} else {
			fields[c] = deltaField{fields[c], to}
		}
	}
	return fields
}

type deltaField struct {
	parquet.Field
	to *column
}

func (f deltaField) Compression() compress.Codec { return f.to }

type bytewiseField struct {
	parquet.Field
	to *column
}

func (f bytewiseField) Type() parquet.Type          { return bytewiseType{f.Field.Type(), f.to} }
func (f bytewiseField) Compression() compress.Codec { return f.to }

type bytewiseType struct {
	parquet.Type
	to *column
}

func (t bytewiseType) NewDictionary(column, values int, data encoding.Values) parquet.Dictionary {
	return bytewiseDictionary{t.Type.NewDictionary(column, values, data), t.to}
}

type bytewiseDictionary struct {
	parquet.Dictionary
	to *column
}

func (d bytewiseDictionary) Type() parquet.Type {
	return bytewiseIndexes{d.Dictionary.Type(), d.to}
}

type bytewiseIndexes struct {
	parquet.Type
	to *column
}

func (t bytewiseIndexes) NewColumnBuffer(column, values int) parquet.ColumnBuffer {
	return bytewiseBuffer{t.Type.NewColumnBuffer(column, values), t.to}
}

type bytewiseBuffer struct {
	parquet.ColumnBuffer
	to *column
}

func (b bytewiseBuffer) Page() parquet.Page { return bytewisePage{b.ColumnBuffer.Page(), b.to} }

type bytewisePage struct {
	parquet.Page
	to *column
}

func (p bytewisePage) Type() parquet.Type { return bytewiseEncoder{p.Page.Type(), p.to} }

type bytewiseEncoder struct {
	parquet.Type
	to *column
}

// Encode writes the bit width and the indexes (Parquet encodings, RLE/bit-packing hybrid).
func (e bytewiseEncoder) Encode(dst []byte, src encoding.Values, _ encoding.Encoding) ([]byte, error) {
	indexes := src.Int32()
	width := 0
	for _, i := range indexes {
		width = max(width, bits.Len32(uint32(i)))
	}
	if width > 8 && !e.to.narrow {
		width = (width + 7) / 8 * 8
	}
	page, err := (&rle.Encoding{BitWidth: width}).EncodeInt32(dst, indexes)
	page = slices.Insert(page, 0, byte(width))
	if e.to.wide = nil; width > 8 {
		e.to.wide = bytes.Clone(page)
	}
	return page, err
}

// column compresses the pages of one column.
type column struct {
	zstd.Codec
	quick  zstd.Codec
	narrow bool
	deltas bool
	wide   []byte // the last page, if it has wide indexes
}

func (c *column) Encode(dst, src []byte) ([]byte, error) {
	if c.deltas || c.wide != nil && bytes.Equal(src, c.wide) {
		return c.quick.Encode(dst, src)
	}
	return c.Codec.Encode(dst, src)
}
