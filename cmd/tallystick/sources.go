package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/ingest"
	"github.com/tallystick/tallystick/internal/wording"
)

// sources finds the files that the paths name, in the order of the arguments and in
// lexical order inside folders. What cannot be read stays in the list, where reading it
// says why and the others go on, unless there is nothing else.
func (f *ingestFlags) sources(s streams, paths []string) ([]ingest.Source, error) {
	var list []ingest.Source
	var lost []error
	for _, path := range paths {
		if path == "-" {
			sensor, err := f.sensor.declare("stdin")
			if err != nil {
				return nil, usage(err)
			}
			list = append(list, ingest.Source{Name: "-", Sensor: sensor, Open: spooled(s.in)})
			continue
		}
		found := expand(path)
		for _, note := range found.notes {
			fmt.Fprintln(s.errs, wording.Printable(note))
		}
		for _, file := range found.files {
			sensor, err := f.sensor.declare(folderName(file.path))
			if err != nil {
				return nil, usage(err)
			}
			list = append(list, newSource(file, sensor))
			if file.err != nil {
				lost = append(lost, fmt.Errorf("%s: %w", file.path, file.err))
			}
		}
	}
	if len(lost) > 0 && len(lost) == len(list) {
		return nil, usage(errors.Join(lost...))
	}
	return list, nil
}

func newSource(f file, sensor *ts.Sensor) ingest.Source {
	return ingest.Source{Name: f.path, Size: f.size, Sensor: sensor, Open: func() (io.ReadCloser, error) {
		if f.err != nil {
			return nil, f.err
		}
		return os.Open(f.path)
	}}
}

// folderName names the sensor of a file by its folder. Folders that are only a date,
// as Zeek rotates into, or "current", belong to the sensor above them.
func folderName(file string) string {
	path, err := filepath.Abs(file)
	if err != nil {
		path = file
	}
	for {
		path = filepath.Dir(path)
		name := filepath.Base(path)
		if _, err := ts.ParseDay(name); err != nil && name != "current" {
			return name
		}
	}
}

// file is a file that an argument names, or why it cannot be read.
type file struct {
	path string
	size int64
	err  error
}

// found is what one argument names.
type found struct {
	files []file
	notes []string // what is passed over
}

// expand finds the files of one argument: itself, the regular files below a folder, or
// what a pattern matches. A link to a folder is followed as an argument only, so that no
// cycle can be walked. Files keep the name by which they were asked for.
func expand(arg string) found {
	info, err := os.Stat(arg)
	switch {
	case errors.Is(err, fs.ErrNotExist) && strings.ContainsAny(arg, "*?["):
		return expandPattern(arg)
	case err == nil && info.IsDir():
		return walk(arg)
	}
	return found{files: []file{newFile(arg)}}
}

// newFile looks at a file, through links. Only regular files can be read twice, as
// comparing them with what is known takes.
func newFile(path string) file {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return unreadable(path, err)
	case !info.Mode().IsRegular():
		return file{path: path, err: fmt.Errorf("is no file but a %s: to read it, give - and redirect it to standard input", kind(info.Mode()))}
	}
	return file{path: path, size: info.Size()}
}

// unreadable says why a file cannot be read. Whoever prints it names the file.
func unreadable(path string, err error) file {
	var wrapped *fs.PathError
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	if target, errLink := os.Readlink(path); errLink == nil && errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("a link to %s, which is not there", target)
	}
	return file{path: path, err: err}
}

func kind(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeNamedPipe != 0:
		return "pipe"
	case mode&fs.ModeSocket != 0:
		return "socket"
	case mode.IsDir():
		return "folder"
	default:
		return "device"
	}
}

// walk finds the files below a folder, which may be a link.
func walk(arg string) (all found) {
	root, err := filepath.EvalSymlinks(arg)
	if err != nil {
		return found{files: []file{unreadable(arg, err)}}
	}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		below, errBelow := filepath.Rel(root, path)
		if errBelow != nil {
			return errBelow
		}
		named := filepath.Join(arg, below)
		switch {
		case err != nil && d.IsDir():
			all.files = append(all.files, unreadable(named, err))
			return fs.SkipDir
		case err != nil:
			all.files = append(all.files, unreadable(named, err))
		case d.IsDir() && path != root && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.IsDir() || document(d.Name()):
		case d.Type()&fs.ModeSymlink != 0 && isFolder(path):
			all.notes = append(all.notes, named+": a link to a folder is passed over; name it as an argument to read it")
		default:
			all.files = append(all.files, newFile(named))
		}
		return nil
	})
	if err != nil {
		all.files = append(all.files, unreadable(arg, err))
	}
	if len(all.files) == 0 {
		all.notes = append(all.notes, arg+": no logs in this folder")
	}
	return all
}

// document reports whether a file found in a folder is there for people. Named on the
// command line it would be read.
func document(name string) bool {
	stem := strings.ToUpper(strings.TrimSuffix(name, filepath.Ext(name)))
	return strings.EqualFold(filepath.Ext(name), ".md") || stem == "README" || stem == "LICENSE" || stem == "COPYING"
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func expandPattern(pattern string) (all found) {
	matches, err := filepath.Glob(pattern)
	if err == nil && len(matches) == 0 {
		err = errors.New("no such file")
	}
	if err != nil {
		return found{files: []file{{path: pattern, err: err}}}
	}
	slices.Sort(matches)
	for _, m := range matches {
		more := expand(m)
		all.files, all.notes = append(all.files, more.files...), append(all.notes, more.notes...)
	}
	return all
}

// checkInput refuses arguments that name standard input more than once: it can be read
// for one of them only.
func checkInput(logs, feeds []string) error {
	var named []string
	for _, arg := range feeds {
		if _, paths, _ := splitFeed(arg); slices.Contains(paths, "-") {
			named = append(named, "feed "+arg)
		}
	}
	for _, arg := range logs {
		if arg == "-" {
			named = append(named, "log -")
		}
	}
	if len(named) < 2 {
		return nil
	}
	return usage(fmt.Errorf("standard input can be read once, and is named as %s: give the others as files", strings.Join(named, " and ")))
}

// spooled keeps standard input in a file without name, since a source may be opened
// more than once.
func spooled(in io.Reader) func() (io.ReadCloser, error) {
	var spool *os.File
	return func() (io.ReadCloser, error) {
		if spool == nil {
			f, err := os.CreateTemp("", "tallystick-stdin-*")
			if err != nil {
				return nil, err
			}
			spool = f
			if err := errors.Join(os.Remove(f.Name())); err != nil {
				return nil, err
			}
			if _, err := io.Copy(f, in); err != nil {
				return nil, fmt.Errorf("standard input: %w", err)
			}
		}
		info, err := spool.Stat()
		if err != nil {
			return nil, err
		}
		return io.NopCloser(io.NewSectionReader(spool, 0, info.Size())), nil
	}
}
