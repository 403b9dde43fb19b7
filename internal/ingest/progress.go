package ingest

import (
	"io"
	"sync/atomic"
)

// Progress counts as reading goes on. It may be read at any time; a nil Progress
// counts nothing.
type Progress struct {
	Bytes   atomic.Int64 // as stored
	Records atomic.Uint64
	Files   atomic.Int64
}

func (p *Progress) file() {
	if p != nil {
		p.Files.Add(1)
	}
}

func (p *Progress) records(n uint64) {
	if p != nil {
		p.Records.Add(n)
	}
}

func (p *Progress) count(r io.Reader) io.Reader {
	if p == nil {
		return r
	}
	return counting{r, &p.Bytes}
}

type counting struct {
	io.Reader
	n *atomic.Int64
}

func (c counting) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n.Add(int64(n))
	return n, err
}
