package bundle

import (
	"fmt"
	"strings"

	ts "github.com/tallystick/tallystick"
)

// sentence composes what the checks support. It quotes nothing of the publisher's but
// fields that were checked.
func (f *figure) sentence(o *outcome) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d %s", f.Measure, f.N, unitWords(f.rule.Unit, f.rule.Net64))
	fmt.Fprintf(&b, ", by %s, on %s, %s to %s", countryWords(f.By), countryWords(f.On), f.Window.From, f.Window.Last())
	switch {
	case o == nil:
		b.WriteString("; not audited: nothing bounds how many of them are invented")
	default:
		fmt.Fprintf(&b, "; at least %d of them shown, at the level 1 - %s, by opening %d (attempt %d)", f.N-o.bad, level(o.attempt), o.opened, o.attempt)
	}
	switch {
	case !f.dates:
		b.WriteString("; when the rule was made is not known")
	case f.late > 0:
		fmt.Fprintf(&b, "; the rule was logged LATE, %d seconds after the window opened", f.late)
	default:
		b.WriteString("; the rule was logged before the window opened")
	}
	b.WriteString(". It may be too low: nothing here checks that.")
	return b.String()
}

func unitWords(unit string, net64 bool) string {
	words := map[string]string{"ip-address": "IP addresses", "site": "sites", "domain": "domains", "attack": "attacks",
		"page": "pages", "contact": "contacts"}[unit]
	if words == "" {
		words = "members"
	}
	if net64 {
		words += " (IPv6 by /64)"
	}
	return words
}

func countryWords(group []ts.Country) string {
	if len(group) == 0 {
		return "any country"
	}
	var words []string
	for _, c := range group {
		words = append(words, string(c))
	}
	return strings.Join(words, "+")
}
