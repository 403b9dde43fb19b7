package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/publish"
	"github.com/tallystick/tallystick/internal/wording"
	"github.com/tallystick/tallystick/proof"
)

func publishCommand(s streams) *cobra.Command {
	var f publishFlags
	var t termsFlags
	var forget bool
	c := &cobra.Command{
		Use:   "publish REPORT",
		Short: "Commit to the members of every figure, and write the bundle by which the accused check them",
		Long: `Log a statement of every figure of a report, and write the bundle with which anybody can
check it (tallystick-verify). No member is told: each has a tag that only the secret of
the report, in the ledger's keys, can make. Publishing again writes the bundle anew, with
the cosignatures and audits that came meanwhile. Two figures of one report have one tag
for one member: who has both lists sees how many they share.`,
		Example: `  tallystick publish report/
  tallystick publish report/ --mode root --audit-k 2995 --audit-after 24h
  tallystick publish report/ --forget`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			terms, err := t.parse()
			if err != nil {
				return err
			}
			p, figures, err := f.open(s, args[0])
			if err != nil {
				return err
			}
			if forget {
				return f.forget(s, p, figures)
			}
			if err := p.State(c.Context(), figures, terms); err != nil {
				return err
			}
			if err := f.writeBundle(c, s, p, figures, args[0]); err != nil {
				return err
			}
			next, err := p.Next(figures)
			for _, line := range next {
				fmt.Fprintln(s.out, line)
			}
			return err
		},
	}
	f.add(c)
	t.add(c)
	c.Flags().BoolVar(&forget, "forget", false, "after the last deadline: destroy the secret of the report's tags and the list of its members")
	return c
}

// termsFlags say how figures are stated and audited.
type termsFlags struct {
	publish.Terms
	mode, after, deadline string
}

func (t *termsFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&t.mode, "mode", "list", "list: publish every tag; root: only what commits to them")
	flags.BoolVar(&t.OwnKeys, "own-keys", false, "a key for each figure: tags of two figures have nothing in common, and one can be compared with another observer's (tallystick overlap)")
	flags.Uint64Var(&t.K, "audit-k", 299, "how many members the audit opens")
	flags.StringVar(&t.after, "audit-after", "2h", "when the public beacon draws them")
	flags.StringVar(&t.deadline, "deadline", "7d", "how long after that they must be opened")
	flags.Uint64Var(&t.Budget, "budget", 0, "how many members are ever opened (default: four times --audit-k)")
}

func (t *termsFlags) parse() (publish.Terms, error) {
	terms := t.Terms
	terms.Mode = proof.Mode(t.mode)
	if terms.Mode != proof.ModeList && terms.Mode != proof.ModeRoot {
		return terms, usage(fmt.Errorf("--mode %q: want list or root", t.mode))
	}
	var err error
	if terms.After, err = parseSpan(t.after); err != nil {
		return terms, usage(fmt.Errorf("--audit-after: %w", err))
	}
	if terms.Deadline, err = parseSpan(t.deadline); err != nil {
		return terms, usage(fmt.Errorf("--deadline: %w", err))
	}
	return terms, nil
}

// publishFlags are those of every command that writes a bundle.
type publishFlags struct {
	ledger, out string
	places      []string
}

func (f *publishFlags) add(c *cobra.Command) {
	ledgerBesideFlag(c, &f.ledger)
	c.Flags().StringVar(&f.out, "out", "", "file of the bundle (default REPORT/"+publish.FileBundle+")")
	c.Flags().StringArrayVar(&f.places, "places", nil, "file of a table of places that opened rows were placed by")
}

func ledgerBesideFlag(c *cobra.Command, dir *string) {
	c.Flags().StringVar(dir, "ledger", "", "folder of the ledger (default: REPORT.ledger or a ledger folder beside REPORT)")
}

// open opens the ledger of a report, and reads the report's figures.
func (f *publishFlags) open(s streams, report string) (*publish.Publisher, []byte, error) {
	figures, err := readBounded(filepath.Join(report, publish.FileJSON))
	if err != nil {
		return nil, nil, err
	}
	p := &publish.Publisher{Tool: tool(), Tell: func(text string) { fmt.Fprintln(s.errs, wording.Printable(text)) }}
	for _, dir := range ledgersBeside(f.ledger, report) {
		p.Ledger, err = ledger.Open(dir, ledger.Options{})
		if err == nil || f.ledger != "" || !errors.Is(err, ledger.ErrNoLedger) {
			return p, figures, err
		}
	}
	return nil, nil, err
}

func (f *publishFlags) forget(s streams, p *publish.Publisher, figures []byte) error {
	if err := p.Forget(figures); err != nil {
		return err
	}
	fmt.Fprintln(s.out, "the secret of the report's tags and the list of its members are removed: keep the bundle, it cannot be made again; and see to your backups")
	return nil
}

// ledgersBeside returns where the ledger of a report may be.
func ledgersBeside(dir, report string) []string {
	if dir != "" {
		return []string{dir}
	}
	clean := strings.TrimRight(report, "/\\")
	return []string{clean + ".ledger", filepath.Join(filepath.Dir(clean), "ledger")}
}

// writeBundle writes the bundle of a report as it is now, in one piece or not at all.
func (f *publishFlags) writeBundle(c *cobra.Command, s streams, p *publish.Publisher, figures []byte, report string) error {
	out := f.out
	if out == "" {
		out = filepath.Join(report, publish.FileBundle)
	}
	pack, err := f.pack()
	if err != nil {
		return err
	}
	if err := writeWhole(out, func(w io.Writer) error { return p.Bundle(c.Context(), figures, pack, w) }); err != nil {
		return err
	}
	info, err := os.Stat(out)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s written, %s bytes; check it: tallystick-verify --key '%s' --policy POLICY %s\n", out, wording.Thousands(uint64(info.Size())), p.Ledger.VerifierKey(), out)
	return nil
}

func (f *publishFlags) pack() (publish.Pack, error) {
	pack := publish.Pack{Places: map[ts.Digest][]byte{}}
	for _, path := range f.places {
		table, err := os.ReadFile(path)
		if err != nil {
			return pack, err
		}
		pack.Places[ts.DigestOf(table)] = table
	}
	return pack, nil
}

// writeWhole writes a file beside its name, and moves it there once it is whole.
func writeWhole(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".tallystick-*")
	if err != nil {
		return err
	}
	err = errors.Join(write(f), f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
