package bundle

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/note"

	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify"
)

// checkSignatures checks that the user's key signed every checkpoint.
func (l *history) checkSignatures(r *Result, trust Trust) {
	c := check{what: fmt.Sprintf("all %d checkpoints are signed by the ledger's key, of states that the %d entries went through", len(l.heads), l.size()),
		proves: "whoever holds the key stands by these entries, and showed this bundle no two histories",
		not:    "that others were shown the same history: compare the checkpoint with theirs, or ask for witnesses"}
	if trust.Key == "" {
		r.add(c, verify.NotChecked, "nobody vouches for a key: give it with --key")
		return
	}
	verifier, err := proof.ReadVerifier(trust.Key)
	if err != nil {
		r.add(c, verify.Malformed, "key: %v", err)
		return
	}
	if verifier.Name() != l.origin {
		err = fmt.Errorf("the key is of %s, the bundle of %.60q", verifier.Name(), l.origin)
	}
	for _, h := range l.heads {
		if err != nil {
			break
		}
		if _, e := note.Open(h.note, note.VerifierList(verifier)); e != nil {
			err = fmt.Errorf("size %d: %w", h.size, e)
		}
	}
	r.settle(c, err, "%s", trust.Key)
}

// checkTimes dates the checkpoints by the user's policy.
func (l *history) checkTimes(r *Result, trust Trust) {
	c := check{what: "witnesses of your policy saw the checkpoints",
		proves: "entries below a dated checkpoint existed at its time, and no witness saw another history",
		not:    "that an entry is no older"}
	if trust.Policy == nil {
		r.add(c, verify.NotChecked, "no policy: give one with --policy; without it nothing has a date")
		return
	}
	if trust.Policy.N <= 0 {
		r.add(c, verify.NotChecked, "the policy asks for no witness, so nothing has a date")
		return
	}
	dated := 0
	for _, h := range l.heads {
		if h.time = timeOf(h.note, trust.Policy); h.time > 0 {
			dated++
		}
	}
	l.spread()
	if dated == 0 {
		r.add(c, verify.NotChecked, "none of %d checkpoints has the cosignatures that the policy asks for", len(l.heads))
		return
	}
	r.add(c, verify.True, "%d of %d", dated, len(l.heads))
}

// dated returns the time by which entry i existed, 0 where nobody says: the least time of a
// checkpoint that holds it.
func (l *history) dated(i uint64) int64 {
	at, _ := slices.BinarySearchFunc(l.heads, i+1, func(h *head, size uint64) int { return cmp.Compare(h.size, size) })
	if at == len(l.heads) {
		return 0
	}
	return l.heads[at].since
}

// spread gives each checkpoint the least time of those that hold as much, and finds the
// latest of all.
func (l *history) spread() {
	var least int64
	for _, h := range slices.Backward(l.heads) {
		l.latest = max(l.latest, h.time)
		if h.time > 0 && (least == 0 || h.time < least) {
			least = h.time
		}
		h.since = least
	}
}

// checkKeys checks that whoever logged a key knows its secret, and no key twice.
func (l *history) checkKeys(r *Result) {
	if len(l.keys) == 0 {
		return
	}
	seen, reports := map[[32]byte]bool{}, map[string]bool{}
	var failed error
	for i := range l.size() {
		k, ok := l.keys[i]
		if !ok {
			continue
		}
		err := k.Check()
		switch {
		case err == nil && k.Origin != l.origin:
			err = fmt.Errorf("it is of %.60q", k.Origin)
		case err == nil && seen[k.K]:
			err = errors.New("another entry has the same key")
		case err == nil && reports[k.Report]:
			err = fmt.Errorf("report %.60q has another one", k.Report)
		}
		if err != nil && failed == nil {
			failed = fmt.Errorf("key of entry %d: %w", i, err)
		}
		seen[k.K], reports[k.Report] = true, true
	}
	r.settle(check{what: fmt.Sprintf("who logged a key of tags here knows its secret (keys: %d)", len(l.keys)),
		proves: "nobody else's tags are offered as this publisher's"}, failed, "")
}
