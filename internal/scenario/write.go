package scenario

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
)

// Write writes the whole scenario below dir: logs/SENSOR/…, intel/… and places/…, on all
// processors. It calls progress, which may be nil, from one goroutine at a time after
// each file, with the number of files. It fails where dir already holds logs, which
// would be counted with these, and where Scale is not in [0, 1].
func (s Scenario) Write(dir string, progress func(done, total uint64)) error {
	if s.Scale < 0 || s.Scale > 1 || s.Scale != s.Scale {
		return fmt.Errorf("scenario: scale %v is not between 0 and 1", s.Scale)
	}
	if _, err := os.Stat(filepath.Join(dir, "logs")); err == nil {
		return fmt.Errorf("scenario: %s holds logs already", dir)
	}
	p := s.plan()
	files := append(p.feedFiles(), p.files()...)
	var next, failed atomic.Int64
	errs := make([]error, len(files))
	var done sync.Mutex
	count := uint64(0)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(files)) && failed.Load() == 0; i = next.Add(1) - 1 {
				if errs[i] = files[i].create(dir); errs[i] != nil {
					failed.Add(1)
				}
				done.Lock()
				count++
				if progress != nil {
					progress(count, uint64(len(files)))
				}
				done.Unlock()
			}
		})
	}
	workers.Wait()
	return errors.Join(errs...)
}

// output is a file being written. line is scratch for the formats.
type output struct {
	*bufio.Writer
	line []byte
}

// flushLine writes the scratch line and empties it.
func (o *output) flushLine() error {
	_, err := o.Write(o.line)
	o.line = o.line[:0]
	return err
}

func (f *file) create(dir string) (err error) {
	name := filepath.Join(dir, filepath.FromSlash(f.path))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("scenario: %w", err)
	}
	disk, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("scenario: %w", err)
	}
	defer func() {
		if err = errors.Join(err, disk.Close()); err != nil {
			err = fmt.Errorf("scenario: %s: %w", f.path, err)
		}
	}()
	if !strings.HasSuffix(f.path, ".gz") {
		return f.fill(disk)
	}
	z, err := gzip.NewWriterLevel(disk, gzip.BestSpeed)
	if err != nil {
		return err
	}
	return errors.Join(f.fill(z), z.Close())
}

func (f *file) fill(w io.Writer) error {
	if f.maxLine > 0 {
		w = &firstLines{to: w, left: f.maxLine}
	}
	out := output{Writer: bufio.NewWriterSize(w, 1<<18)}
	if err := f.write(&out); err != nil {
		return err
	}
	return out.Flush()
}

// firstLines passes on so many lines and drops the rest.
type firstLines struct {
	to   io.Writer
	left int
}

func (w *firstLines) Write(b []byte) (int, error) {
	n := 0
	for n < len(b) && w.left > 0 {
		i := bytes.IndexByte(b[n:], '\n')
		if i < 0 {
			n = len(b)
			break
		}
		n += i + 1
		w.left--
	}
	if _, err := w.to.Write(b[:n]); err != nil {
		return 0, err
	}
	return len(b), nil
}
