package intel

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
)

// maxLine bounds a line of a line-based feed, in bytes.
const maxLine = 64 << 10

// eachLine calls do with every line, trimmed, that is neither empty nor longer than
// maxLine; a longer one is read in constant memory and counted.
func (f *file) eachLine(r io.Reader, do func(line string)) error {
	br := bufio.NewReaderSize(r, maxLine)
	for {
		line, err := br.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			f.skip("", reasonLong)
			for errors.Is(err, bufio.ErrBufferFull) {
				_, err = br.ReadSlice('\n')
			}
			line = nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			do(string(line))
		}
		if err != nil {
			return nil
		}
	}
}

// readPlain reads a list with one value a line: address, address and port, CIDR,
// domain, URL or hosts-file line. What follows "#" or ";" is a comment.
func (f *file) readPlain(r io.Reader) error {
	err := f.eachLine(r, func(line string) {
		if text := uncomment(line); text != "" {
			f.addPlain(text)
		}
	})
	if err != nil {
		return err
	}
	return f.meaningful()
}

// meaningful fails where no entry was recognised as anything that feeds hold.
func (f *file) meaningful() error {
	t := f.tally("")
	if known := t.Read - t.Skipped[reasonForm] - t.Skipped[reasonLabel] - t.Skipped[reasonLong]; known == 0 {
		return fmt.Errorf("none of its %d lines holds an indicator", t.Read)
	}
	return nil
}

// uncomment drops a comment: at the start of a line, or behind a space.
func uncomment(line string) string {
	if strings.HasPrefix(line, "//") {
		return ""
	}
	for i := range len(line) {
		if c := line[i]; (c == '#' || c == ';') && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t') {
			return strings.TrimSpace(line[:i])
		}
	}
	return line
}

func (f *file) addPlain(text string) {
	words := strings.Fields(text)
	if len(words) > 1 {
		switch {
		case isNowhere(words[0]):
			for _, name := range words[1:] {
				f.addHosts(name)
			}
			return
		case isAddr(words[0]) && isAddr(words[1]):
			f.skip("", reasonRange)
			return
		}
	}
	f.add(words[0], Indicator{})
}

// addHosts takes a name of a hosts file, which also names the machine itself there.
func (f *file) addHosts(name string) {
	if strings.HasPrefix(name, "localhost") || isAddr(name) {
		f.skip("", reasonInternal)
		return
	}
	f.add(name, Indicator{})
}

func isNowhere(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && (a.IsUnspecified() || a.IsLoopback())
}

func isAddr(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}
