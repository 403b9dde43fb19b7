package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"syscall"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// OS is the file system of the machine.
type OS struct{}

var _ FS = OS{}

type osFile struct {
	*os.File
	size int64
}

func (f osFile) Size() int64 { return f.size }

// Open implements Reader.
func (OS) Open(name string) (File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if !info.Mode().IsRegular() {
		return nil, errors.Join(fmt.Errorf("%s is not a regular file", name), f.Close())
	}
	return osFile{f, info.Size()}, nil
}

// List implements Reader.
func (OS) List(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
		if e.IsDir() {
			names[i] += "/"
		}
	}
	return names, nil
}

// Create implements Writer.
func (OS) Create(name string, perm fs.FileMode) (Out, error) {
	return openOut(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
}

// Append implements Writer.
func (OS) Append(name string) (Out, error) {
	return openOut(name, os.O_WRONLY|os.O_APPEND, 0)
}

func openOut(name string, flag int, perm fs.FileMode) (Out, error) {
	f, err := os.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err // not f: a nil *os.File in an interface is not nil
	}
	return f, nil
}

// Truncate implements Writer.
func (OS) Truncate(name string, size int64) error { return os.Truncate(name, size) }

// Link implements Namer. Error number 1 is EPERM on Unix, which is how FAT says that
// it has no links, and ERROR_INVALID_FUNCTION on Windows, which is the same.
func (OS) Link(name, second string) error {
	err := os.Link(name, second)
	if errors.Is(err, syscall.Errno(1)) {
		return fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
	}
	return err
}

// Rename implements Namer.
func (OS) Rename(name, to string) error { return os.Rename(name, to) }

// Remove implements Namer.
func (OS) Remove(name string) error { return os.Remove(name) }

// Mkdir implements Folders.
func (OS) Mkdir(name string, perm fs.FileMode) error { return os.Mkdir(name, perm) }

// SyncFolder implements Folders. It does nothing on Windows, where folders cannot be
// synced and NTFS journals names by itself, nor on file systems that say they cannot
// sync a folder (EINVAL).
func (OS) SyncFolder(name string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return errors.Join(err, d.Close())
}

// Lock implements Locker with an advisory lock on a file of the name, which it makes
// and leaves behind.
func (OS) Lock(name string) (func() error, error) {
	f, err := lockedfile.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	return f.Close, nil
}
