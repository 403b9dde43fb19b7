package main

import (
	"encoding/json"
	"errors"

	"github.com/spf13/cobra"
)

func matrixCommand(s streams) *cobra.Command {
	var q questionFlags
	var dir string
	var asJSON, asCSV bool
	c := &cobra.Command{
		Use:   "matrix [MEASURE]",
		Short: "Count a measure for every pair of countries (default control.hosts)",
		Example: `  tallystick matrix control.hosts --from 2014-03-19 --to 2014-05-18
  tallystick matrix backdoor.attacks --csv`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			name := "control.hosts"
			if len(args) > 0 {
				name = args[0]
			}
			ask, err := q.ask(name, []string{"by", "on"})
			if err != nil {
				return err
			}
			r, err := openReading(dir)
			if err != nil {
				return err
			}
			f, err := r.figure(c, ask)
			if err != nil {
				return errors.Join(err, r.close())
			}
			if asJSON {
				return errors.Join(json.NewEncoder(s.out).Encode(f), r.close())
			}
			return errors.Join(writeFigure(s.out, f, false, asCSV), r.close())
		},
	}
	q.add(c)
	ledgerFlag(c, &dir)
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON (doc/formats/figure.md)")
	c.Flags().BoolVar(&asCSV, "csv", false, "write CSV")
	c.MarkFlagsMutuallyExclusive("json", "csv")
	return c
}
