package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tallystick/tallystick/internal/measure"
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
			if m, err := measure.ByName(name); err == nil && !m.HasBy {
				return usage(fmt.Errorf("%s has no perpetrator's country: there is no matrix of it; tallystick figure %s --group-by on counts it by victim end", name, name))
			}
			return f.write(c.Context(), s, name, []string{"by", "on"})
		},
	}
	f.add(c)
	return c
}
