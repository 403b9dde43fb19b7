package durable

import (
	"errors"
	"io/fs"
	"path/filepath"
)

// MkdirAll makes a folder, and those above it that are missing below base. All their
// names are durable when MkdirAll returns nil; so it syncs the folders that it finds
// too, since whoever made them may have died before doing so. base is a folder known to
// be durable, as name begins with it, or "" for none.
func MkdirAll(fsys Folders, base, name string, perm fs.FileMode) error {
	parent := filepath.Dir(name)
	if name == base || name == parent {
		return nil
	}
	if err := MkdirAll(fsys, base, parent, perm); err != nil {
		return err
	}
	made := fsys.Mkdir(name, perm)
	if made != nil && !errors.Is(made, fs.ErrExist) {
		return made
	}
	err := fsys.SyncFolder(parent)
	if made != nil && errors.Is(err, fs.ErrPermission) {
		return nil // a folder that we may not open is none that we made names in
	}
	return err
}
