package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
)

// CreateNew writes a whole new file; it is durable when CreateNew returns nil. It
// fails with fs.ErrExist if the name is taken, and then has changed nothing: of several
// callers with one name, exactly one succeeds. After any other error the file may be
// there, whole, or not; it is never there in part.
//
// Where there are no hard links (FAT, exFAT, some network shares), the name is taken by
// creating it empty with O_EXCL, which is the same compare-and-swap, and the content
// then comes by renaming the finished temporary file over this claim. So an empty file
// is a claim whose maker died, or is at work: readers take it for absent, and whoever
// holds the lock of the folder's writers may remove it. For that reason content must
// not be empty where it matters.
func CreateNew(fsys FS, name string, content []byte, perm fs.FileMode) error {
	temp, err := stage(fsys, name, content, perm)
	if err != nil {
		return err
	}
	err = fsys.Link(temp, name)
	if errors.Is(err, errors.ErrUnsupported) {
		if err = claim(fsys, name, perm); err == nil {
			return move(fsys, temp, name)
		}
	}
	if err = errors.Join(err, fsys.Remove(temp)); err != nil {
		return fmt.Errorf("creating %s: %w", name, err)
	}
	return fsys.SyncFolder(filepath.Dir(name))
}

func claim(fsys FS, name string, perm fs.FileMode) error {
	out, err := fsys.Create(name, perm)
	if err != nil {
		return err
	}
	return out.Close()
}

// CreateSame writes a whole new file, or finds it there with the same content; either
// way it is durable when CreateSame returns nil. Other content is ErrContent.
func CreateSame(fsys FS, name string, content []byte, perm fs.FileMode) error {
	size, same, err := compare(fsys, name, content)
	if errors.Is(err, fs.ErrNotExist) {
		err = CreateNew(fsys, name, content, perm)
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
		size, same, err = compare(fsys, name, content) // made meanwhile by somebody else
	}
	switch {
	case err != nil:
		return err
	case same: // its maker may have died before syncing the name
		return fsys.SyncFolder(filepath.Dir(name))
	case size == 0: // a claim, and whoever made it writes this same content
		return Replace(fsys, name, content, perm)
	default:
		return fmt.Errorf("%s: %w", name, ErrContent)
	}
}

// Replace writes a whole file over whatever the name held; a crash leaves the old
// content or the new, never a mixture.
func Replace(fsys FS, name string, content []byte, perm fs.FileMode) error {
	temp, err := stage(fsys, name, content, perm)
	if err != nil {
		return err
	}
	return move(fsys, temp, name)
}

func move(fsys FS, temp, name string) error {
	if err := fsys.Rename(temp, name); err != nil {
		return errors.Join(fmt.Errorf("renaming to %s: %w", name, err), discard(fsys, temp))
	}
	return fsys.SyncFolder(filepath.Dir(name))
}

// Append adds content to the end of a file and syncs it. After an error, any part of
// content may be in the file.
func Append(fsys FS, name string, content []byte) error {
	out, err := fsys.Append(name)
	if err != nil {
		return err
	}
	return finish(out, content)
}

// Truncate cuts a file to size bytes, durably.
func Truncate(fsys FS, name string, size int64) error {
	if err := fsys.Truncate(name, size); err != nil {
		return err
	}
	return Append(fsys, name, nil)
}

// Temporary reports whether a base name is one that this package gives to files it has
// not finished. After a crash such files remain; they are never read.
func Temporary(base string) bool {
	return strings.HasPrefix(base, ".") && strings.HasSuffix(base, ".tmp")
}

// mostTemps bounds the search for a free temporary name: more leftovers of one name
// mean that something is wrong with the folder.
const mostTemps = 1000

// stage writes content, synced, to a temporary file in the folder of name.
func stage(fsys FS, name string, content []byte, perm fs.FileMode) (string, error) {
	folder, base := filepath.Split(name)
	for n := range mostTemps {
		temp := filepath.Join(folder, fmt.Sprintf(".%s.%d.tmp", base, n))
		out, err := fsys.Create(temp, perm)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		if err := finish(out, content); err != nil {
			return "", errors.Join(fmt.Errorf("writing %s: %w", temp, err), fsys.Remove(temp))
		}
		return temp, nil
	}
	return "", fmt.Errorf("%s: %d unfinished files of that name lie beside it", name, mostTemps)
}

func finish(out Out, content []byte) error {
	var err error
	if len(content) > 0 {
		_, err = out.Write(content)
	}
	if err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close())
}

// discard removes a temporary file that a failed rename may have taken away already.
func discard(fsys FS, temp string) error {
	if err := fsys.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
