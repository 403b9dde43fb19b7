package place

import (
	"bufio"
	"bytes"
	"crypto/sha256"
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
// all: an error names the data set and the line or network. It keeps nothing of r, so that
// WriteSource fails: see OpenFrom.
func Open(name string, day ts.Day, r io.Reader) (*Snapshot, error) {
	data, err := readAll(r)
	if err != nil {
		return nil, fmt.Errorf("places %s: %w", name, err)
	}
	return read(name, day, data)
}

// read reads a snapshot that is not compressed.
func read(name string, day ts.Day, data []byte) (*Snapshot, error) {
	s := &Snapshot{Edition: Edition{Name: name, Day: day, Digest: ts.DigestOf(data)}}
	var err error
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

// OpenFrom is Open of what open opens, and keeps that way to it for WriteSource: a file may
// be as large as MaxSnapshot, and is needed once more only.
func OpenFrom(name string, day ts.Day, open func() (io.ReadCloser, error)) (*Snapshot, error) {
	r, err := open()
	if err != nil {
		return nil, fmt.Errorf("places %s: %w", name, err)
	}
	defer r.Close()
	s, err := Open(name, day, r)
	if err != nil {
		return nil, err
	}
	s.source = func(w io.Writer) (int64, error) { return s.copyAgain(w, open) }
	return s, nil
}

// copyAgain writes what open opens, decompressed, if it still has the snapshot's digest.
func (s *Snapshot) copyAgain(w io.Writer, open func() (io.ReadCloser, error)) (n int64, err error) {
	r, err := open()
	if err != nil {
		return 0, fmt.Errorf("places %s: %w", s.Name, err)
	}
	defer r.Close()
	h := sha256.New()
	err = decompressed(r, func(plain io.Reader) error {
		n, err = io.Copy(io.MultiWriter(w, h), plain)
		return err
	})
	if err == nil && ts.Digest(h.Sum(nil)) != s.Digest {
		err = errors.New("the file was changed while it was in use")
	}
	if err != nil {
		err = fmt.Errorf("places %s: %w", s.Name, err)
	}
	return n, err
}

// readAll decompresses and bounds r.
func readAll(r io.Reader) (data []byte, err error) {
	err = decompressed(r, func(plain io.Reader) error {
		data, err = io.ReadAll(io.LimitReader(plain, MaxSnapshot+1))
		return err
	})
	if err == nil && len(data) > MaxSnapshot {
		err = fmt.Errorf("more than %d bytes", MaxSnapshot)
	}
	return data, err
}

// decompressed has use read what r holds, plain, gzip or zstd.
func decompressed(r io.Reader, use func(io.Reader) error) error {
	b := bufio.NewReader(r)
	head, err := b.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch {
	case bytes.HasPrefix(head, []byte(gzipHead)):
		z, err := gzip.NewReader(b)
		if err != nil {
			return err
		}
		return use(z)
	case string(head) == zstdHead:
		z, err := zstd.NewReader(b, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(MaxSnapshot))
		if err != nil {
			return err
		}
		defer z.Close()
		return use(z)
	}
	return use(b)
}

// gzipHead and zstdHead begin what is compressed.
const (
	gzipHead = "\x1f\x8b"
	zstdHead = "\x28\xb5\x2f\xfd"
)

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
