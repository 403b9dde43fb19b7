package report

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
)

var (
	countryCode = regexp.MustCompile(`\b[A-Z]{2}(?:\+[A-Z]{2})*\b`)
	accusation  = regexp.MustCompile(`(?i)\b(attackers?|hackers?|(?:the )?U\.S\.|China|America|Russia|government|state-sponsored|nationality of)`)
	machine     = regexp.MustCompile(`(?i)\b(hosts?|computers?|PCs?)\b`)
)

// lint refuses what a sentence of a report may never say: a country that is not the place of
// something, a country as an actor, a machine where addresses were counted.
func lint(s string) error {
	s = strings.ReplaceAll(s, "IP ", "") // two capitals that are no country
	if m := machine.FindString(s); m != "" {
		return fmt.Errorf("%q says %q of addresses", s, m)
	}
	if m := accusation.FindString(s); m != "" {
		return fmt.Errorf("%q says %q", s, m)
	}
	for _, at := range countryCode.FindAllStringIndex(s, -1) {
		if !strings.HasSuffix(s[:at[0]], "placed in ") {
			return fmt.Errorf("%q names %s otherwise than as a place", s, s[at[0]:at[1]])
		}
	}
	return nil
}

func TestLint(t *testing.T) {
	for s, good := range map[string]bool{
		"2,077 (1,990 to 2,101) IP addresses that databases say are placed in US were seen as control servers": true,
		"the U.S. attacks China with 2,077 servers":                                                            false,
		"US controls 1,180,000 IP addresses placed in CN":                                                      false,
		"1,180,000 hosts placed in CN":                                                                         false,
		"2,016 IP addresses placed in US+HK used web shells":                                                   true,
		"attackers placed in US":                                                                               false,
	} {
		if err := lint(s); (err == nil) != good {
			t.Errorf("lint(%q) = %v, want good %t", s, err, good)
		}
	}
}

// TestSentencesAreLinted asks every measure in every direction and lints all its words.
func TestSentencesAreLinted(t *testing.T) {
	groups := [][]ts.Country{nil, {"US"}, {"CN", "HK"}, {"FR"}}
	for _, m := range measure.All() {
		for _, by := range groups {
			for _, on := range groups {
				if by != nil && !m.HasBy {
					continue
				}
				f, err := Figure(context.Background(), madeEngine(), madeEvidence(), Ask{Measure: m, Window: testWindow, By: by, On: on})
				if err != nil {
					t.Fatal(err)
				}
				errs := []error{lint(f.Sentence)}
				for _, p := range f.Bounds.Parts {
					errs = append(errs, lint(p.Text))
				}
				if err := errors.Join(errs...); err != nil {
					t.Errorf("%s by %v on %v: %v", m.Name, by, on, err)
				}
			}
		}
	}
}

func TestTitlesAreLinted(t *testing.T) {
	for _, q := range []Request{{}, {By: us}, {On: cn}, {By: us, On: []ts.Country{"CN", "HK"}, Window: testWindow}} {
		if err := lint(title(q)); err != nil {
			t.Error(err)
		}
	}
}
