package telemetry

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"unicode"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/lines"
	"github.com/tallystick/tallystick/internal/telemetry/cowrie"
	"github.com/tallystick/tallystick/internal/telemetry/eve"
	"github.com/tallystick/tallystick/internal/telemetry/shadowserver"
	"github.com/tallystick/tallystick/internal/telemetry/weblog"
	"github.com/tallystick/tallystick/internal/telemetry/zeek"
)

// ErrUnknown says that a file is in no supported format.
var ErrUnknown = errors.New("not telemetry")

const headSize = 64 << 10

// recognise decides by the first bytes. Formats with a header come before those that
// are only known by the shape of a line.
func recognise(name string, src *lines.Reader, opt Options) (reader, error) {
	head := src.Peek(headSize)
	switch {
	case len(bytes.TrimSpace(head)) == 0 && len(head) < headSize:
		return openEmpty(src)
	case zeek.Sniff(head):
		return zeek.New(src), nil
	case eve.Sniff(head):
		return eve.New(src, opt.Zone), nil
	case cowrie.Sniff(head):
		return cowrie.New(src), nil
	case shadowserver.Sniff(head):
		return shadowserver.New(src, filepath.Base(name)), nil
	case weblog.Sniff(head):
		return weblog.New(src, opt.Zone), nil
	}
	return nil, fmt.Errorf("%w: %s", ErrUnknown, resemblance(head))
}

// resemblance says in a few words what a file that is no telemetry looks like.
func resemblance(head []byte) string {
	start := bytes.ToLower(bytes.TrimSpace(head[:min(len(head), 512)]))
	switch {
	case bytes.HasPrefix(start, []byte("<!doctype html")), bytes.HasPrefix(start, []byte("<html")):
		return "it is an HTML page"
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return "it is a zip archive; unpack it first"
	case bytes.HasPrefix(head, []byte("BZh")), bytes.HasPrefix(head, []byte("\xfd7zXZ\x00")):
		return "it is compressed with bzip2 or xz; gzip and zstd are read"
	case !isText(head):
		return "it is binary"
	case bytes.HasPrefix(start, []byte("{")), bytes.HasPrefix(start, []byte("[")):
		return "it is JSON, but not of Zeek, Suricata, Cowrie or nginx"
	}
	return fmt.Sprintf("no format begins with %.40q", firstLine(head))
}

// isText reports whether head has none of the control characters that no text has.
func isText(head []byte) bool {
	return bytes.IndexFunc(head, func(r rune) bool { return r < ' ' && !unicode.IsSpace(r) && r != '\x1b' }) < 0
}

func firstLine(head []byte) []byte {
	line, _, _ := bytes.Cut(bytes.TrimSpace(head), []byte("\n"))
	return bytes.TrimSpace(line)
}

// empty is the format of a file without records.
type empty struct{}

// openEmpty passes over the blank lines of src, so that its end and digest are right.
func openEmpty(src *lines.Reader) (reader, error) {
	for {
		if _, err := src.Next(); err == io.EOF {
			return empty{}, nil
		} else if err != nil {
			return nil, err
		}
	}
}

func (empty) Next(*tallystick.Observation) error { return io.EOF }

func (empty) Format() string { return "empty" }
