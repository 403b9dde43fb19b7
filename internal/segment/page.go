package segment

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/bitpack"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// maxPage bounds a page of values, and maxDictionary that of a dictionary, in bytes
// before and after decompression, whatever a file says of itself.
const (
	maxPage       = 16 * BlockRows
	maxDictionary = maxGroupText + 16*GroupRows
)

// pager reads pages into buffers that it uses again.
type pager struct {
	unzip      *zstd.Decoder
	raw, plain []byte
}

func newPager() (*pager, error) {
	unzip, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxDictionary))
	return &pager{unzip: unzip}, err
}

// page reads the page of size bytes at an offset of source, and returns its header and decompressed
// bytes, which are valid until the next page and padded as bitpack needs.
func (p *pager) page(source io.ReaderAt, offset, size int64) (*format.PageHeader, []byte, error) {
	if size < 1 || size > maxDictionary {
		return nil, nil, fmt.Errorf("page of %d bytes", size)
	}
	if int64(cap(p.raw)) < size {
		p.raw = make([]byte, size)
	}
	raw := p.raw[:size]
	if n, err := source.ReadAt(raw, offset); n < len(raw) {
		return nil, nil, err
	}
	header := new(format.PageHeader)
	protocol := new(thrift.CompactProtocol).NewReaderFromBytes(raw)
	if err := thrift.NewDecoder(protocol).Decode(header); err != nil {
		return nil, nil, err
	}
	body := raw[protocol.BytesRead():]
	if int(header.CompressedPageSize) != len(body) {
		return nil, nil, fmt.Errorf("its header says %d bytes, %d follow", header.CompressedPageSize, len(body))
	}
	if uint32(header.CRC) != crc32.ChecksumIEEE(body) {
		return nil, nil, errors.New("checksum does not match")
	}
	plain, err := p.inflate(body, int(header.UncompressedPageSize))
	return header, plain, err
}

func (p *pager) inflate(body []byte, size int) ([]byte, error) {
	if size < 0 || size > maxDictionary {
		return nil, fmt.Errorf("%d bytes decompressed", size)
	}
	if cap(p.plain) < size+bitpack.PaddingInt64 {
		p.plain = make([]byte, 0, size+bitpack.PaddingInt64)
	}
	plain, err := p.unzip.DecodeAll(body, p.plain[:0])
	if err == nil && len(plain) != size {
		err = fmt.Errorf("%d bytes decompressed, its header says %d", len(plain), size)
	}
	return plain, err
}
