// Package durable knows how to make files survive a crash: which bytes must be synced
// before which name, and how a name is taken exactly once. It must never know what the
// files mean; no word of the subject occurs in it.
//
// FS is the small set of acts that it composes, one system call each, so that a test
// (durabletest.FS) can fail every one of them. OS does them on the real file system.
//
// The sequence behind CreateNew, for a file x in directory d:
//
//	open(d/.x.0.tmp, O_CREAT|O_EXCL)  write  fsync  close
//	link(d/.x.0.tmp, d/x)             fails if d/x exists: compare-and-swap
//	unlink(d/.x.0.tmp)
//	open(d)  fsync  close             now the name survives too
package durable

import (
	"errors"
	"io"
	"io/fs"
)

// ErrContent means that a file is there already and holds other bytes.
var ErrContent = errors.New("the file is there and holds other content")

// FS is a file system whose acts may be lost in a crash until they are synced. Names
// are native paths (path/filepath). Errors wrap fs.ErrExist and fs.ErrNotExist.
type FS interface {
	Reader
	Writer
	Namer
	Folders
	Locker
}

// Reader reads files and folders.
type Reader interface {
	// Open opens a file for reading.
	Open(name string) (File, error)
	// List returns the names in a folder, sorted; a folder's name ends in "/".
	List(folder string) ([]string, error)
}

// Writer writes to files. What is written survives a crash after Sync only.
type Writer interface {
	// Create makes a new file; it fails with fs.ErrExist if the name is taken.
	Create(name string, perm fs.FileMode) (Out, error)
	// Append opens an existing file; every Write goes to its end.
	Append(name string) (Out, error)
	// Truncate cuts an existing file to size bytes.
	Truncate(name string, size int64) error
}

// Namer changes names. A change survives a crash after SyncFolder of its folder only.
type Namer interface {
	// Link gives a file a second name, failing with fs.ErrExist if that is taken, and
	// with errors.ErrUnsupported where the file system has no hard links.
	Link(name, second string) error
	// Rename moves a file over whatever the new name held.
	Rename(name, to string) error
	Remove(name string) error
}

// Folders makes folders, and makes the names in them durable.
type Folders interface {
	Mkdir(name string, perm fs.FileMode) error
	SyncFolder(name string) error
}

// Locker excludes other lockers of the same name, in this process and in others. The
// lock is advisory and ends with the process.
type Locker interface {
	Lock(name string) (unlock func() error, err error)
}

// File is an open file. Its bytes may be read at any offset by several goroutines.
type File interface {
	io.ReaderAt
	io.Closer
	// Size returns the number of bytes the file had when it was opened.
	Size() int64
}

// Out is a file open for writing.
type Out interface {
	io.WriteCloser
	Sync() error
}
