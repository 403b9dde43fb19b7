package intel

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/tallystick/tallystick"
)

// precedes is the order of precedence, in which the best of several matches comes
// first, and the canonical order of a set. It is total: only equal indicators compare 0.
func precedes(a, b *Indicator) int {
	if c := cmp.Compare(classRank(a), classRank(b)); c != 0 {
		return c
	}
	if c := compareBool(a.Family != "", b.Family != ""); c != 0 {
		return c
	}
	if c := specific(a, b); c != 0 {
		return c
	}
	if c := compareBool(!a.Undated(), !b.Undated()); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Feed, b.Feed); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Value, b.Value); c != 0 {
		return c
	}
	return remaining(a, b)
}

// compareBool puts true first.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// classRank orders the classes by weight, then pure roles, then vetoes.
func classRank(i *Indicator) int {
	order := [...]tallystick.Class{
		tallystick.Control, tallystick.Spyware, tallystick.Phishing,
		tallystick.Backdoor, tallystick.Attempt, tallystick.Exfiltration,
	}
	switch {
	case i.Class != 0:
		return slices.Index(order[:], i.Class)
	case i.Role != 0:
		return len(order)
	}
	return len(order) + 1
}

// specific puts the narrower value first: address and port before address before the
// longest prefix; the longer name or path first.
func specific(a, b *Indicator) int {
	if a.Kind != b.Kind {
		return cmp.Compare(breadth(a.Kind), breadth(b.Kind))
	}
	switch a.Kind {
	case KindPrefix:
		return cmp.Compare(prefixBits(b.Value), prefixBits(a.Value))
	case KindDomain, KindURL, KindPath:
		return cmp.Compare(len(b.Value), len(a.Value))
	}
	return 0
}

func breadth(k Kind) int {
	switch k {
	case KindAddrPort:
		return 0
	case KindAddr:
		return 1
	}
	return int(k)
}

func prefixBits(s string) int {
	_, bits, _ := cutLast(s, '/')
	n, _ := strconv.Atoi(bits)
	return n
}

func remaining(a, b *Indicator) int {
	return cmp.Or(
		cmp.Compare(a.Family, b.Family),
		compareBool(a.Exact, b.Exact),
		cmp.Compare(a.Role, b.Role),
		cmp.Compare(a.From, b.From),
		cmp.Compare(a.To, b.To),
		cmp.Compare(b.Confidence, a.Confidence),
		compareBool(a.Veto, b.Veto),
	)
}
