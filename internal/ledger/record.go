package ledger

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/durable"
)

// recordHeader is the length of the header of a record: u32 length, u32 CRC.
const recordHeader = 8

// maxEntries bounds a ledger (proof protocol 3.0).
const maxEntries = 1 << 22

// appendRecord appends the record of one entry as it stands in entries.log.
func appendRecord(dst, entry []byte) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(entry)))
	dst = binary.BigEndian.AppendUint32(dst, crc32.ChecksumIEEE(entry))
	return append(dst, entry...)
}

// recordReader reads records one after another. Its buffer is reused.
type recordReader struct {
	r      io.Reader
	at     int64 // offset of the next record
	header [recordHeader]byte
	buf    []byte
}

// newRecordReader reads the records of f from byte at on.
func newRecordReader(f durable.File, at int64) *recordReader {
	return &recordReader{r: bufio.NewReader(io.NewSectionReader(f, at, f.Size()-at)), at: at}
}

// next returns the bytes of the next record, valid until the following call. A record
// that ends too early is io.ErrUnexpectedEOF; at the end of all, io.EOF.
func (r *recordReader) next() ([]byte, error) {
	if _, err := io.ReadFull(r.r, r.header[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(r.header[:])
	if n == 0 || n > tallystick.MaxObject {
		return nil, fmt.Errorf("%w: record at byte %d has length %d", ErrDamaged, r.at, n)
	}
	if cap(r.buf) < int(n) {
		r.buf = make([]byte, tallystick.MaxObject)
	}
	entry := r.buf[:n]
	if _, err := io.ReadFull(r.r, entry); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	if crc32.ChecksumIEEE(entry) != binary.BigEndian.Uint32(r.header[4:]) {
		return nil, fmt.Errorf("%w: record at byte %d does not have its CRC", ErrDamaged, r.at)
	}
	r.at += recordHeader + int64(n)
	return entry, nil
}
