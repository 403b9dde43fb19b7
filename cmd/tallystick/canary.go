package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tallystick/tallystick/internal/intel"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/publish"
	"github.com/tallystick/tallystick/internal/wording"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify/bundle"
)

func canaryCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "canary",
		Short: "Plant flows that only a neutral knows of, and see what a publisher made of them",
		Long: `A neutral sends flows of its own past a publisher's sensors, having committed to the addresses
before. Later it tells them: who left them out is found out, and no later figure counts them.`,
		Example: `  tallystick canary commit --list addresses.txt --out canary.secret --ledger neutral
  tallystick canary reveal canary.secret --ledger ledger
  tallystick canary check bundle.tar --canary canary.secret --openings opened.txt --key VKEY --policy POLICY`,
		Args: noCommand,
		RunE: showHelp,
	}
	c.AddCommand(canaryCommitCommand(s), canaryRevealCommand(s), canaryCheckCommand(s))
	return c
}

func canaryCommitCommand(s streams) *cobra.Command {
	var list, out, dir string
	c := &cobra.Command{
		Use:   "commit --list FILE --out FILE",
		Short: "Commit to a secret list of addresses and names, before flows with them",
		Long: `Read addresses and names, one a line, and write them with a nonce into a file that is to be
kept secret until it is revealed. The commitment is printed as an entry of a ledger, and with
--ledger logged there: in the neutral's own, which witnesses cosign, never in the publisher's.`,
		Example: `  tallystick canary commit --list addresses.txt --out canary.secret --ledger neutral`,
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if list == "" || out == "" {
				return usage(errors.New("want --list and --out"))
			}
			canary, err := readCanaries(list)
			if err != nil {
				return err
			}
			secret, err := canary.Build()
			if err != nil {
				return err
			}
			if err := createSecret(out, secret); err != nil {
				return err
			}
			entry, err := (&proof.CanaryCommitment{Commitment: canary.Commitment()}).Build()
			if err != nil {
				return err
			}
			if dir != "" {
				if err := logEntry(s, dir, entry); err != nil {
					return err
				}
			}
			_, err = s.out.Write(entry)
			return err
		},
	}
	c.Flags().StringVar(&list, "list", "", "file of addresses and names, one a line")
	c.Flags().StringVar(&out, "out", "", "file for the list with its nonce: secret until it is revealed")
	c.Flags().StringVar(&dir, "ledger", "", "folder of the neutral's own ledger, to log the commitment in; made if it is not there")
	return c
}

// readCanaries reads a list of values in whatever spelling, and gives it a nonce.
func readCanaries(path string) (*proof.Canary, error) {
	text, err := readBounded(path)
	if err != nil {
		return nil, err
	}
	c := &proof.Canary{}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		kind, value, err := intel.Canonical(line)
		if err == nil && kind != intel.KindAddr && kind != intel.KindDomain {
			err = errors.New("want a single address or a name")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %q: %w", path, line, err)
		}
		c.Values = append(c.Values, value)
	}
	slices.Sort(c.Values)
	c.Values = slices.Compact(c.Values)
	_, err = rand.Read(c.Nonce[:])
	return c, err
}

// createSecret writes a file that did not exist, for its owner only.
func createSecret(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// logEntry logs a neutral's entry in its own ledger.
func logEntry(s streams, dir string, entry []byte) error {
	l, err := openOrCreate(dir, "")
	if err != nil {
		return err
	}
	head, err := l.Commit(func(ledger.Head) ([][]byte, error) { return [][]byte{entry}, nil })
	if err == nil {
		fmt.Fprintf(s.errs, "entry %d of %s; it has no date until a witness cosigns the checkpoint (tallystick witness ask)\n", head.Size-1, l.Origin())
	}
	return err
}

func canaryRevealCommand(s streams) *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:   "reveal FILE",
		Short: "Log a neutral's list in the publisher's ledger: from then on none of it counts",
		Long: `Log the list that a neutral told, after a checkpoint that witnesses dated behind its last flow.
Rows that have one of its values are taken out of every later count, for all to see.`,
		Example: `  tallystick canary reveal canary.secret --ledger ledger`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := readBounded(args[0])
			if err != nil {
				return err
			}
			l, err := ledger.Open(dir, ledger.Options{})
			if err != nil {
				return fmt.Errorf("%s: %w", dir, err)
			}
			index, n, err := publish.RevealCanaries(l, text)
			if err != nil {
				return err
			}
			fmt.Fprintf(s.out, "entry %d: %s in no later figure\n", index, wording.Plural(uint64(n), "canary counts", "canaries count"))
			return nil
		},
	}
	ledgerFlag(c, &dir)
	return c
}

func canaryCheckCommand(s streams) *cobra.Command {
	var files bundle.Files
	c := &cobra.Command{
		Use:   "check BUNDLE --canary FILE",
		Short: "See which canaries are in rows that the publisher opened",
		Long: `Check a bundle, and what the publisher opened of the canaries' addresses (tallystick open
--mine), and tell of each canary whether an opened row that was sealed before the reveal has
it. Exit code 0: each was recorded; 1: one was left out; 2: of one nothing was opened.`,
		Example: `  tallystick canary check bundle.tar --canary canary.secret --openings opened.txt --key VKEY --policy POLICY`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if files.Canary == "" {
				return usage(errors.New("--canary is missing"))
			}
			return tellAbout(s, args[0], files, bundle.Canaries)
		},
	}
	bundleFlags(c, &files)
	return c
}
