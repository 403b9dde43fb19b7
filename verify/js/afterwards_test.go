//go:build node || python

package js

import (
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// likeRule is another rule, which may be a try at the same figure.
func (w *world) likeRule() *proof.Rule {
	r := *w.rule
	r.ID = "rule-2"
	for range w.rng.IntN(3) {
		pick(w, func() { r.Measure = pick(w, "dead.children", "control.hosts") }, func() { r.Classes = []ts.Class{pick(w, ts.Phishing, ts.Control)} },
			func() { r.By = []ts.Country{"CN"} }, func() { r.On = []ts.Country{"AQ", "CN"} }, func() { r.Grades = []ts.Grade{ts.LookedUp} }, func() { r.Window = ts.Window{From: day0 + 1, To: day0 + 3} },
			func() { r.Member, r.Unit, r.Bucket = ts.MemberName, "domain", 0 })()
	}
	return &r
}

// exclude takes values that rows have out of what is counted, once in n times: by exclusions
// and by canaries, in several spellings.
func (w *world) exclude(n int) {
	for w.chance(n) {
		values := []string{pick(w, "c1.example", "::ffff:240.0.0.3", "2001:DB8::3", "2001:db8::3", "240.0.0.3", "240.0.0.1")}
		if w.chance(2) {
			w.text("tally-exclude/v1", "value "+values[0])
			continue
		}
		if w.chance(2) {
			values = append(values, pick(w, "240.0.0.3", "c2.example", "\u017e.example"))
		}
		slices.Sort(values)
		c := proof.Canary{Nonce: [32]byte{byte(w.rng.IntN(256))}, Values: slices.Compact(values)}
		if w.chance(3) {
			w.logObject(&proof.CanaryCommitment{Commitment: c.Commitment()})
		} else {
			w.logObject(&c)
		}
	}
}

// figures are the digests of all statements so far.
func (w *world) figures() (list []ts.Digest) {
	for _, e := range w.entries {
		if _, err := proof.ParseStatement(e); err == nil {
			list = append(list, ts.DigestOf(e))
		}
	}
	return list
}

// overlap offers a figure to somebody, or logs what others offer each other.
func (w *world) overlap() {
	for w.chance(2) {
		own := proof.Party{Origin: pick(w, origin, origin, origin, "third.example"), Key: ts.Digest{1}, Tags: ts.Digest{2}}
		own.Figure = pick(w, append(w.figures(), ts.Digest{3})...)
		other := proof.Party{Origin: "other.example/with/a/name/that/is/longer/than/sixty/letters/altogether", Figure: ts.Digest{4}, Key: ts.Digest{5}, Tags: ts.Digest{6}}
		offer := proof.Offer{Session: [32]byte{byte(w.rng.IntN(256)), 1, 2, 3, 4, 5, 6, 7, 8, 9}, P: own, Q: other, MaxN: 10, Deadline: beacon + 100}
		if w.chance(2) {
			offer.P, offer.Q = offer.Q, offer.P
		}
		i := w.logObject(&offer)
		if w.chance(2) {
			w.logObject(&proof.Pledge{Offer: ts.DigestOf(w.entries[i]), Prover: pick(w, proof.SideP, proof.SideQ), Answer: ts.Digest{7}})
		}
	}
}

// afterwards logs what comes too late to count: challenges behind an answer, to this round
// or to a later one that somebody answers unasked.
func (w *world) afterwards() {
	if w.chance(3) && len(w.figures()) > 0 {
		w.logObject(&proof.Audit{Figure: w.figures()[0], Round: pick(w, uint64(1000), 1001, 1002), Bad: uint64(w.rng.IntN(3))})
	}
	if w.chance(2) {
		w.challenge(1 + w.rng.IntN(2))
	}
}
