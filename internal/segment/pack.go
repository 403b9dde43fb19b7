package segment

import (
	"hash/crc32"
	"slices"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// packer makes pages: what pager reads. One goroutine may use it at a time.
type packer struct {
	tight, quick *zstd.Encoder
	packed       []byte
}

func newPacker() (*packer, error) {
	tight, err := newZip(zstd.SpeedBetterCompression)
	if err != nil {
		return nil, err
	}
	quick, err := newZip(zstd.SpeedDefault)
	return &packer{tight: tight, quick: quick}, err
}

// newZip looks back no further than a page is long, since its memory goes by that.
func newZip(level zstd.EncoderLevel) (*zstd.Encoder, error) {
	return zstd.NewWriter(nil, zstd.WithEncoderLevel(level), zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(2*maxPage), zstd.WithZeroFrames(true), zstd.WithEncoderCRC(false)) // the page header has one
}

// page is a page as a file has it: its header and the compressed values.
type page struct {
	bytes []byte
	plain int // its length, were it not compressed
}

// page makes the page of plain values and completes its header. In wide values zstd finds
// as much in half the time when it does not look for what begins inside of one.
func (p *packer) page(header *format.PageHeader, plain []byte, wide bool) (page, error) {
	zip := p.tight
	if wide {
		zip = p.quick
	}
	p.packed = zip.EncodeAll(plain, p.packed[:0])
	header.UncompressedPageSize, header.CompressedPageSize = int32(len(plain)), int32(len(p.packed))
	header.CRC = int32(crc32.ChecksumIEEE(p.packed))
	head, err := thrift.Marshal(new(thrift.CompactProtocol), header)
	return page{slices.Concat(head, p.packed), len(head) + len(plain)}, err
}

// valuesHeader is the header of a page of n values; every column is REQUIRED, so that no
// levels stand before them.
func valuesHeader(n int, encoding format.Encoding) *format.PageHeader {
	return &format.PageHeader{Type: format.DataPageV2, DataPageHeaderV2: thrift.New(format.DataPageHeaderV2{
		NumValues: int32(n), NumRows: int32(n), Encoding: encoding, IsCompressed: thrift.New(true),
	})}
}

func dictionaryHeader(n int) *format.PageHeader {
	return &format.PageHeader{Type: format.DictionaryPage, DictionaryPageHeader: thrift.New(format.DictionaryPageHeader{
		NumValues: int32(n), Encoding: format.Plain,
	})}
}
