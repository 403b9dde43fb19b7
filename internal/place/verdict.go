package place

import (
	"fmt"
	"slices"
	"strings"

	ts "github.com/tallystick/tallystick"
)

// Verdict says how the answers of several data sets make one: whether an address counts
// as placed in a group of countries.
type Verdict uint8

// The verdicts. Lower, Majority and Upper of a count bound what the data sets leave open.
const (
	First Verdict = iota // the first-named data set says so
	L                    // lower: at least two data sets answer and all of them say so
	P                    // plurality: a strict majority of those answering says so
	U                    // upper: any data set says so
)

var verdictNames = [...]string{"first", "L", "P", "U"}

// String returns the word of the verdict in a recipe.
func (v Verdict) String() string { return verdictNames[v] }

// ParseVerdict reads the word of a verdict, in either case; "" is First.
func ParseVerdict(s string) (Verdict, error) {
	if s == "" {
		return First, nil
	}
	for i, name := range verdictNames {
		if strings.EqualFold(s, name) {
			return Verdict(i), nil
		}
	}
	return 0, fmt.Errorf("verdict %q is none of %q", s, verdictNames)
}

// In reports whether an end lies in the group under the verdict, given its country by the
// first-named data set and what all of them say (Atlas.At). A nil group holds everything,
// unknown places too. Where places is "", because all agree or there is but one data set,
// every verdict is First: a single data set has no bounds of its own to give.
func (v Verdict) In(first ts.Country, places string, group []ts.Country) bool {
	if group == nil {
		return true
	}
	if v == First || places == "" {
		return slices.Contains(group, first)
	}
	answering, inside := 0, 0
	for part := range strings.SplitSeq(places, ";") {
		country, _, _ := strings.Cut(part, "/")
		if country == "" {
			continue
		}
		answering++
		if slices.Contains(group, ts.Country(country)) {
			inside++
		}
	}
	switch v {
	case L:
		return answering >= 2 && inside == answering
	case P:
		return 2*inside > answering
	default:
		return inside > 0
	}
}
