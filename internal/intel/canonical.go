package intel

import "errors"

// Canonical recognises one indicator as feeds write it, and returns its kind and the
// spelling of Indicator.Value. The error says why it is none.
func Canonical(text string) (Kind, string, error) {
	v, reason := parseValue(text)
	if reason != "" {
		return 0, "", errors.New(reason)
	}
	return v.kind, v.text, nil
}
