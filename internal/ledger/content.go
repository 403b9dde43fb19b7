package ledger

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tallystick/tallystick/internal/durable"
)

// Put writes a file of content, such as "segments/2014/03/name.parquet", before the
// entries that name it are committed. It is durable when Put returns nil. The same
// content under the same path is fine; other content is durable.ErrContent. Put needs
// no lock, and may be called by several goroutines.
func (l *Ledger) Put(name string, content []byte) error {
	if l.signer == nil {
		return ErrReadOnly
	}
	if err := checkContentPath(name); err != nil {
		return err
	}
	if err := l.makeFolder(path.Dir(name), 0o755); err != nil {
		return err
	}
	return durable.CreateSame(l.fs, l.path(name), content, 0o644)
}

// PutAside writes a file that no entry will name, readable for its owner only, over
// whatever the path held. Nothing depends on it; it may be deleted.
func (l *Ledger) PutAside(name string, content []byte) error {
	if l.signer == nil {
		return ErrReadOnly
	}
	if err := checkContentPath(name); err != nil {
		return err
	}
	if err := l.makeFolder(path.Dir(name), 0o700); err != nil {
		return err
	}
	return durable.Replace(l.fs, l.path(name), content, 0o600)
}

// makeFolder makes a content folder, once a handle.
func (l *Ledger) makeFolder(folder string, perm fs.FileMode) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.folders[folder] {
		return nil
	}
	if err := durable.MkdirAll(l.fs, l.dir, l.path(folder), perm); err != nil {
		return err
	}
	l.folders[folder] = true
	return nil
}

// checkContentPath refuses paths outside the content folders: content stands in a
// folder of its own below the ledger, and no part of its path begins with a dot.
func checkContentPath(name string) error {
	folder, _, nested := strings.Cut(name, "/")
	if !fs.ValidPath(name) || !filepath.IsLocal(filepath.FromSlash(name)) || !nested {
		return fmt.Errorf("content path %q: want folder/name", name)
	}
	if strings.HasPrefix(name, ".") || strings.Contains(name, "/.") {
		return fmt.Errorf("content path %q: a part begins with a dot", name)
	}
	for _, own := range []string{logName, checkpointName, checkpointsName, cosignedName, keysName, lockName} {
		if strings.EqualFold(folder, own) {
			return fmt.Errorf("content path %q: %s is the ledger's own", name, own)
		}
	}
	return nil
}

// Get reads a whole file of content.
func (l *Ledger) Get(name string) ([]byte, error) {
	if err := checkContentPath(name); err != nil {
		return nil, err
	}
	return durable.ReadFile(l.fs, l.path(name), math.MaxInt64)
}

// OpenFile opens a file of content for reading.
func (l *Ledger) OpenFile(name string) (durable.File, error) {
	if err := checkContentPath(name); err != nil {
		return nil, err
	}
	return l.fs.Open(l.path(name))
}

// List returns the paths of all files in a content folder and below, sorted; none if
// there is no such folder. Unfinished files are left out.
func (l *Ledger) List(folder string) ([]string, error) {
	if err := checkContentPath(folder + "/-"); err != nil {
		return nil, err
	}
	paths, err := l.walk(folder)
	slices.Sort(paths)
	return paths, err
}

func (l *Ledger) walk(folder string) ([]string, error) {
	names, err := l.fs.List(l.path(folder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var paths []string
	for _, name := range names {
		sub, isFolder := strings.CutSuffix(name, "/")
		switch {
		case strings.HasPrefix(name, "."):
		case isFolder:
			below, err := l.walk(folder + "/" + sub)
			if err != nil {
				return nil, err
			}
			paths = append(paths, below...)
		default:
			paths = append(paths, folder+"/"+name)
		}
	}
	return paths, err
}
