// Package wording knows how numbers, counted things and foreign text are written for
// people. It must never know what they speak of.
package wording

import (
	"strconv"
	"strings"
	"unicode"
)

// Thousands writes n with separators: 1,180,000.
func Thousands(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Plural writes a number of things: "1 row", "2 rows", "0 rows".
func Plural(n uint64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Thousands(n) + " " + many
}

// Printable replaces what a terminal would act on: logs, bundles, and so names and errors,
// are written by attackers. Line ends and tabs are kept.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || unicode.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, s)
}
