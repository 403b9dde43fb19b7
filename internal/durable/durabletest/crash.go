package durabletest

import (
	"bytes"
	"maps"
	"slices"
	"sync"
)

// Crash says what of the changes that were not synced reached the disk: a beginning of
// the written bytes, and, apart from them, a beginning of the changed names.
type Crash struct {
	Bytes int  // how many bytes, in the order of writing over all files; a cut counts as one
	Names int  // how many changes of names, in their order over all folders
	Zeros bool // files got their full length, but what is not in Bytes reads as zero
}

// Pending returns the Crash that loses nothing: the most bytes and names.
func (f *FS) Pending() Crash {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := Crash{Names: len(f.names)}
	for _, change := range f.data {
		c.Bytes += change.units()
	}
	return c
}

// Crashes yields every Crash that is possible now.
func (f *FS) Crashes(yield func(Crash) bool) {
	most := f.Pending()
	for names := range most.Names + 1 {
		for n := range most.Bytes + 1 {
			if !yield(Crash{n, names, false}) {
				return
			}
		}
		if !yield(Crash{0, names, true}) || !yield(Crash{most.Bytes / 2, names, true}) {
			return
		}
	}
}

// AfterCrash returns the file system as it is found after a crash: without a Judge,
// nothing locked, everything durable. f is not changed.
func (f *FS) AfterCrash(c Crash) *FS {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.rebuild(
		func(n *node) []byte { return f.survivingData(n, c) },
		func(n *node) map[string]*node { return f.survivingNames(n, c) },
	)
}

// Clone returns a copy of the file system as it is, all of it durable: a backup of it,
// to be restored later.
func (f *FS) Clone() *FS {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.rebuild(
		func(n *node) []byte { return n.data },
		func(n *node) map[string]*node { return n.names },
	)
}

func (f *FS) survivingData(n *node, c Crash) []byte {
	data, left := slices.Clone(n.safe), c.Bytes
	for _, change := range f.data {
		keep := min(left, change.units())
		left -= keep
		switch {
		case change.file != n:
		case change.bytes == nil && keep > 0:
			data = data[:change.cut]
		case change.bytes == nil:
			return data // a lost cut: what came after it in this file has no place
		default:
			data = append(data, change.bytes[:keep]...)
			if c.Zeros {
				data = append(data, make([]byte, len(change.bytes)-keep)...)
			}
		}
	}
	return data
}

func (f *FS) survivingNames(n *node, c Crash) map[string]*node {
	names := maps.Clone(n.safeName)
	for i, change := range f.names {
		if change.folder == n && i < c.Names {
			apply(names, change.set)
		}
	}
	return names
}

// rebuild copies the tree; files with several names stay one file.
func (f *FS) rebuild(data func(*node) []byte, names func(*node) map[string]*node) *FS {
	copies := map[*node]*node{}
	var copyOf func(*node) *node
	copyOf = func(n *node) *node {
		if copies[n] != nil {
			return copies[n]
		}
		d := &node{folder: n.folder}
		copies[n] = d
		if !n.folder {
			d.data = bytes.Clone(data(n))
			d.safe = d.data
			return d
		}
		d.names = map[string]*node{}
		for name, child := range names(n) {
			d.names[name] = copyOf(child)
		}
		d.safeName = maps.Clone(d.names)
		return d
	}
	return &FS{NoLinks: f.NoLinks, NoLocks: f.NoLocks, root: copyOf(f.root), locks: map[string]*sync.Mutex{}}
}
