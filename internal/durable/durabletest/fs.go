// Package durabletest knows how file systems fail: FS is a durable.FS in memory in which
// every act can be made to fail, and which can crash, keeping what was synced and any
// beginning of what was not. It must never know what is kept in the files.
package durabletest

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/tallystick/tallystick/internal/durable"
)

// ErrInjected is the error of acts that a Fault made fail.
var ErrInjected = errors.New("injected fault")

// Op is one act on the file system.
type Op struct {
	Index int    // counted from 0 over the life of the FS
	Kind  string // open, read, close, list, create, append, write, sync, truncate, link, rename, remove, mkdir, syncfolder, lock, unlock
	Name  string
}

// Fault is what happens to an act.
type Fault int

// The faults. Unlocking and closing are always done, locking never after a fault.
const (
	None Fault = iota
	Fail       // the act is not done, and fails
	Done       // the act is done, and fails: its reply is lost
	Torn       // half of a write is done, and it fails; else as Fail
)

// FS is a file system in memory. Its fields are set before use. Several goroutines may
// use it.
type FS struct {
	NoLinks bool // Link is not supported
	NoLocks bool // Lock excludes nobody
	// Judge, if set, says what happens to each act. It is called without any lock of
	// the FS held, so that it may itself act on the FS.
	Judge func(Op) Fault

	mu    sync.Mutex
	ops   int
	root  *node
	names []nameChange // not yet durable, in order of time
	data  []dataChange // not yet durable, in order of time
	locks map[string]*sync.Mutex
}

var _ durable.FS = (*FS)(nil)

// node is a file or a folder, as it is and as it would be after a crash that loses
// everything not synced.
type node struct {
	folder          bool
	data, safe      []byte
	names, safeName map[string]*node
}

// nameChange is a change of some names in one folder; nil removes.
type nameChange struct {
	folder *node
	set    map[string]*node
}

// dataChange appends to a file, or cuts it if bytes is nil.
type dataChange struct {
	file  *node
	bytes []byte
	cut   int64
}

func (c dataChange) units() int { return max(1, len(c.bytes)) }

// New returns an empty file system with a root folder.
func New() *FS { return &FS{root: newFolder(), locks: map[string]*sync.Mutex{}} }

func newFolder() *node {
	return &node{folder: true, names: map[string]*node{}, safeName: map[string]*node{}}
}

// Ops returns how many acts there have been.
func (f *FS) Ops() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.ops
}

// do counts an act, asks the Judge, and does it under f.mu. act gets the fault, for
// writes that tear.
func (f *FS) do(kind, name string, act func(Fault) error) error {
	f.mu.Lock()
	op := Op{f.ops, kind, name}
	f.ops++
	f.mu.Unlock()
	fault := None
	if f.Judge != nil {
		fault = f.Judge(op)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if fault == Fail || fault == Torn && kind != "write" {
		return fmt.Errorf("%s %s (act %d): %w", kind, name, op.Index, ErrInjected)
	}
	if err := act(fault); err != nil {
		return &fs.PathError{Op: kind, Path: name, Err: err}
	}
	if fault != None {
		return fmt.Errorf("%s %s (act %d, done): %w", kind, name, op.Index, ErrInjected)
	}
	return nil
}

// find returns the node of a name.
func (f *FS) find(name string) (*node, error) {
	n := f.root
	for part := range strings.SplitSeq(filepath.ToSlash(filepath.Clean(name)), "/") {
		if part == "" || part == "." {
			continue
		}
		if !n.folder {
			return nil, errors.New("not a folder")
		}
		if n = n.names[part]; n == nil {
			return nil, fs.ErrNotExist
		}
	}
	return n, nil
}

func (f *FS) findFile(name string) (*node, error) {
	n, err := f.find(name)
	if err == nil && n.folder {
		err = errors.New("is a folder")
	}
	return n, err
}

// place returns the folder of a name and its last part.
func (f *FS) place(name string) (*node, string, error) {
	n, err := f.find(filepath.Dir(name))
	if err == nil && !n.folder {
		err = errors.New("not a folder")
	}
	return n, filepath.Base(name), err
}

func (f *FS) rename(folder *node, set map[string]*node) {
	apply(folder.names, set)
	f.names = append(f.names, nameChange{folder, set})
}

func apply(names, set map[string]*node) {
	for name, n := range set {
		if n == nil {
			delete(names, name)
		} else {
			names[name] = n
		}
	}
}

// add makes a new name for n, which must be free.
func (f *FS) add(name string, n *node) error {
	folder, base, err := f.place(name)
	if err != nil {
		return err
	}
	if folder.names[base] != nil {
		return fs.ErrExist
	}
	f.rename(folder, map[string]*node{base: n})
	return nil
}

// Truncate implements durable.Writer.
func (f *FS) Truncate(name string, size int64) error {
	return f.do("truncate", name, func(Fault) error {
		n, err := f.findFile(name)
		if err != nil {
			return err
		}
		if size > int64(len(n.data)) {
			return errors.New("durabletest: truncate does not lengthen")
		}
		n.data = slices.Clone(n.data[:size])
		f.data = append(f.data, dataChange{file: n, cut: size})
		return nil
	})
}

// Lock implements durable.Locker.
func (f *FS) Lock(name string) (func() error, error) {
	var m *sync.Mutex
	err := f.do("lock", name, func(fault Fault) error {
		if fault != None {
			return ErrInjected
		}
		if m = f.locks[name]; m == nil {
			m = new(sync.Mutex)
			f.locks[name] = m
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !f.NoLocks {
		m.Lock()
	}
	return func() error {
		if !f.NoLocks {
			m.Unlock()
		}
		return f.do("unlock", name, func(Fault) error { return nil })
	}, nil
}
