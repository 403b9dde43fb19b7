package main

import (
	"github.com/spf13/cobra"
)

func matrixCommand(s streams) *cobra.Command {
	var f figureFlags
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
			return f.write(c.Context(), s, name, []string{"by", "on"})
		},
	}
	f.add(c)
	return c
}
