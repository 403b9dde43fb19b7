package place

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	ts "github.com/tallystick/tallystick"
)

// MaxSnapshot is the largest snapshot in bytes, decompressed.
const MaxSnapshot = 1 << 30

// Open reads a snapshot of the data set called name, plain, gzip or zstd, and recognises
// it by its content:
//
//   - MMDB with the records of MaxMind, DB-IP, ip-location-db or IPinfo;
//   - CSV or TSV, with a header line that names its columns or without: first and last
//     address, country, AS; or CIDR, country, AS; or first and last address, AS; or
//     iptoasn.com's TSV.
//
// day is the day for which it speaks; 0 takes the day on which an MMDB says it was built,
// and is an error for a table, which has none. A snapshot is good as a whole or not at
// all: an error names the data set and the line or network. It keeps what it read, for
// WriteSource.
func Open(name string, day ts.Day, r io.Reader) (*Snapshot, error) {
	data, err := readAll(r)
	if err != nil {
		return nil, fmt.Errorf("places %s: %w", name, err)
	}
	s := &Snapshot{Edition: Edition{Name: name, Day: day, Digest: ts.DigestOf(data)}, source: data}
	if isMMDB(data) {
		err = s.readMMDB(data)
	} else {
		err = s.readTable(data)
	}
	if err != nil {
		return nil, fmt.Errorf("places %s: %w", name, err)
	}
	return s, nil
}

// readAll decompresses and bounds r.
func readAll(r io.Reader) ([]byte, error) {
	b := bufio.NewReader(r)
	head, err := b.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	var plain io.Reader = b
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		if plain, err = gzip.NewReader(b); err != nil {
			return nil, err
		}
	case bytes.Equal(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(b, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(MaxSnapshot))
		if err != nil {
			return nil, err
		}
		defer z.Close()
		plain = z
	}
	data, err := io.ReadAll(io.LimitReader(plain, MaxSnapshot+1))
	if err != nil {
		return nil, err
	}
	if len(data) > MaxSnapshot {
		return nil, fmt.Errorf("more than %d bytes", MaxSnapshot)
	}
	return data, nil
}

// accept takes the collected ranges as the content of the snapshot.
func (s *Snapshot) accept(all spans) error {
	for _, sp := range all {
		s.countries = s.countries || sp.mark.country != [2]byte{}
		s.networks = s.networks || sp.mark.as != 0
	}
	if !s.countries && !s.networks {
		return errors.New("holds no country and no AS")
	}
	var err error
	s.steps, err = all.flatten()
	return err
}
