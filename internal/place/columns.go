package place

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// columns says where a table holds what; -1 is nowhere.
type columns struct {
	cidr, first, last, country, as int
}

// The names by which published tables call their columns, best first: IPinfo's "country"
// is a name beside "country_code".
const (
	cidrNames    = "network cidr prefix range"
	firstNames   = "start_ip start first ip_range_start range_start"
	lastNames    = "end_ip end last ip_range_end range_end"
	countryNames = "country_code country_iso_code cc country"
	asNames      = "autonomous_system_number asn as_number as"
)

// columnsOf recognises the layout by the first row, which is a header where it holds no
// address.
func columnsOf(row []string, comma rune) (c columns, header bool, err error) {
	if _, err := parsePrefix(field(row, 0)); err == nil {
		c, err = guess(row, comma)
		return c, false, err
	}
	names := make([]string, len(row))
	for i, name := range row {
		names[i] = strings.ToLower(strings.TrimSpace(name))
	}
	c = columns{
		cidr: find(names, cidrNames), first: find(names, firstNames), last: find(names, lastNames),
		country: find(names, countryNames), as: find(names, asNames),
	}
	if c.cidr < 0 && (c.first < 0 || c.last < 0) || c.country < 0 && c.as < 0 {
		return c, true, fmt.Errorf("not recognised: the first line %.80q is neither a range with a country or an AS nor a header", strings.Join(row, ","))
	}
	return c, true, nil
}

// find returns the column with the first of the wanted names that is there.
func find(names []string, wanted string) int {
	for w := range strings.FieldsSeq(wanted) {
		if i := slices.Index(names, w); i >= 0 {
			return i
		}
	}
	return -1
}

// guess recognises a table without header by its first row: the range, then a country and
// perhaps an AS, or an AS and, in a TSV as iptoasn.com's, a country. Elsewhere the column
// behind the AS is the organisation's name, which may well be two letters.
func guess(row []string, comma rune) (columns, error) {
	c := columns{cidr: 0, first: -1, last: -1, country: -1, as: -1}
	next := 1
	if _, err := netip.ParseAddr(field(row, 1)); err == nil {
		c.cidr, c.first, c.last, next = -1, 0, 1, 2
	}
	switch {
	case countryLike(row, next):
		c.country = next
		if asLike(row, next+1) {
			c.as = next + 1
		}
	case asLike(row, next):
		c.as = next
		if comma == '\t' && countryLike(row, next+1) {
			c.country = next + 1
		}
	default:
		return c, fmt.Errorf("not recognised: no country and no AS behind the range in %.80q", strings.Join(row, ","))
	}
	return c, nil
}

// countryLike reports whether field i is written as a country, known or not.
func countryLike(row []string, i int) bool {
	s := field(row, i)
	return i < len(row) && (len(s) == 2 && !strings.ContainsAny(s, "0123456789") || s == "" || s == "-" || s == "None" || s == "Unknown")
}

// asLike reports whether field i is written as an AS.
func asLike(row []string, i int) bool {
	if i >= len(row) {
		return false
	}
	_, err := parseAS(field(row, i))
	return err == nil
}

func field(row []string, i int) string {
	if i < 0 || i >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[i])
}

// parseAS reads 64500 or AS64500. "", "-" and 0 are unknown, which is 0.
func parseAS(s string) (uint32, error) {
	if s == "" || s == "-" {
		return 0, nil
	}
	digits := s
	if len(s) > 2 && strings.EqualFold(s[:2], "AS") {
		digits = s[2:]
	}
	n, err := strconv.ParseUint(digits, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("AS %.40q: want a number below 2^32", s)
	}
	return uint32(n), nil
}
