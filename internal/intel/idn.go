package intel

import (
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// toALabels converts the U-labels of an internationalised name to A-labels by the rules
// of look-up (RFC 5891 section 5, with the mappings of UTS 46).
func toALabels(name string) (string, bool) {
	if !utf8.ValidString(name) {
		return "", false
	}
	mapped, err := idna.Lookup.ToASCII(name)
	return mapped, err == nil
}
