package bundle

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify"
)

// TestRelay: whoever hands a bundle on can leave a file out, or change one, and have it called
// malformed: never false, which would be said of its publisher.
func TestRelay(t *testing.T) {
	b, trust := small(t)
	a, err := openArchive(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range a.order {
		x := a.files[name]
		changed := slices.Clone(b)
		changed[x.offset+x.size/2] ^= 1
		padded := (x.size + 511) / 512 * 512
		for what, doctored := range map[string][]byte{"changed": changed, "left out": slices.Concat(b[:x.offset-512], b[x.offset+padded:])} {
			r := checked(doctored, trust)
			if r.ExitCode() != 2 || slices.ContainsFunc(r.Lines, func(l Line) bool { return l.Status == verify.False }) {
				t.Errorf("%s %s: exit code %d, %v", name, what, r.ExitCode(), r.Lines)
			}
			if proof.InWhole(name) && len(r.Sentences) > 0 {
				t.Errorf("%s %s: %q", name, what, r.Sentences)
			}
		}
	}
}

// TestWholeNeedsTheKey: a bundle is of whom the user's key is; without one all else is
// checked, and nobody vouches for it.
func TestWholeNeedsTheKey(t *testing.T) {
	b, trust := small(t)
	other := makeWitness("x").vkey
	for key, says := range map[string]string{
		trust.Key: "true", "": "NOT CHECKED", "nonsense": "MALFORMED", other: "MALFORMED",
		ledgerKey(t).vkey: "MALFORMED", // of the same name
	} {
		r := checked(b, Trust{Key: key, Policy: trust.Policy})
		if l := r.Lines[0]; !strings.HasPrefix(l.What, "the bundle is whole") || l.Status.String() != says || (says == "MALFORMED") != (len(r.Lines) == 1) {
			t.Errorf("key %q: %v", key, r.Lines)
		}
	}
}

// ledgerKey is another key of the name of the small bundle's ledger.
func ledgerKey(t *testing.T) madeWitness {
	b, _ := small(t)
	return takeApart(t, b).ledgerKey()
}
