package publish

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"

	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify/bundle"
)

// TestCanaries: of what a neutral planted, the verifier tells what was recorded and what was
// left out; after the reveal no figure counts it, and the figures before it stay as they are.
func TestCanaries(t *testing.T) {
	w, figures := live(t, proof.ModeList)
	c := &proof.Canary{Nonce: [32]byte{9}, Values: []string{"240.1.3.3", "240.1.99.1", "canary.example"}}
	secret := must(c.Build())
	check := func(opened []byte) *bundle.Result {
		b := w.pack(figures)
		r := bundle.CheckBeside(bytes.NewReader(b), int64(len(b)), w.trust(), bundle.Beside{Canary: secret, Opened: opened})
		return r.About(bundle.Canaries)
	}
	wantCode(t, check(nil), 2, "not yet: tallystick canary reveal")
	before := must(evidence.Read(w.house.Ledger)).EvidenceSize()
	index, n, err := RevealCanaries(w.house.Ledger, secret)
	if err != nil || n != 3 || index != w.house.Head().Size-1 {
		t.Fatalf("entry %d, %d canaries, %v", index, n, err)
	}
	if again, _, err := RevealCanaries(w.house.Ledger, secret); again != index || err != nil || w.house.Head().Size != index+1 {
		t.Errorf("revealed again: entry %d, %v", again, err)
	}
	if v := must(evidence.Read(w.house.Ledger)); v.EvidenceSize() == before || len(v.Exclusions) != 3 || v.Exclusions[0].Index != index {
		t.Errorf("evidence of %d entries, exclusions %+v", v.EvidenceSize(), v.Exclusions)
	}
	w.date(knownTime - 6900)
	w.answerKnown(figures, nil)
	wantCode(t, checked(w.pack(figures), w.trust()), 0, "control.hosts: 80 IP addresses")

	opened := must(w.Disclose(t.Context(), figures, []netip.Prefix{netip.MustParsePrefix("240.1.3.3/32"), netip.MustParsePrefix("240.1.99.1/32")}))
	r := check(opened)
	wantCode(t, r, 1, "240.1.99.1 was recorded")
	for _, says := range []string{"canary 240.1.3.3 was recorded: ", "shown to be no member of 3 figures", "no opened row has it", "3 canaries of commitment"} {
		if !strings.Contains(text(r), says) {
			t.Errorf("want %q in:\n%s", says, text(r))
		}
	}

	figures = w.stated(terms(proof.ModeRoot))
	wantCode(t, checked(w.pack(figures), w.trust()), 2, "control.hosts: 79 IP addresses")
}

// TestCanaryStatedAllTheSame: a publisher who goes on counting a canary after its reveal has
// a member that no row shows.
func TestCanaryStatedAllTheSame(t *testing.T) {
	w := newWorld(t)
	w.open("control.hosts")
	w.date(start.Start() - 3600)
	w.readDays(10, 8)
	if _, _, err := RevealCanaries(w.house.Ledger, must((&proof.Canary{Values: []string{"240.1.3.3"}}).Build())); err != nil {
		t.Fatal(err)
	}
	figures := w.stateForged(100, func(w *world, m *members) {
		secret := must(w.secret(must(evidence.Read(w.house.Ledger)).Keys[0].Object.Report))
		list := [][]byte{{4, 240, 1, 3, 3}}
		m.add(list, secret.Tags(list))
	})
	w.answerKnown(figures, nil)
	wantCode(t, checked(w.pack(figures), w.trust()), 1, "1 of 80 could not be shown")
}

// TestBadCanaries: what is no reveal is not logged, nor checked for.
func TestBadCanaries(t *testing.T) {
	w, figures := live(t, proof.ModeRoot)
	size := w.house.Head().Size
	commitment := must((&proof.CanaryCommitment{}).Build())
	for _, text := range [][]byte{nil, []byte("tally\n"), commitment} {
		if _, _, err := RevealCanaries(w.house.Ledger, text); err == nil || w.house.Head().Size != size {
			t.Errorf("%q: %v", text, err)
		}
		if text == nil {
			continue
		}
		b := w.pack(figures)
		wantCode(t, bundle.CheckBeside(bytes.NewReader(b), int64(len(b)), w.trust(), bundle.Beside{Canary: text}), 2, "your canaries are well formed")
	}
}
