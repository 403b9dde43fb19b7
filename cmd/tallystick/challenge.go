package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"github.com/tallystick/tallystick/internal/publish"
	"github.com/tallystick/tallystick/internal/wording"
	"github.com/tallystick/tallystick/verify/bundle"
)

func challengeCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "challenge",
		Short: "Demand that members of a figure are opened, answer, and check the answer",
		Example: `  tallystick challenge new bundle.tar control.hosts.0011223344556677 --key me.key --new-key me.example --round 31000000
  tallystick challenge answer report/ --challenge challenge.txt --beacon round.json
  tallystick challenge verify bundle.tar --key VKEY --policy POLICY`,
		Args: noCommand,
		RunE: showHelp,
	}
	c.AddCommand(challengeNewCommand(s), challengeAnswerCommand(s), challengeVerifyCommand(s))
	return c
}

func challengeAnswerCommand(s streams) *cobra.Command {
	var a answerFlags
	c := &cobra.Command{
		Use:   "answer REPORT",
		Short: "Log demands; once the beacon is known, open what it draws",
		Long: `Log the demands given with --challenge: those that come in time, and that a verifier will
count. One is refused, with the reason, whose round is answered, or before the statement's own,
or more than 366 days behind it, or which the budget does not cover. With --beacon, a file with
the public beacon's signature of a round (drand quicknet, JSON or bare hex), open the members
that it draws of every figure of the report, log the answers, and write the bundle anew. An
answer that fails is logged all the same. A demand that is refused, and a figure that cannot be
answered, keep nothing else from being logged; the exit code is then 1.`,
		Example: `  tallystick challenge answer report/ --challenge challenge.txt
  tallystick challenge answer report/ --beacon round.json --policy POLICY`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return a.run(c, s, args[0]) },
	}
	a.add(c)
	f := c.Flags()
	f.StringArrayVar(&a.challenges, "challenge", nil, "file of a demand")
	f.StringVar(&a.beacon, "beacon", "", "file with the beacon's signature")
	f.StringVar(&a.policy, "policy", "", "policy of witnesses by which rows were committed to in time (default: all were)")
	f.StringVar(&a.encryptTo, "encrypt-to", "", "age recipient: the bundle with the openings goes to him, in FILE.age, and the public one has none")
	f.StringArrayVar(&a.refuse, "refuse", nil, "POSITION=REASON: keep a position closed; it counts as false")
	return c
}

// answerFlags are those of challenge answer.
type answerFlags struct {
	publishFlags
	challenges, refuse        []string
	beacon, policy, encryptTo string
}

func (a *answerFlags) run(c *cobra.Command, s streams, report string) error {
	reply := publish.Reply{Private: a.encryptTo != ""}
	var err error
	if reply.Refuse, err = parseRefusals(a.refuse); err != nil {
		return usage(err)
	}
	var auditor age.Recipient
	if a.encryptTo != "" {
		if auditor, err = age.ParseX25519Recipient(a.encryptTo); err != nil {
			return usage(fmt.Errorf("--encrypt-to: %w", err))
		}
	}
	p, figures, err := a.open(s, report)
	if err != nil {
		return err
	}
	var failed error // keeps nothing else from being logged
	for _, path := range a.challenges {
		failed = errors.Join(failed, logChallenge(s, p, path))
	}
	if a.beacon != "" {
		logged, err := a.answer(c, s, p, figures, reply)
		if failed = errors.Join(failed, err); !logged {
			return failed
		}
	}
	if err := a.writeBundle(c, s, p, figures, report); err != nil || auditor == nil {
		return errors.Join(failed, err)
	}
	return errors.Join(failed, a.encrypt(c, s, p, figures, report, auditor))
}

func logChallenge(s streams, p *publish.Publisher, path string) error {
	text, err := readBounded(path)
	if err != nil {
		return err
	}
	index, err := p.Challenge(text)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	fmt.Fprintf(s.out, "%s is entry %d\n", path, index)
	return nil
}

// answer opens what the beacon draws, and reports whether an answer was logged: with an
// error too, where some figures could not be answered.
func (a *answerFlags) answer(c *cobra.Command, s streams, p *publish.Publisher, figures []byte, reply publish.Reply) (logged bool, err error) {
	trust, err := (&bundle.Files{Policy: a.policy}).Trust()
	if err != nil {
		return false, err
	}
	demands, err := p.Demands(figures, trust)
	if err != nil {
		return false, err
	}
	file, err := readBounded(a.beacon)
	if err != nil {
		return false, err
	}
	var rounds []uint64
	for _, d := range demands {
		rounds = append(rounds, d.Round)
	}
	if reply.Beacon, err = publish.ParseBeacon(file, rounds); err != nil {
		return false, err
	}
	audits, err := p.Answer(c.Context(), demands, reply)
	if len(audits) == 0 {
		return false, err
	}
	var bad uint64
	for _, one := range audits {
		bad += one.Bad
	}
	fmt.Fprintf(s.out, "round %d: %s answered, %s not shown\n", reply.Beacon.Round,
		wording.Plural(uint64(len(audits)), "figure", "figures"), wording.Plural(bad, "member", "members"))
	return true, err
}

// encrypt writes the bundle with the openings for its auditor only.
func (a *answerFlags) encrypt(c *cobra.Command, s streams, p *publish.Publisher, figures []byte, report string, auditor age.Recipient) error {
	pack, err := a.pack()
	if err != nil {
		return err
	}
	pack.Private = true
	out := a.out
	if out == "" {
		out = strings.TrimRight(report, "/\\") + "/" + publish.FileBundle
	}
	out += ".age"
	err = writeWhole(out, func(w io.Writer) error {
		sealed, err := age.Encrypt(w, auditor)
		if err != nil {
			return err
		}
		return errors.Join(p.Bundle(c.Context(), figures, pack, sealed), sealed.Close())
	})
	if err == nil {
		fmt.Fprintf(s.out, "%s written, for the auditor only\n", out)
	}
	return err
}

func parseRefusals(texts []string) (map[uint64]string, error) {
	refuse := map[uint64]string{}
	for _, t := range texts {
		position, reason, _ := strings.Cut(t, "=")
		n, err := strconv.ParseUint(position, 10, 32)
		if err != nil || reason == "" {
			return nil, fmt.Errorf("--refuse %q: want POSITION=REASON", t)
		}
		refuse[n] = reason
	}
	return refuse, nil
}

func challengeVerifyCommand(s streams) *cobra.Command {
	var files bundle.Files
	c := &cobra.Command{
		Use:     "verify BUNDLE",
		Short:   "Check the audits of a bundle: the lines of tallystick-verify that concern them",
		Example: `  tallystick challenge verify bundle.tar --key VKEY --policy POLICY`,
		Args:    cobra.ExactArgs(1),
		RunE:    func(c *cobra.Command, args []string) error { return checkBundle(s, args[0], files, true) },
	}
	bundleFlags(c, &files)
	return c
}

func bundleFlags(c *cobra.Command, files *bundle.Files) {
	c.Flags().StringVar(&files.Key, "key", "", "verifier key of the publisher's ledger, from a source that you trust")
	c.Flags().StringVar(&files.Policy, "policy", "", "for a bundle: file with the policy of witnesses that you believe")
	c.Flags().StringVar(&files.Openings, "openings", "", "for a bundle: file that was opened for you (tallystick open)")
	c.Flags().StringVar(&files.Peer, "peer", "", "for a bundle: that of the other side of an overlap")
	c.Flags().StringVar(&files.PeerKey, "peer-key", "", "for a bundle: verifier key of the other side's ledger, from a source that you trust")
	c.Flags().StringVar(&files.Canary, "canary", "", "for a bundle: file of canaries that were planted (tallystick canary)")
	c.Flags().StringVar(&files.Challenge, "challenge", "", "for a bundle: file of a challenge that you sent to the publisher in time")
}

// checkBundle checks a bundle and prints its lines, or those of its audits.
func checkBundle(s streams, path string, files bundle.Files, audits bool) error {
	result, err := bundle.CheckFile(path, files)
	if err != nil {
		return exitCode{2, err}
	}
	var text bytes.Buffer
	if err := result.Print(&text, audits); err != nil {
		return err
	}
	if _, err := s.out.Write(text.Bytes()); err != nil {
		return err
	}
	if code := result.ExitCode(); code != 0 {
		return exitCode{code: code}
	}
	return nil
}
