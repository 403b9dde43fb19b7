package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/note"

	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify/bundle"
)

func challengeNewCommand(s streams) *cobra.Command {
	var keyFile, newKey, out string
	var round, k uint64
	c := &cobra.Command{
		Use:   "new BUNDLE FIGURE",
		Short: "Write a signed demand, which anybody may send to the publisher",
		Long: `Write a demand that a public beacon yet to come draws members of a figure, and that the
publisher opens them. Send it to him at least 35 minutes before the round, and
log it elsewhere too: if it is missing in his ledger, he withheld it. To the round that
the statement names it adds your nonce; a later round, of the 366 days behind it, is a further
audit, as far as the budget of the statement goes.`,
		Example: `  tallystick challenge new bundle.tar control.hosts.0011223344556677 --key me.key --new-key me.example --round 31000000`,
		Args:    cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := newChallenge(args[0], args[1], keyFile, newKey, round, k)
			if err != nil {
				return err
			}
			write := func(w io.Writer) error { _, err := w.Write(text); return err }
			if out == "" {
				return write(s.out)
			}
			return writeWhole(out, write)
		},
	}
	f := c.Flags()
	f.StringVar(&keyFile, "key", "", "file of your signing key (golang.org/x/mod/sumdb/note)")
	f.StringVar(&newKey, "new-key", "", "make the key, under this name")
	f.Uint64Var(&round, "round", 0, "round of drand's quicknet (default: the statement's own)")
	f.Uint64Var(&k, "k", 299, "how many members to open, in a later round")
	f.StringVar(&out, "out", "", "file of the challenge (default: standard output)")
	return c
}

func newChallenge(path, id, keyFile, newKey string, round, k uint64) ([]byte, error) {
	demands, err := bundle.DemandsOf(path, bundle.Trust{})
	if err != nil {
		return nil, err
	}
	var own *bundle.Demand
	for i := range demands {
		if d := &demands[i]; d.Statement.ID == id && d.Round == d.Statement.AuditRound {
			own = d
		}
	}
	if own == nil {
		return nil, usage(fmt.Errorf("the bundle has no figure %q", id))
	}
	if round == 0 {
		round = own.Round
	}
	signer, vkey, err := challengerKey(keyFile, newKey)
	if err != nil {
		return nil, err
	}
	challenge := proof.Challenge{Figure: own.Digest, Challenger: vkey, Round: round, K: k}
	if _, err := rand.Read(challenge.Nonce[:]); err != nil {
		return nil, err
	}
	if err := challenge.Sign(signer); err != nil {
		return nil, err
	}
	return challenge.Build()
}

// challengerKey reads a signing key, or makes one.
func challengerKey(path, newName string) (note.Signer, string, error) {
	if path == "" {
		return nil, "", usage(errors.New("--key is missing"))
	}
	if newName != "" {
		skey, _, err := note.GenerateKey(rand.Reader, newName)
		if err != nil {
			return nil, "", err
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return nil, "", err
		}
		_, err = f.WriteString(skey + "\n")
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, "", err
		}
	}
	text, err := readBounded(path)
	if err != nil {
		return nil, "", err
	}
	skey := strings.TrimSpace(string(text))
	signer, err := note.NewSigner(skey)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", path, err)
	}
	parts := strings.SplitN(skey, "+", 5)
	seed, err := base64.StdEncoding.DecodeString(parts[len(parts)-1])
	if err != nil || len(seed) != 1+ed25519.SeedSize {
		return nil, "", fmt.Errorf("%s: not an Ed25519 key", path)
	}
	vkey, err := note.NewEd25519VerifierKey(signer.Name(), ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey))
	return signer, vkey, err
}
