package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/publish"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify/bundle"
)

func overlapCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "overlap",
		Short: "Find how many members two observers have both seen, without showing either's list",
		Long: `Two observers who do not trust each other compare one figure each, published with a key of its
own (publish --own-keys). Both log the same offer, both pledge their answers, then both show
them. Each learns which members OF ITS OWN LIST the other has, and nothing else; a side that
invents rows learns that for addresses of its choice, as many as the offer allows. Anybody
who has both bundles recounts it.`,
		Example: `  tallystick overlap offer report/ control.hosts.0011223344556677 --peer theirs.tar --peer-key VKEY --policy POLICY --offer offer.txt
  tallystick overlap answer report/ --offer offer.txt --peer theirs.tar --peer-key VKEY --policy POLICY
  tallystick overlap reveal report/ --offer offer.txt --peer theirs.tar --peer-key VKEY --policy POLICY
  tallystick overlap count ours.tar --peer theirs.tar --key VKEY --peer-key VKEY --policy POLICY`,
		Args: noCommand,
		RunE: showHelp,
	}
	c.AddCommand(overlapOfferCommand(s), overlapAnswerCommand(s), overlapRevealCommand(s), overlapCountCommand(s))
	return c
}

// overlapFlags are those of every step that one side takes.
type overlapFlags struct {
	publishFlags
	offer, policy, peer, peerKey string
}

func (f *overlapFlags) add(c *cobra.Command, offer string) {
	f.publishFlags.add(c)
	flags := c.Flags()
	flags.StringVar(&f.offer, "offer", "", offer)
	flags.StringVar(&f.peer, "peer", "", "bundle of the other side")
	flags.StringVar(&f.peerKey, "peer-key", "", "verifier key of the other side's ledger, from a source that you trust")
	flags.StringVar(&f.policy, "policy", "", "policy of witnesses that you believe; without it nothing has a date")
}

// wish is the figure that a side brings.
type wish func(*proof.Statement, ts.Digest) bool

// step opens the ledger of a report, and checks the figures that both sides bring.
func (f *overlapFlags) step(c *cobra.Command, s streams, report string, own wish, peer func(*bundle.Exhibit) wish) (*publish.Publisher, []byte, publish.Meeting, error) {
	var m publish.Meeting
	if f.offer == "" || f.peer == "" {
		return nil, nil, m, usage(errors.New("want --offer and --peer"))
	}
	p, figures, err := f.open(s, report)
	if err != nil {
		return nil, nil, m, err
	}
	trust, err := (&bundle.Files{Key: p.Ledger.VerifierKey(), Policy: f.policy}).Trust()
	if err != nil {
		return nil, nil, m, err
	}
	pack, err := f.pack()
	if err != nil {
		return nil, nil, m, err
	}
	var mine bytes.Buffer
	if err := p.Bundle(c.Context(), figures, pack, &mine); err != nil {
		return nil, nil, m, err
	}
	if m.Own, err = bundle.ExhibitOf(bytes.NewReader(mine.Bytes()), int64(mine.Len()), trust, own); err != nil {
		return nil, nil, m, err
	}
	trust.Key = f.peerKey
	m.Peer, err = bundle.ExhibitOfFile(f.peer, trust, peer(m.Own))
	return p, figures, m, err
}

func overlapOfferCommand(s streams) *cobra.Command {
	var f overlapFlags
	var with, deadline string
	var maxN uint64
	c := &cobra.Command{
		Use:   "offer REPORT FIGURE --peer BUNDLE --offer FILE",
		Short: "Log an offer to compare a figure with another observer's, and write it for him",
		Long: `Log an offer, and write it for the other side, which gets it with your new bundle. Refused if
anything that can be checked is false: both figures are lists under keys of their own, stated
and audited before, by rules logged on time; what has no date without --policy is told. A
figure is offered once, to one other, ever.`,
		Example: `  tallystick overlap offer report/ control.hosts.0011223344556677 --peer theirs.tar --peer-key VKEY --policy POLICY --offer offer.txt`,
		Args:    cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			within, err := parseSpan(deadline)
			if err != nil {
				return usage(fmt.Errorf("--deadline: %w", err))
			}
			p, figures, m, err := f.step(c, s, args[0], named(args[1]), func(own *bundle.Exhibit) wish {
				if with != "" {
					return named(with)
				}
				return func(theirs *proof.Statement, _ ts.Digest) bool {
					return theirs.Mode == proof.ModeList && theirs.Measure == own.Statement.Measure && theirs.Scope.Equal(&own.Statement.Scope)
				}
			})
			if err != nil {
				return err
			}
			text, err := p.Offer(m, maxN, within)
			if err != nil {
				return err
			}
			if err := writeWhole(f.offer, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
				return err
			}
			fmt.Fprintf(s.out, "%s written, for %s with your bundle; he has until %s\n", f.offer, m.Peer.Party.Origin, deadlineOf(text))
			return f.writeBundle(c, s, p, figures, args[0])
		},
	}
	f.add(c, "file of the offer, to be written")
	flags := c.Flags()
	flags.StringVar(&with, "with", "", "the other side's figure (default: its one of the same measure, window and countries)")
	flags.Uint64Var(&maxN, "max-n", 0, "how many members a side may list (default: as many as the longer list)")
	flags.StringVar(&deadline, "deadline", "14d", "how long both have to show their answers")
	return c
}

func named(id string) wish {
	return func(s *proof.Statement, _ ts.Digest) bool { return s.ID == id }
}

func deadlineOf(text []byte) string {
	o, err := proof.ParseOffer(text)
	if err != nil {
		return "never"
	}
	return time.Unix(o.Deadline, 0).UTC().Format(time.RFC3339)
}

// taking is a step that both sides take of an offer that is there.
func (f *overlapFlags) taking(c *cobra.Command, s streams, report string, take func(*publish.Publisher, publish.Meeting, []byte) error) error {
	if f.offer == "" {
		return usage(errors.New("want --offer and --peer"))
	}
	text, err := readBounded(f.offer)
	if err != nil {
		return err
	}
	o, err := proof.ParseOffer(text)
	if err != nil {
		return fmt.Errorf("%s: %w", f.offer, err)
	}
	ofOffer := func(_ *proof.Statement, d ts.Digest) bool { return d == o.P.Figure || d == o.Q.Figure }
	p, figures, m, err := f.step(c, s, report, ofOffer, func(*bundle.Exhibit) wish { return ofOffer })
	if err == nil {
		err = take(p, m, text)
	}
	if err != nil {
		return err
	}
	return f.writeBundle(c, s, p, figures, report)
}

func overlapAnswerCommand(s streams) *cobra.Command {
	var f overlapFlags
	c := &cobra.Command{
		Use:   "answer REPORT --offer FILE --peer BUNDLE",
		Short: "Log the offer and a pledge of the answer, which is kept and not shown",
		Long: `Check the other side's bundle, log the offer, make the answer, and log its digest. Both sides
do this, each with the other's bundle in which the offer is logged. Send your new bundle.`,
		Example: `  tallystick overlap answer report/ --offer offer.txt --peer theirs.tar --peer-key VKEY --policy POLICY`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return f.taking(c, s, args[0], func(p *publish.Publisher, m publish.Meeting, offer []byte) error {
				err := p.Pledge(m, offer)
				if err == nil {
					fmt.Fprintf(s.out, "pledged; show it once %s has pledged too: tallystick overlap reveal\n", m.Peer.Party.Origin)
				}
				return err
			})
		},
	}
	f.add(c, "file of the offer")
	return c
}

func overlapRevealCommand(s streams) *cobra.Command {
	var f overlapFlags
	c := &cobra.Command{
		Use:   "reveal REPORT --offer FILE --peer BUNDLE",
		Short: "Show the answer in the bundle, once the other side has pledged its own",
		Long: `Put the answer into the bundle, if the other side's bundle holds its pledge, and the other
side's answer beside it, if it is shown and holds. Whoever shows first trusts the other to
follow: who does not by the deadline is named by every verifier, and there is no count.`,
		Example: `  tallystick overlap reveal report/ --offer offer.txt --peer theirs.tar --peer-key VKEY --policy POLICY`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return f.taking(c, s, args[0], func(p *publish.Publisher, m publish.Meeting, offer []byte) error { return p.Reveal(m, offer) })
		},
	}
	f.add(c, "file of the offer")
	return c
}

func overlapCountCommand(s streams) *cobra.Command {
	var files bundle.Files
	c := &cobra.Command{
		Use:     "count BUNDLE --peer BUNDLE",
		Short:   "Recount an overlap from both bundles: the lines of tallystick-verify that concern it",
		Example: `  tallystick overlap count ours.tar --peer theirs.tar --key VKEY --peer-key VKEY --policy POLICY`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if files.Peer == "" {
				return usage(errors.New("--peer is missing"))
			}
			return tellAbout(s, args[0], files, bundle.Overlap)
		},
	}
	bundleFlags(c, &files)
	return c
}

// tellAbout checks a bundle and prints its lines on one topic.
func tellAbout(s streams, path string, files bundle.Files, topic bundle.Topic) error {
	result, err := bundle.CheckFile(path, files)
	if err != nil {
		return exitCode{2, err}
	}
	part := result.About(topic)
	if len(part.Lines) == 0 {
		return exitCode{2, fmt.Errorf("%s: nothing in it is about %s", path, topic)}
	}
	if err := part.Print(s.out, false); err != nil {
		return err
	}
	if code := part.ExitCode(); code != 0 {
		return exitCode{code: code}
	}
	return nil
}
