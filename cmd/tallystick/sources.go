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
)

// sources finds the files that the paths name, in the order of the arguments and in
// lexical order inside folders. A path that does not exist is an error before
// anything is read.
func (f *ingestFlags) sources(s streams, paths []string) ([]ingest.Source, error) {
	var list []ingest.Source
	for _, path := range paths {
		if path == "-" {
			sensor, err := f.sensor.declare("stdin")
			if err != nil {
				return nil, usage(err)
			}
			list = append(list, ingest.Source{Name: "-", Sensor: sensor, Open: spooled(s.in)})
			continue
		}
		files, err := expand(path)
		if err != nil {
			return nil, usage(err)
		}
		for _, file := range files {
			source, err := f.source(file)
			if err != nil {
				return nil, usage(err)
			}
			list = append(list, source)
		}
	}
	return list, nil
}

func (f *ingestFlags) source(file string) (ingest.Source, error) {
	sensor, err := f.sensor.declare(folderName(file))
	return newSource(file, sensor), err
}

func newSource(file string, sensor *ts.Sensor) ingest.Source {
	var size int64
	if info, err := os.Stat(file); err == nil {
		size = info.Size() // else opening it will say why
	}
	return ingest.Source{Name: file, Size: size, Sensor: sensor,
		Open: func() (io.ReadCloser, error) { return os.Open(file) }}
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

// expand returns the files of one argument: itself, the regular files below a folder,
// or what a pattern matches. Links to folders are not followed, so that no cycle can
// be walked.
func expand(arg string) ([]string, error) {
	info, err := os.Stat(arg)
	if errors.Is(err, fs.ErrNotExist) && strings.ContainsAny(arg, "*?[") {
		return expandPattern(arg)
	}
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{arg}, nil
	}
	var files []string
	err = filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && d != nil && d.IsDir():
			files = append(files, path) // unreadable: reading it says so, and others go on
			return fs.SkipDir
		case err != nil:
			return err
		case d.IsDir() && path != arg && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case document(d.Name()):
		case d.Type().IsRegular(), d.Type()&fs.ModeSymlink != 0 && isFile(path):
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

// document reports whether a file found in a folder is there for people. Named on the
// command line it would be read.
func document(name string) bool {
	stem := strings.ToUpper(strings.TrimSuffix(name, filepath.Ext(name)))
	return strings.EqualFold(filepath.Ext(name), ".md") || stem == "README" || stem == "LICENSE" || stem == "COPYING"
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func expandPattern(pattern string) ([]string, error) {
	matches, err := filepath.Glob(pattern)
	if err != nil {
		return nil, err
	}
	if len(matches) == 0 {
		return nil, fmt.Errorf("%s: no such file", pattern)
	}
	slices.Sort(matches)
	var files []string
	for _, m := range matches {
		more, err := expand(m)
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	return files, nil
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
