package place

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"strconv"

	ts "github.com/tallystick/tallystick"
)

// tableHeader names the columns of the table that WriteTo writes and Open reads.
const tableHeader = "start,end,country,as\n"

// WriteTo writes the placed ranges in rising order as a CSV table of first and last
// address, country and AS, unknown ones empty. Open reads it back; equal content has equal
// bytes.
func (s *Snapshot) WriteTo(w io.Writer) (int64, error) {
	b := bufio.NewWriterSize(w, 1<<16)
	n, err := b.WriteString(tableHeader)
	total := int64(n)
	var line []byte
	for i, step := range s.steps {
		if err != nil {
			return total, err
		}
		if step.mark == (mark{}) {
			continue
		}
		end := point{}
		if i+1 < len(s.steps) {
			end = s.steps[i+1].at
		}
		line = appendLines(line[:0], step, end)
		n, err = b.Write(line)
		total += int64(n)
	}
	if err != nil {
		return total, err
	}
	return total, b.Flush()
}

// WriteSource writes the bytes that Digest names, decompressed: those that OpenFrom read, or
// of the embedded data set its table. Open reads them back. It fails where they have
// changed since; what was written then is of no use.
func (s *Snapshot) WriteSource(w io.Writer) (int64, error) {
	if s.source == nil {
		return 0, fmt.Errorf("places %s: was not opened from where it can be read again", s.Name)
	}
	return s.source(w)
}

// appendLines writes the range from the step up to end, cut where the family changes.
func appendLines(dst []byte, s step, end point) []byte {
	for _, border := range []point{firstIPv4, behindIPv4} {
		if s.at.compare(border) < 0 && (end == point{} || border.compare(end) < 0) {
			dst = appendRange(dst, s, border.previous())
			s.at = border
		}
	}
	return appendRange(dst, s, point{end.hi, end.lo}.previous())
}

func appendRange(dst []byte, s step, last point) []byte {
	dst = s.at.addr().AppendTo(dst)
	dst = append(dst, ',')
	dst = last.addr().AppendTo(dst)
	dst = append(dst, ',')
	p := s.mark.place()
	dst = append(dst, p.Country...)
	dst = append(dst, ',')
	if p.AS != 0 {
		dst = strconv.AppendUint(dst, uint64(p.AS), 10)
	}
	return append(dst, '\n')
}

// digest names the snapshot by its own table.
func (s *Snapshot) digest() error {
	h := sha256.New()
	if _, err := s.WriteTo(h); err != nil {
		return err
	}
	s.Digest = ts.Digest(h.Sum(nil))
	return nil
}
