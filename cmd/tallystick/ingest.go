package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/ingest"
	"github.com/tallystick/tallystick/internal/ledger"
)

// ingestFlags are the flags of every command that reads telemetry.
type ingestFlags struct {
	intel     []string
	places    []string
	sensor    sensorFlags
	timezone  string
	supersede bool
}

func (f *ingestFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringArrayVar(&f.intel, "intel", nil, "feed file or folder, or MEANING:PATH (control, phishing, sinkhole, veto …); repeatable")
	flags.StringArrayVar(&f.places, "places", nil, "place data set NAME@YYYY-MM-DD=FILE (MMDB or CSV), first-named decides; repeatable (default: the embedded table)")
	flags.StringVar(&f.timezone, "timezone", "", "time zone of log times that name none, such as Europe/Prague")
	flags.BoolVar(&f.supersede, "supersede", false, "batches whose inputs are all judged again count no more")
	f.sensor.add(c)
}

func ingestCommand(s streams) *cobra.Command {
	var f ingestFlags
	var dir string
	c := &cobra.Command{
		Use:   "ingest [flags] LOGS…",
		Short: "Read telemetry into the ledger",
		Long: `Read files, folders, globs and - (standard input), plain, gzip or zstd, whatever their
names: formats are recognised by content. What the ledger holds already is not read again.`,
		Example: `  tallystick ingest --ledger ledger --intel maltrail/trails/static --country CZ /var/log/zeek
  zcat access.log.gz | tallystick ingest --intel shells.txt --sensor www --role webserver --site www.example -`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			sources, err := f.sources(s, args)
			if err != nil {
				return err
			}
			l, err := openOrCreate(dir)
			if err != nil {
				return err
			}
			return f.ingest(c.Context(), s, l, sources)
		},
	}
	f.add(c)
	ledgerFlag(c, &dir)
	return c
}

// ingest reads the sources into the ledger and says what was read. Inputs that failed
// make the error; what was read of them and of the others stays.
func (f *ingestFlags) ingest(ctx context.Context, s streams, l *ledger.Ledger, sources []ingest.Source) error {
	g := ingest.Ingest{Ledger: l, Workers: runtime.GOMAXPROCS(0), Now: ts.DayOf(time.Now().Unix()), Supersede: f.supersede}
	var err error
	if f.timezone != "" {
		if g.Zone, err = time.LoadLocation(f.timezone); err != nil {
			return usage(err)
		}
	}
	intel, errIntel := loadIntel(l, f.intel)
	if intel == nil {
		return errIntel
	}
	g.Intel = intel
	if intel.Len() == 0 {
		fmt.Fprintln(s.errs, "no indicators given (--intel): only alerts, honeypots, sinkholes and reports can show anything")
	}
	if g.Atlas, err = openAtlas(f.places); err != nil {
		return errors.Join(errIntel, err)
	}
	line := startProgress(s.errs, sources)
	g.Progress = &line.Progress
	result, err := g.Run(ctx, sources)
	line.stop()
	if result == nil {
		return errors.Join(errIntel, err)
	}
	return errors.Join(errIntel, err, tell(s, result))
}

// tell says what became of every input, and returns the errors of those that failed.
func tell(s streams, r *ingest.Result) error {
	var errs []error
	var known int
	var all ts.Tally
	for i := range r.Inputs {
		in := &r.Inputs[i]
		if in.Known {
			known++
		}
		all.Add(in.Tally)
		for _, bad := range in.Skipped {
			if strings.HasPrefix(bad.Reason, "unused ") {
				continue // of no use here, but not lost
			}
			fmt.Fprintf(s.errs, "skipped: %s\n", printable(bad.Error()))
		}
		if in.Err != nil {
			errs = append(errs, in.Err)
		}
	}
	for _, d := range r.Dropped {
		fmt.Fprintf(s.errs, "%s: another writer committed it meanwhile, in entry %d\n", printable(d.Name), d.Entry)
	}
	for _, entry := range r.Superseded {
		fmt.Fprintf(s.errs, "entry %d is superseded\n", entry)
	}
	fmt.Fprintf(s.errs, "%d inputs (%d known already): %s\n", len(r.Inputs), known, all.String())
	fmt.Fprintf(s.errs, "%s rows in %d segments; ledger has %d entries\n", thousands(r.Rows), r.Segments, r.Head.Size)
	return errors.Join(errs...)
}
