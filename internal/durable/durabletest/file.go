package durabletest

import (
	"io"
	"io/fs"
	"slices"

	"github.com/tallystick/tallystick/internal/durable"
)

// file is open for reading. Bytes appended after its opening are not seen.
type file struct {
	fs   *FS
	name string
	node *node
	size int64
}

// Open implements durable.Reader.
func (f *FS) Open(name string) (durable.File, error) {
	var r *file
	err := f.do("open", name, func(Fault) error {
		n, err := f.findFile(name)
		if err == nil {
			r = &file{f, name, n, int64(len(n.data))}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

func (r *file) Size() int64 { return r.size }

func (r *file) ReadAt(p []byte, at int64) (n int, err error) {
	err = r.fs.do("read", r.name, func(Fault) error {
		data := r.node.data[:min(int64(len(r.node.data)), r.size)]
		if at < int64(len(data)) {
			n = copy(p, data[at:])
		}
		return nil
	})
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return n, err
}

func (r *file) Close() error {
	return r.fs.do("close", r.name, func(Fault) error { return nil })
}

// out is open for writing at the end.
type out struct {
	fs   *FS
	name string
	node *node
}

// Create implements durable.Writer. Permissions are not kept.
func (f *FS) Create(name string, _ fs.FileMode) (durable.Out, error) {
	n := &node{}
	if err := f.do("create", name, func(Fault) error { return f.add(name, n) }); err != nil {
		return nil, err
	}
	return &out{f, name, n}, nil
}

// Append implements durable.Writer.
func (f *FS) Append(name string) (durable.Out, error) {
	var n *node
	err := f.do("append", name, func(Fault) (err error) {
		n, err = f.findFile(name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &out{f, name, n}, nil
}

func (o *out) Write(p []byte) (n int, err error) {
	err = o.fs.do("write", o.name, func(fault Fault) error {
		n = len(p)
		if fault == Torn {
			n /= 2
		}
		if n > 0 {
			o.node.data = append(slices.Clip(o.node.data), p[:n]...)
			o.fs.data = append(o.fs.data, dataChange{file: o.node, bytes: slices.Clone(p[:n])})
		}
		return nil
	})
	return n, err
}

func (o *out) Sync() error {
	return o.fs.do("sync", o.name, func(Fault) error {
		o.node.safe = o.node.data
		o.fs.data = slices.DeleteFunc(o.fs.data, func(c dataChange) bool { return c.file == o.node })
		return nil
	})
}

func (o *out) Close() error {
	return o.fs.do("close", o.name, func(Fault) error { return nil })
}
