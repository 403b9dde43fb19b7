package publish

import (
	"fmt"
	"slices"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/proof"
)

// RuleOf returns the rule of a measure over a scope. Members are public ones only: rows
// whose counted end is known only together with its sensor are left out. Seal, Net64,
// PlaceSource and Challengers are the caller's.
func RuleOf(m *measure.Measure, scope proof.Scope) proof.Rule {
	r := proof.Rule{
		Measure: m.Name, Unit: string(m.Unit), Scope: scope, Member: m.Member,
		Classes: []ts.Class{m.Class}, Without: m.Without,
	}
	for _, g := range []ts.Grade{ts.LookedUp, ts.Attempted, ts.Established} {
		if m.Grades.Has(g) {
			r.Grades = append(r.Grades, g)
		}
	}
	switch m.Member {
	case ts.MemberPerp, ts.MemberAttack:
		r.Without |= ts.FlagPerpInternal
	case ts.MemberVictim, ts.MemberContact:
		r.Without |= ts.FlagVictimInternal
	}
	if m.Member.Slotted() {
		r.Bucket = ts.SlotSeconds
	}
	r.By, r.On = sorted(scope.By), sorted(scope.On)
	r.ID = strings.Join([]string{m.Name, group(r.By), group(r.On), scope.Window.From.String(), scope.Window.Last().String()}, "_")
	if len(r.ID) > maxWord {
		r.ID = r.ID[:maxWord]
	}
	return r
}

// maxWord is the longest word of the protocol.
const maxWord = 80

func sorted(countries []ts.Country) []ts.Country {
	return slices.Compact(slices.Sorted(slices.Values(countries)))
}

func group(countries []ts.Country) string {
	if len(countries) == 0 {
		return "any"
	}
	words := make([]string, len(countries))
	for i, c := range countries {
		words[i] = string(c)
	}
	return strings.Join(words, "+")
}

// sameCount reports whether two rules count the same members of the same rows.
func sameCount(a, b *proof.Rule) bool {
	return a.Measure == b.Measure && a.Unit == b.Unit && a.Scope.Equal(&b.Scope) && a.Member == b.Member &&
		slices.Equal(a.Classes, b.Classes) && slices.Equal(a.Grades, b.Grades) && a.Without == b.Without
}

// OpenRule logs a rule and returns its entry; existed says that it was there already, word
// for word, and nothing was added.
func OpenRule(l *ledger.Ledger, r *proof.Rule) (index uint64, existed bool, err error) {
	entry, err := r.Build()
	if err != nil {
		return 0, false, err
	}
	_, err = l.Commit(func(head ledger.Head) ([][]byte, error) {
		v, err := evidence.Read(l)
		if err != nil {
			return nil, err
		}
		for _, old := range v.Rules {
			if old.Digest == ts.DigestOf(entry) {
				index, existed = old.Index, true
				return nil, nil
			}
		}
		index, existed = head.Size, false
		return [][]byte{entry}, nil
	})
	if err != nil {
		err = fmt.Errorf("logging a rule: %w", err)
	}
	return index, existed, err
}
