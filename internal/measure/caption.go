package measure

import "strings"

// words are the units for people, one and many.
func (u Unit) words() (one, many string) {
	switch u {
	case Addresses:
		return "IP address", "IP addresses"
	default:
		return string(u), string(u) + "s"
	}
}

// Noun returns the word for n of the unit.
func (u Unit) Noun(n uint64) string {
	one, many := u.words()
	if n == 1 {
		return one
	}
	return many
}

// Caption says in words what n of the measure are, without the number: "IP addresses
// placed in US answered as control servers to addresses placed in CN". by and on name
// groups of countries, "" any. A place is the machine's; nothing is said of an actor.
func (m *Measure) Caption(n uint64, by, on string) string {
	placed := func(before, group string) string {
		if group == "" {
			return ""
		}
		return before + "placed in " + group
	}
	a, s := "", "s"
	if n == 1 {
		a, s = "a ", ""
	}
	return strings.NewReplacer(
		"{unit}", m.Unit.Noun(n), "{a}", a, "{s}", s,
		"{by}", placed(" ", by),
		"{on}", placed(" ", on),
		"{to}", placed(" to addresses ", on),
		"{ofon}", placed(" of addresses ", on),
		"{fromby}", placed(" from addresses ", by),
	).Replace(m.phrase)
}
