package place

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/netip"
)

// readTable reads a CSV or TSV table.
func (s *Snapshot) readTable(data []byte) error {
	if s.Day == 0 {
		return errors.New("a table has no date of its own: name its day")
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma = delimiter(data)
	r.Comment = '#'
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	r.ReuseRecord = true
	var all spans
	var cols columns
	for first := true; ; first = false {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if first {
			var header bool
			if cols, header, err = columnsOf(row, r.Comma); err != nil {
				return err
			}
			if header {
				continue
			}
		}
		sp, err := cols.span(row)
		if err != nil {
			line, _ := r.FieldPos(0)
			return fmt.Errorf("line %d: %w", line, err)
		}
		if sp.mark != (mark{}) {
			all.add(sp)
		}
	}
	return s.accept(all)
}

func delimiter(data []byte) rune {
	for line := range bytes.Lines(data[:min(len(data), 1<<16)]) {
		if !bytes.HasPrefix(line, []byte("#")) && bytes.IndexByte(line, '\t') > 0 {
			return '\t'
		}
		if !bytes.HasPrefix(line, []byte("#")) {
			break
		}
	}
	return ','
}

// span reads the range of one row.
func (c *columns) span(row []string) (span, error) {
	sp, err := c.extent(row)
	if err != nil {
		return sp, err
	}
	sp.mark.country = country(field(row, c.country))
	sp.mark.as, err = parseAS(field(row, c.as))
	return sp, err
}

func (c *columns) extent(row []string) (span, error) {
	if c.cidr >= 0 {
		p, err := parsePrefix(field(row, c.cidr))
		if err != nil {
			return span{}, err
		}
		return spanOf(p, mark{}), nil
	}
	first, err := netip.ParseAddr(field(row, c.first))
	if err != nil {
		return span{}, err
	}
	last, err := netip.ParseAddr(field(row, c.last))
	if err != nil {
		return span{}, err
	}
	sp := span{first: pointOf(first), last: pointOf(last)}
	if first.Unmap().Is4() != last.Unmap().Is4() || sp.last.compare(sp.first) < 0 {
		return span{}, fmt.Errorf("range %s-%s ends before it begins", first, last)
	}
	return sp, nil
}

// parsePrefix reads a CIDR block, or an address as the block of one.
func parsePrefix(text string) (netip.Prefix, error) {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p.Masked(), nil
	}
	a, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("%.80q is no CIDR block and no address", text)
	}
	return netip.PrefixFrom(a, a.BitLen()), nil
}

// spanOf is the extent of a masked prefix.
func spanOf(p netip.Prefix, m mark) span {
	bits := p.Bits()
	if p.Addr().Is4() {
		bits += 96
	}
	first := pointOf(p.Addr())
	last := first
	switch {
	case bits == 0:
		last = point{^uint64(0), ^uint64(0)}
	case bits <= 64:
		last = point{first.hi | (1<<(64-bits) - 1), ^uint64(0)}
	default:
		last.lo |= 1<<(128-bits) - 1
	}
	return span{first, last, m}
}
