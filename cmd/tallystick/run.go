package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
)

func runCommand(s streams) *cobra.Command {
	var f ingestFlags
	var q questionFlags
	var dir, out string
	c := &cobra.Command{
		Use:   "run --intel FEEDS… --out REPORT LOGS…",
		Short: "Ingest and report in one go",
		Long: `Read telemetry into a ledger beside the report (OUT.ledger), and publish the report. Run
again with more logs, only what is new is read.`,
		Example: `  tallystick run --country CZ --intel maltrail/trails/static --out report zeek/
  tallystick run --sensor www --role webserver --site www.example --intel backdoor:shells.txt --out r access.log*`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			_, err := q.parse()
			if err = errors.Join(err, checkOut(out), f.check(args)); err != nil {
				return err
			}
			if dir == "" {
				dir = strings.TrimRight(out, "/\\") + ".ledger"
			}
			sources, err := f.sources(s, args)
			if err != nil {
				return err
			}
			l, err := openOrCreate(dir, f.origin)
			if err != nil {
				return err
			}
			// Inputs that failed make the exit code; the others are reported all the same.
			failed := f.ingest(c.Context(), s, l, sources)
			var fatal exitCode
			if errors.As(failed, &fatal) || c.Context().Err() != nil {
				return failed
			}
			return errors.Join(failed, q.publish(c.Context(), s, l, dir, out))
		},
	}
	f.add(c)
	q.addWindow(c)
	c.Flags().StringVar(&out, "out", "report", "folder of the report")
	c.Flags().StringVar(&dir, "ledger", "", "folder of the ledger (default OUT.ledger)")
	return c
}
