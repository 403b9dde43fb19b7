package bundle

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
)

// fileNames are the only files of a bundle (protocol 3.7).
var fileNames = regexp.MustCompile(`^(bundle|checkpoint|entries\.log|checkpoints/[1-9][0-9]{0,15}|drand/[1-9][0-9]{0,15}|places/[0-9a-f]{64}` +
	`|figures/[A-Za-z0-9_+][A-Za-z0-9_+.-]{0,79}/(tags\.bin|openings-[1-9][0-9]{0,15}\.(txt|dleq))` +
	`|overlap/[0-9a-f]{64}/[pq]\.(bin|dleq))$`)

// archive is a bundle's files by their names. They are read when they are asked for.
type archive struct {
	file  io.ReaderAt
	files map[string]extent
	order []string
}

type extent struct{ offset, size int64 }

// openArchive reads the directory of an uncompressed ustar file. Anything but regular files
// of known names, each once, is refused.
func openArchive(file io.ReaderAt, size int64) (*archive, error) {
	if size > maxBundle {
		return nil, fmt.Errorf("%d bytes: more than %d", size, maxBundle)
	}
	a := &archive{file: file, files: map[string]extent{}}
	at := io.NewSectionReader(file, 0, size)
	for t := tar.NewReader(at); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return a, nil
		}
		if err != nil {
			return nil, err
		}
		if h.Typeflag != tar.TypeReg || h.Format != tar.FormatUSTAR || !fileNames.MatchString(h.Name) {
			return nil, fmt.Errorf("file %.100q may not be in a bundle", h.Name)
		}
		offset, err := at.Seek(0, io.SeekCurrent) // a header is read, its content is not
		if err != nil {
			return nil, err
		}
		var end [12]byte // of the header: archive/tar takes anything there, but for the magic of star
		if _, err := file.ReadAt(end[:], offset-int64(len(end))); err != nil || end != [12]byte{} {
			return nil, fmt.Errorf("header of %s does not end in zero bytes (%v)", h.Name, err)
		}
		if h.Size > size-offset {
			return nil, fmt.Errorf("file %s is cut off", h.Name)
		}
		if err := a.add(h.Name, extent{offset, h.Size}); err != nil {
			return nil, err
		}
	}
}

func (a *archive) add(name string, x extent) error {
	if _, twice := a.files[name]; twice {
		return fmt.Errorf("file %s is there twice", name)
	}
	if len(a.order) == maxFiles {
		return fmt.Errorf("more than %d files", maxFiles)
	}
	a.files[name] = x
	a.order = append(a.order, name)
	return nil
}

// has reports whether all of the files are there.
func (a *archive) has(names ...string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { _, ok := a.files[name]; return !ok })
}

// errNoFile means that a file is not in the bundle.
var errNoFile = errors.New("is not in the bundle")

// read returns a file of at most limit bytes.
func (a *archive) read(name string, limit int64) ([]byte, error) {
	x, ok := a.files[name]
	if !ok {
		return nil, fmt.Errorf("%s %w", name, errNoFile)
	}
	if x.size > limit {
		return nil, fmt.Errorf("%s of %d bytes: more than %d", name, x.size, limit)
	}
	b := make([]byte, x.size)
	n, err := a.file.ReadAt(b, x.offset)
	if int64(n) == x.size {
		err = nil
	}
	return b, err
}

// line returns a file of one short line without its LF.
func (a *archive) line(name string) (string, error) {
	b, err := a.read(name, 1<<10)
	if err != nil {
		return "", err
	}
	text, ok := bytes.CutSuffix(b, []byte("\n"))
	if !ok || bytes.ContainsAny(text, "\n\r") {
		return "", fmt.Errorf("%s is not one line", name)
	}
	return string(text), nil
}
