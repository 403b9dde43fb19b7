package bundle

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify"
)

// checkWhole checks that the bundle is what the user's key signed. Where it is not, no more
// is checked: what is missing or false may be the doing of whoever handed it on.
func (a *archive) checkWhole(r *Result, trust Trust) bool {
	c := check{what: "the bundle is whole: as the ledger's key signed it",
		proves: "what is missing in it, or false, is its publisher's doing, and of nobody who handed it on",
		not:    "that there is nothing newer: ask him for it"}
	if trust.Key == "" {
		r.add(c, verify.NotChecked, "nobody vouches for a key: give it with --key")
		return true
	}
	verifier, err := proof.ReadVerifier(trust.Key)
	if err != nil {
		return r.add(c, verify.Malformed, "key: %v", err)
	}
	if err := a.whole(verifier); err != nil {
		return r.add(c, verify.Malformed, "%v: it was changed on its way, or the key is of another ledger: get both from their owner", err)
	}
	return r.add(c, verify.True, "")
}

func (a *archive) whole(by note.Verifier) error {
	signed, err := a.read(proof.WholeName, maxNote)
	if err != nil {
		return err
	}
	if lines := strings.SplitN(string(signed), "\n", 3); len(lines) == 3 && lines[1] != by.Name() {
		return fmt.Errorf("your key is of %s, the bundle of %.60q", by.Name(), lines[1])
	}
	n, err := note.Open(signed, note.VerifierList(by))
	if err != nil {
		return errors.New("your key did not sign it")
	}
	sum := proof.NewWhole()
	for _, name := range slices.Sorted(slices.Values(a.order)) {
		d, err := a.digest(name)
		if err != nil {
			return err
		}
		if want, ok := strings.CutPrefix(name, "places/"); ok && d.String() != want {
			return fmt.Errorf("%s has other content", name)
		}
		if proof.InWhole(name) {
			sum.Add(name, d)
		}
	}
	if n.Text != sum.Text(by.Name()) {
		return errors.New("its files are not those that were signed")
	}
	return nil
}

// digest returns the SHA-256 of a file.
func (a *archive) digest(name string) (d ts.Digest, err error) {
	x := a.files[name]
	h := sha256.New()
	_, err = io.Copy(h, io.NewSectionReader(a.file, x.offset, x.size))
	return ts.Digest(h.Sum(nil)), err
}
