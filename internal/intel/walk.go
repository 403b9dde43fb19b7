package intel

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// LoadPath reads a file, or every feed below a folder in lexical order. Links to
// folders are not followed; they and files that are no feeds by their name are noted
// (Passed). A file that fails does not stop the others; the errors are joined.
func (l *Loader) LoadPath(fsys fs.FS, root string, h Hint) error {
	var failed []error
	err := fs.WalkDir(fsys, root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			failed = append(failed, err)
			return nil
		case d.IsDir():
			return nil
		}
		if reason := passOver(fsys, name, d); reason != "" && name != root {
			l.passed = append(l.passed, Passed{name, reason})
			return nil
		}
		if err := l.loadFile(fsys, name, h); err != nil {
			failed = append(failed, err)
		}
		return nil
	})
	return errors.Join(append(failed, err)...)
}

func (l *Loader) loadFile(fsys fs.FS, name string, h Hint) (err error) {
	r, err := fsys.Open(name)
	if err != nil {
		return fmt.Errorf("feed: %w", err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return l.Load(name, r, h)
}

// passOver says why a file of a folder is not read, "" if it is.
func passOver(fsys fs.FS, name string, d fs.DirEntry) string {
	if !d.Type().IsRegular() {
		info, err := fs.Stat(fsys, name)
		switch {
		case err != nil:
			return "link to nothing"
		case info.IsDir():
			return "link to a folder"
		case !info.Mode().IsRegular():
			return "not a regular file"
		}
	}
	base := strings.ToLower(path.Base(name))
	stem, _, _ := strings.Cut(base, ".")
	switch {
	case base[0] == '.':
		return "hidden"
	case stem == "readme" || stem == "license" || stem == "copying" || stem == "requirements":
		return "document"
	}
	switch path.Ext(base) {
	case ".md", ".rst", ".pdf", ".png", ".jpg", ".jpeg", ".gif", ".svg":
		return "document"
	case ".py", ".sh", ".rules", ".yar", ".yara", ".yaml", ".yml":
		return "program or rules"
	}
	return ""
}
