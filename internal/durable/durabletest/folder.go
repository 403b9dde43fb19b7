package durabletest

import (
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
)

// List implements durable.Reader.
func (f *FS) List(folder string) (names []string, err error) {
	err = f.do("list", folder, func(Fault) error {
		n, err := f.find(folder)
		if err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(n.names)) {
			if n.names[name].folder {
				name += "/"
			}
			names = append(names, name)
		}
		return nil
	})
	return names, err
}

// Link implements durable.Namer.
func (f *FS) Link(name, second string) error {
	return f.do("link", second, func(Fault) error {
		if f.NoLinks {
			return errors.ErrUnsupported
		}
		n, err := f.findFile(name)
		if err != nil {
			return err
		}
		return f.add(second, n)
	})
}

// Rename implements durable.Namer, inside one folder.
func (f *FS) Rename(name, to string) error {
	return f.do("rename", to, func(Fault) error {
		folder, from, err := f.place(name)
		if err != nil {
			return err
		}
		if filepath.Dir(name) != filepath.Dir(to) {
			return errors.New("durabletest: rename stays in one folder")
		}
		n := folder.names[from]
		if n == nil {
			return fs.ErrNotExist
		}
		f.rename(folder, map[string]*node{from: nil, filepath.Base(to): n})
		return nil
	})
}

// Remove implements durable.Namer, for files.
func (f *FS) Remove(name string) error {
	return f.do("remove", name, func(Fault) error {
		if _, err := f.findFile(name); err != nil {
			return err
		}
		folder, base, err := f.place(name)
		if err == nil {
			f.rename(folder, map[string]*node{base: nil})
		}
		return err
	})
}

// Mkdir implements durable.Folders. Permissions are not kept.
func (f *FS) Mkdir(name string, _ fs.FileMode) error {
	return f.do("mkdir", name, func(Fault) error { return f.add(name, newFolder()) })
}

// SyncFolder implements durable.Folders.
func (f *FS) SyncFolder(name string) error {
	return f.do("syncfolder", name, func(Fault) error {
		n, err := f.find(name)
		if err != nil {
			return err
		}
		n.safeName = maps.Clone(n.names)
		f.names = slices.DeleteFunc(f.names, func(c nameChange) bool { return c.folder == n })
		return nil
	})
}
