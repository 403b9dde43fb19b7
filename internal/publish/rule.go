package publish

import (
	"fmt"
	"maps"
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

// openRules logs the rules of all drafts at once.
func (p *Publisher) openRules(v *evidence.View, drafts []draft, t Terms) error {
	_, err := p.Ledger.Commit(func(head ledger.Head) ([][]byte, error) {
		if err := v.Extend(p.Ledger); err != nil {
			return nil, err
		}
		return p.rules(v, head.Size, drafts, p.round(t))
	})
	return err
}

// rules finds the rule of each draft in the ledger, and returns the entries of those that
// must be logged now, from entry next on.
func (p *Publisher) rules(v *evidence.View, next uint64, drafts []draft, round uint64) (entries [][]byte, err error) {
	late := map[int64]int{} // rules by days
	for i := range drafts {
		d := &drafts[i]
		d.rule = RuleOf(&d.measure, d.scope)
		if found := findRule(v, &d.rule); found != nil {
			d.rule, d.entry = found.Object, found.Index
			continue
		}
		last, err := proof.BeaconTime(round)
		if err != nil {
			return nil, err
		}
		// Nothing dated behind the round is good, so a longer seal would gain nothing.
		d.rule.Seal = uint64(max(0, last-(d.scope.Window.From+1).Start()))
		d.entry = next + uint64(len(entries))
		entry, err := d.rule.Build()
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry)
		if days := (p.now() - d.scope.Window.From.Start()) / 86400; days >= 0 {
			late[days]++
		}
	}
	for _, days := range slices.Sorted(maps.Keys(late)) {
		p.tell("%d rules are logged LATE, %d days after their window opened: whoever checks the figures is told so. Log them before the window next time: tallystick rule open", late[days], days)
	}
	return entries, nil
}

func findRule(v *evidence.View, r *proof.Rule) *evidence.Logged[proof.Rule] {
	for i := range v.Rules {
		if sameCount(&v.Rules[i].Object, r) {
			return &v.Rules[i]
		}
	}
	return nil
}
