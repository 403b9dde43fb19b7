package evidence

import (
	"slices"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// TestCanary: the values of a reveal count as exclusions from its entry on; a commitment, which
// is the neutral's, is no evidence.
func TestCanary(t *testing.T) {
	l := madeLedger()
	c := &proof.Canary{Nonce: [32]byte{1}, Values: []string{"240.0.0.7", "c2.example"}}
	before := uint64(len(l.entries))
	l.add((&proof.CanaryCommitment{Commitment: c.Commitment()}).Build())
	v, err := Read(l)
	if err != nil || v.EvidenceSize() >= before || len(v.Exclusions) != 1 {
		t.Fatalf("a commitment: evidence of %d entries, exclusions %+v, %v", v.EvidenceSize(), v.Exclusions, err)
	}
	l.add(c.Build())
	if err := v.Extend(l); err != nil {
		t.Fatal(err)
	}
	want := []Exclusion{v.Exclusions[0], {before + 1, "240.0.0.7", ReasonCanary}, {before + 1, "c2.example", ReasonCanary}}
	if !slices.Equal(v.Exclusions, want) || v.EvidenceSize() != before+2 {
		t.Errorf("evidence of %d entries, exclusions %+v", v.EvidenceSize(), v.Exclusions)
	}
	l.add([]byte("tally-canary/v1\ncommitment 00\nnonce 00\nvalue x\n"), nil)
	if err := v.Extend(l); err == nil {
		t.Error("a reveal that is none was read")
	}
}

// TestOverlapEntries: offers and pledges are kept apart, and change nothing that is counted.
func TestOverlapEntries(t *testing.T) {
	l := madeLedger()
	v, err := Read(l)
	if err != nil {
		t.Fatal(err)
	}
	size := v.EvidenceSize()
	o := &proof.Offer{P: proof.Party{Origin: "p.example", Figure: ts.Digest{1}, Key: ts.Digest{2}, Tags: ts.Digest{3}},
		Q: proof.Party{Origin: "q.example", Figure: ts.Digest{4}, Key: ts.Digest{5}, Tags: ts.Digest{6}}, MaxN: 1}
	l.add(o.Build())
	l.add((&proof.Pledge{Prover: proof.SideQ}).Build())
	if err := v.Extend(l); err != nil || v.EvidenceSize() != size {
		t.Fatalf("evidence of %d entries, was %d, %v", v.EvidenceSize(), size, err)
	}
	if len(v.Offers) != 1 || v.Offers[0].Object != *o || len(v.Pledges) != 1 || v.Pledges[0].Index != v.Offers[0].Index+1 {
		t.Errorf("offers %+v, pledges %+v", v.Offers, v.Pledges)
	}
	l.add([]byte("tally-overlap/v1\noffer x\n"), nil)
	if err := v.Extend(l); err == nil {
		t.Error("a pledge that is none was read")
	}
}
