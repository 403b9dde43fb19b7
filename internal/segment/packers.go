package segment

import (
	"io"
	"sync"

	"github.com/parquet-go/parquet-go/format"
)

// Packers keeps what compresses pages, some megabytes for each who works, from one Writer
// to the next. The zero Packers is ready to use, by several at a time.
type Packers struct{ idle sync.Pool }

// NewWriter returns a Writer to w, which gives back what it took when it is closed.
func (p *Packers) NewWriter(w io.Writer) *Writer {
	return &Writer{out: w, meta: []format.KeyValue{}, most: GroupRows, shared: p}
}

// take returns n packers, new ones where there are too few.
func (p *Packers) take(n int) (list []*packer, err error) {
	for range n {
		one, idle := p.idle.Get().(*packer)
		if !idle {
			if one, err = newPacker(); err != nil {
				return nil, err
			}
		}
		list = append(list, one)
	}
	return list, nil
}

func (p *Packers) give(list []*packer) {
	for _, one := range list {
		p.idle.Put(one)
	}
}
