package durable

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// ReadFile reads a whole file of at most the given number of bytes.
func ReadFile(fsys Reader, name string, most int64) (content []byte, err error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if f.Size() > most {
		return nil, fmt.Errorf("%s: %d bytes, more than %d", name, f.Size(), most)
	}
	content = make([]byte, f.Size())
	_, err = io.ReadFull(io.NewSectionReader(f, 0, f.Size()), content)
	return content, err
}

// compareBlock is how much of a file compare holds at a time.
const compareBlock = 64 << 10

// compare reports the size of a file and whether it holds exactly content.
func compare(fsys Reader, name string, content []byte) (size int64, same bool, err error) {
	f, err := fsys.Open(name)
	if err != nil {
		return 0, false, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if f.Size() != int64(len(content)) {
		return f.Size(), false, nil
	}
	block := make([]byte, min(compareBlock, len(content)))
	for at := 0; at < len(content); at += len(block) {
		part := content[at:min(at+len(block), len(content))]
		if n, err := f.ReadAt(block[:len(part)], int64(at)); n < len(part) {
			return f.Size(), false, err
		}
		if !bytes.Equal(block[:len(part)], part) {
			return f.Size(), false, nil
		}
	}
	return f.Size(), true, nil
}
