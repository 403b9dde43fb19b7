package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/ingest"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/wording"
)

// ingestFlags are the flags of every command that reads telemetry.
type ingestFlags struct {
	intel     []string
	places    []string
	sensor    sensorFlags
	timezone  string
	supersede bool
	origin    string
}

func (f *ingestFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringArrayVar(&f.intel, "intel", nil, "feed file or folder, or MEANING:PATH (control, phishing, sinkhole, veto …); repeatable")
	flags.StringArrayVar(&f.places, "places", nil, "place data set NAME@YYYY-MM-DD=FILE (MMDB or CSV), first-named decides; repeatable (default: the embedded table)")
	flags.StringVar(&f.timezone, "timezone", "", "time zone of log times that name none, such as Europe/Prague")
	flags.BoolVar(&f.supersede, "supersede", false, "batches whose inputs are all judged again count no more")
	originFlag(c, &f.origin)
	f.sensor.add(c)
}

// check refuses what is wrong whatever the logs hold, before anything is made.
func (f *ingestFlags) check(logs []string) error {
	err := errors.Join(checkFeeds(f.intel), checkInput(logs, f.intel))
	for _, arg := range f.places {
		_, errPlaces := parseDataSet(arg)
		err = errors.Join(err, errPlaces)
	}
	_, errZone := time.LoadLocation(f.timezone)
	return errors.Join(err, usage(errZone))
}

func ingestCommand(s streams) *cobra.Command {
	var f ingestFlags
	var dir string
	c := &cobra.Command{
		Use:   "ingest --intel FEEDS… LOGS…",
		Short: "Read telemetry into the ledger",
		Long: `Read files, folders, globs and - (standard input), plain, gzip or zstd, whatever their
names: formats are recognised by content. What the ledger holds already is not read again.`,
		Example: `  tallystick ingest --ledger ledger --intel maltrail/trails/static --country CZ /var/log/zeek
  zcat access.log.gz | tallystick ingest --intel backdoor:shells.txt --sensor www --role webserver --site www.example -`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := f.check(args); err != nil {
				return err
			}
			sources, err := f.sources(s, args)
			if err != nil {
				return err
			}
			l, err := openOrCreate(dir, f.origin)
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
	intel, errIntel := loadIntel(s, l, f.intel)
	if intel == nil {
		return errIntel
	}
	tellUnused(s, intel)
	if (errIntel != nil || len(f.intel) > 0) && intel.Len() == 0 {
		return exitCode{1, errors.Join(errIntel, noIndicator(intel), errors.New("nothing was read"))}
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
	if err != nil && ctx.Err() != nil {
		err = fmt.Errorf("%w: what is committed stays; the same command again goes on from there", context.Cause(ctx))
	}
	if result == nil {
		return errors.Join(errIntel, err)
	}
	if err == nil {
		tellEmpty(s, result)
	}
	return errors.Join(errIntel, err, tell(s, result))
}

// twice says what of an input may be counted twice.
func twice(in *ingest.InputResult) string {
	where := fmt.Sprintf("entry %d", in.Twice.Entry)
	if in.Twice.Here {
		where = "this run"
	}
	return fmt.Sprintf("%s: begins like %s in %s, but ends before it; whether its last %s bytes are the same cannot be told: "+
		"%s records of them may be counted twice, attackers and victims are not",
		in.Name, in.Twice.Name, where, wording.Thousands(in.Twice.Bytes), wording.Thousands(in.Twice.Tally.Read))
}

// tellEmpty names the inputs that hold nothing, of a run that came to its end.
func tellEmpty(s streams, r *ingest.Result) {
	var empty []string
	for i := range r.Inputs {
		if in := &r.Inputs[i]; in.Bytes == 0 && !in.Known && in.Err == nil {
			empty = append(empty, in.Name)
		}
	}
	if n := uint64(len(empty)); n > 0 {
		fmt.Fprintf(s.errs, "%s empty: %s\n", wording.Plural(n, "input is", "inputs are"), wording.Printable(firstOf(empty)))
	}
}

// tellOther says that batches for another declaration count beside an input.
func tellOther(s streams, in *ingest.InputResult, superseded []uint64) {
	entries := slices.DeleteFunc(slices.Clone(in.Redeclared), func(entry uint64) bool { return slices.Contains(superseded, entry) })
	if len(entries) == 0 {
		return
	}
	fmt.Fprintf(s.errs, "%s: known under another declaration (%s); both are counted until --supersede\n", wording.Printable(in.Name), entryList(entries))
}

// tellMute names the types of reports that were read and give no sightings.
func tellMute(s streams, r *ingest.Result) {
	mute := map[string]uint64{}
	for i := range r.Inputs {
		for report, n := range r.Inputs[i].Mute {
			mute[report] += n
		}
	}
	for _, report := range slices.Sorted(maps.Keys(mute)) {
		fmt.Fprintf(s.errs, "report type %s: no sighting (%s)\n", wording.Printable(report), wording.Plural(mute[report], "row", "rows"))
	}
}

func entryList(entries []uint64) string {
	var list []string
	for _, entry := range entries {
		list = append(list, decimal(entry))
	}
	if len(list) == 1 {
		return "entry " + list[0]
	}
	return "entries " + strings.Join(list, ", ")
}

// tell says what became of every input, and returns the errors of those that failed.
func tell(s streams, r *ingest.Result) error {
	var errs []error
	var known uint64
	var all ts.Tally
	for i := range r.Inputs {
		in := &r.Inputs[i]
		if in.Known {
			known++
		}
		all.Add(in.Tally)
		for _, bad := range in.Skipped {
			if !ingest.Unused(bad.Reason) {
				fmt.Fprintf(s.errs, "skipped: %s\n", wording.Printable(bad.Error()))
			}
		}
		tellOther(s, in, r.Superseded)
		if in.Twice != nil {
			fmt.Fprintf(s.errs, "%s\n", wording.Printable(twice(in)))
		}
		if in.Err != nil {
			errs = append(errs, in.Err)
		}
	}
	tellMute(s, r)
	for _, path := range r.Aside {
		fmt.Fprintf(s.errs, "skipped records are kept below the ledger in %s\n", path)
	}
	for _, d := range r.Dropped {
		fmt.Fprintf(s.errs, "%s: another writer committed it meanwhile, in entry %d\n", wording.Printable(d.Name), d.Entry)
	}
	for _, entry := range r.Superseded {
		fmt.Fprintf(s.errs, "entry %d is superseded\n", entry)
	}
	fmt.Fprintf(s.errs, "%s (%s known already): %s\n", wording.Plural(uint64(len(r.Inputs)), "input", "inputs"), wording.Thousands(known), all.String())
	fmt.Fprintf(s.errs, "%s in %s; ledger has %s\n", wording.Plural(r.Rows, "row", "rows"), wording.Plural(uint64(r.Segments), "segment", "segments"),
		wording.Plural(r.Head.Size, "entry", "entries"))
	return errors.Join(errs...)
}
