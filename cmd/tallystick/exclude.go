package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
)

func excludeCommand(s streams) *cobra.Command {
	var dir, reason string
	c := &cobra.Command{
		Use:   "exclude INDICATOR|ADDRESS --reason WHY",
		Short: "Take an indicator or address out of every later count, for all to see",
		Example: `  tallystick exclude cdn.example --reason "shared hosting, reported by its owner"
  tallystick exclude 240.0.0.1:1177 --reason "feed retracted it"`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if reason == "" {
				return usage(fmt.Errorf("--reason is missing: every report lists it"))
			}
			l, err := ledger.Open(dir, ledger.Options{})
			if err != nil {
				return fmt.Errorf("%s: %w", dir, err)
			}
			x := evidence.Exclusion{Value: args[0], Reason: reason}
			head, err := l.Commit(func(ledger.Head) ([][]byte, error) {
				v, err := evidence.Read(l)
				if err != nil {
					return nil, err
				}
				if slices.ContainsFunc(v.Exclusions, func(y evidence.Exclusion) bool { return y.Value == x.Value }) {
					return nil, fmt.Errorf("%s is excluded already", x.Value)
				}
				entry, err := evidence.FormatExclusion(x)
				return [][]byte{entry}, err
			})
			if err != nil {
				return err
			}
			fmt.Fprintf(s.errs, "excluded, in entry %d\n", head.Size-1)
			return nil
		},
	}
	ledgerFlag(c, &dir)
	c.Flags().StringVar(&reason, "reason", "", "why; listed in every report")
	return c
}
