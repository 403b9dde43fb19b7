package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/wording"
	"github.com/tallystick/tallystick/verify"
)

func checkCommand(s streams) *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:   "check",
		Short: "Check the whole ledger: entries, signatures, records, segments, rows",
		Long: `Check the whole ledger: entries, signatures, records, segments, rows. Exit code 0: all is what
was committed; 1: there is a problem; 2: rows were not checked, as the salt key is not here.`,
		Example: "  tallystick check --ledger ledger",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error {
			report, err := ledger.Check(dir, ledger.Options{})
			if err != nil {
				return err
			}
			for _, problem := range report.Problems {
				fmt.Fprintf(s.out, "problem: %s\n", wording.Printable(problem))
			}
			for _, note := range report.Notes {
				fmt.Fprintf(s.out, "note: %s\n", wording.Printable(note))
			}
			fmt.Fprintf(s.out, "%s: %s, %s\n", report.Origin, wording.Plural(uint64(report.Size), "entry", "entries"),
				wording.Plural(uint64(report.Checkpoints), "signed checkpoint", "signed checkpoints"))
			if n := uint64(len(report.Problems)); n > 0 {
				return exitCode{1, errors.New(wording.Plural(n, "problem", "problems"))}
			}
			return checkRows(s, dir)
		},
	}
	ledgerFlag(c, &dir)
	return c
}

// checkRows reads every private record and segment that the entries name, and compares
// rows with the roots that were committed to. Without the salt key they cannot be.
func checkRows(s streams, dir string) error {
	l, err := ledger.OpenReadOnly(dir, ledger.Options{})
	if err != nil {
		return err
	}
	if _, err := evidence.Read(l); err != nil {
		return exitCode{1, err}
	}
	rows, segments, err := verify.Rows(committed{l})
	if errors.Is(err, verify.ErrNotAtHand) {
		fmt.Fprintf(s.out, "NOT CHECKED: rows: %s\n", wording.Printable(err.Error()))
		return exitCode{2, nil}
	}
	if err != nil {
		return exitCode{1, err}
	}
	fmt.Fprintf(s.out, "%s in %s are those that were committed\n", wording.Plural(rows, "row", "rows"), wording.Plural(uint64(segments), "segment", "segments"))
	return nil
}
