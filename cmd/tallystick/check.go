package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/verify"
)

func checkCommand(s streams) *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:     "check",
		Short:   "Check the whole ledger: entries, signatures, records, segments, rows",
		Example: "  tallystick check --ledger ledger",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error {
			report, err := ledger.Check(dir, ledger.Options{})
			if err != nil {
				return err
			}
			for _, problem := range report.Problems {
				fmt.Fprintf(s.out, "problem: %s\n", printable(problem))
			}
			for _, note := range report.Notes {
				fmt.Fprintf(s.out, "note: %s\n", printable(note))
			}
			fmt.Fprintf(s.out, "%s: %d entries, %d signed checkpoints\n", report.Origin, report.Size, report.Checkpoints)
			if len(report.Problems) > 0 {
				return exitCode{1, fmt.Errorf("%d problems", len(report.Problems))}
			}
			return checkRows(s, dir)
		},
	}
	ledgerFlag(c, &dir)
	return c
}

// checkRows reads every private record and segment that the entries name, and compares
// rows with the roots that were committed to.
func checkRows(s streams, dir string) error {
	l, err := ledger.OpenReadOnly(dir, ledger.Options{})
	if err != nil {
		return err
	}
	if _, err := evidence.Read(l); err != nil {
		return exitCode{1, err}
	}
	rows, segments, err := verify.Rows(committed{l})
	if err != nil {
		return exitCode{1, err}
	}
	fmt.Fprintf(s.out, "%s rows in %d segments are those that were committed\n", thousands(rows), segments)
	return nil
}
