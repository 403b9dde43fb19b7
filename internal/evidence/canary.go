package evidence

import "github.com/tallystick/tallystick/proof"

// ReasonCanary is why the values of a revealed list of canaries are excluded: a neutral made
// flows of its own with them, which nobody suffered.
const ReasonCanary = "a neutral's canary"

// addCanary takes the values of a reveal out of every later count. A commitment, which stands
// in the neutral's own ledger, tells nothing and changes nothing.
func (v *View) addCanary(i uint64, entry []byte) (reveals bool, err error) {
	_, c, err := proof.ParseCanaryEntry(entry)
	if err != nil || c == nil {
		return false, err
	}
	for _, value := range c.Values {
		v.Exclusions = append(v.Exclusions, Exclusion{Index: i, Value: value, Reason: ReasonCanary})
	}
	return true, nil
}
