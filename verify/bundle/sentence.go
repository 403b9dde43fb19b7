package bundle

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/proof"
)

// sentence composes what the checks support. It quotes nothing of the publisher's but
// fields that were checked.
func (f *figure) sentence(o *outcome) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", subject(&f.rule), amount(f.N, &f.rule))
	fmt.Fprintf(&b, ", by %s, on %s, %s to %s", countryWords(f.By), countryWords(f.On), f.Window.From, f.Window.Last())
	if o == nil {
		b.WriteString("; not audited: nothing bounds how many of them are invented")
	} else {
		f.shown(&b, o)
	}
	switch {
	case !f.dates:
		b.WriteString("; when the rule was made is not known")
	case f.late > 0:
		fmt.Fprintf(&b, "; the rule was logged LATE, %d seconds after the window opened", f.late)
	default:
		b.WriteString("; the rule was logged before the window opened")
	}
	if f.again {
		b.WriteString("; the ledger states it again later")
	}
	b.WriteString(f.madeUp())
	b.WriteString(". It may be too low: nothing here checks that.")
	return b.String()
}

// shown says what the audits bound.
func (f *figure) shown(b *strings.Builder, o *outcome) {
	fmt.Fprintf(b, "; at least %d of them shown, at the level 1 - %s, by opening %d (attempt %d) of rows committed within %s of their day",
		f.N-o.bad, level(o.attempt), o.opened, o.attempt, span(f.rule.Seal))
	if o.among > o.attempt {
		fmt.Fprintf(b, "; at least %d, at the level 1 - %s, counted as attempt %d among figures of the like that share days and countries with it",
			f.N-o.most, level(o.among), o.among)
	}
	if n := len(f.rounds); n > 1 || f.failed > 0 {
		fmt.Fprintf(b, "; audits asked: %d, judged here: %d, failed: %d", n, f.judged, f.failed)
	}
	if o.words > 0 {
		fmt.Fprintf(b, "; ends of opened rows placed by the word of their own sensors: %d", o.words)
	}
}

// longSeal is beyond what it takes to collect logs: who commits to rows later had time to make
// them up for what he wants to show.
const longSeal = 7 * 86400

// span tells how long after their day rows may be committed.
func span(seconds uint64) string {
	text := fmt.Sprintf("%d seconds", seconds)
	if seconds > longSeal {
		text += fmt.Sprintf(" (%d days: LONG)", seconds/86400)
	}
	return text
}

// sourceWords names the data set that places a rule's rows.
func sourceWords(name string) string {
	if name == "" {
		return "any data set"
	}
	return fmt.Sprintf("%.60s", ts.AppendEscaped(nil, name))
}

// subject says what a rule counts. The name of a measure is its publisher's word: it is said
// only where the rule is the measure's own. Else the rule's fields are said.
func subject(r *proof.Rule) string {
	m, err := measure.ByName(r.Measure)
	if err == nil && means(r, &m) {
		return m.Name
	}
	var classes, grades []string
	for _, c := range r.Classes {
		classes = append(classes, c.String())
	}
	for _, g := range r.Grades {
		grades = append(grades, g.String())
	}
	text := strings.Join(classes, " or ") + ", " + strings.Join(grades, " or ")
	switch r.Member {
	case ts.MemberPerp:
		text += ", the perpetrators"
	case ts.MemberVictim:
		text += ", the victims"
	}
	if r.Without != 0 {
		text += ", without " + strings.Join(r.Without.Words(), ", ")
	}
	return text
}

// means reports whether a rule counts what the measure does, of classes, grades, members and
// units, and leaves out at least what the measure leaves out.
func means(r *proof.Rule, m *measure.Measure) bool {
	grades := measure.GradesOf(r.Grades...)
	return slices.Equal(r.Classes, []ts.Class{m.Class}) && grades == m.Grades && r.Member == m.Member &&
		r.Unit == string(m.Unit) && r.Without&m.Without == m.Without && m.Bearing == 0
}

// madeUp says which reserved addresses the figure may count: those that sensors declare to be
// public, unless the rule leaves their rows out.
func (f *figure) madeUp() string {
	if f.rule.Without.Has(ts.FlagSynthetic) {
		return ""
	}
	var blocks []netip.Prefix
	for _, p := range f.ledger.public {
		if p.index < f.EvidenceSize {
			blocks = append(blocks, p.block)
		}
	}
	slices.SortFunc(blocks, netip.Prefix.Compare)
	blocks = slices.Compact(blocks)
	if len(blocks) == 0 {
		return ""
	}
	more := ""
	if len(blocks) > mostBlocks {
		blocks, more = blocks[:mostBlocks], " and others"
	}
	return fmt.Sprintf("; SYNTHETIC: addresses of %s%s count as public, though they are nobody's", prefixes(blocks), more)
}

// mostBlocks bounds a list for people.
const mostBlocks = 5

// amount says how many members of a rule's unit there are.
func amount(n uint64, r *proof.Rule) string {
	word, more := r.Unit, "s"
	if word == "ip-address" {
		word, more = "IP address", "es"
	}
	if n == 1 {
		more = ""
	}
	text := fmt.Sprintf("%d %s%s", n, word, more)
	if r.Net64 {
		text += " (IPv6 by /64)"
	}
	return text
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
