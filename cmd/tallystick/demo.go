package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/ingest"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/place"
	"github.com/tallystick/tallystick/internal/scenario"
	"github.com/tallystick/tallystick/internal/wording"
)

func demoCommand(s streams) *cobra.Command {
	var out, origin string
	var scale float64
	c := &cobra.Command{
		Use:   "demo",
		Short: "Write two months of made-up telemetry, count it, and compare with what was planted",
		Long: `Write the logs of a made-up two months as real sensors would (OUT/logs), read them into a
ledger with the ordinary code (OUT/ledger), publish the report (OUT/report), and print
what was planted beside what was counted. All addresses are reserved ones: nobody real
is accused.`,
		Example: `  tallystick demo
  tallystick demo --scale 0.01 --out quick`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if scale <= 0 || scale > 1 {
				return usage(fmt.Errorf("--scale %v: want more than 0, at most 1", scale))
			}
			d := demo{streams: s, dir: out, origin: origin, scenario: scenario.Scenario{Scale: scale}}
			return d.run(c.Context())
		},
	}
	c.Flags().StringVar(&out, "out", "tallystick-demo", "folder for logs, ledger and report; must not hold a demo already")
	originFlag(c, &origin)
	c.Flags().Float64Var(&scale, "scale", 1, "size of the scenario; 1 plants the numbers of the statement of May 2014")
	return c
}

type demo struct {
	streams
	dir      string
	origin   string
	scenario scenario.Scenario
}

func (d *demo) path(elem ...string) string { return filepath.Join(append([]string{d.dir}, elem...)...) }

func (d *demo) run(ctx context.Context) error {
	if _, err := os.Stat(d.path("ledger")); err == nil {
		return fmt.Errorf("%s holds a demo already: remove it, or name another folder with --out", d.dir)
	}
	begun := time.Now()
	if err := d.scenario.Write(d.dir, nil); err != nil {
		return err
	}
	d.say("logs, feeds and place tables written to %s", d.path("logs"))
	l, err := openOrCreate(d.path("ledger"), d.origin)
	if err != nil {
		return err
	}
	if err := d.ingest(ctx, l); err != nil {
		return err
	}
	d.say("read into %s", d.path("ledger"))
	q := questionFlags{from: scenario.FirstDay, to: scenario.LastDay, by: "US", on: "CN", verdict: "first"}
	quiet := streams{in: d.in, out: io.Discard, errs: d.errs}
	if err := q.publish(ctx, quiet, l, d.path("ledger"), d.path("report")); err != nil {
		return err
	}
	d.say("report published")
	if err := d.compare(ctx, l); err != nil {
		return err
	}
	fmt.Fprintf(d.out, "\n%s, after %s\n", d.path("report", "report.html"), time.Since(begun).Round(time.Second))
	fmt.Fprintf(d.out, "check it: tallystick verify %s\n", d.path("report"))
	return nil
}

func (d *demo) say(format string, args ...any) { fmt.Fprintf(d.errs, format+"\n", args...) }

// ingest reads the scenario's files as the scenario's sensors would be declared on a
// command line.
func (d *demo) ingest(ctx context.Context, l *ledger.Ledger) error {
	var f ingestFlags
	for _, feed := range d.scenario.Feeds() {
		arg := d.path(filepath.FromSlash(feed.Path))
		if feed.Hint != "" {
			arg = feed.Hint + ":" + arg
		}
		f.intel = append(f.intel, arg)
	}
	for _, p := range d.scenario.PlaceTables() {
		f.places = append(f.places, p.Name+"@"+p.Day+"="+d.path(filepath.FromSlash(p.Path)))
	}
	var sources []ingest.Source
	for _, sensor := range d.scenario.Sensors() {
		sources = append(sources, d.sources(sensor)...)
	}
	return f.ingest(ctx, d.streams, l, sources)
}

func (d *demo) sources(sensor ts.Sensor) []ingest.Source {
	var list []ingest.Source
	for _, file := range expand(d.path("logs", sensor.Name)).files {
		list = append(list, newSource(file, &sensor))
	}
	return list
}

// compare prints planted beside counted, and fails where they differ.
func (d *demo) compare(ctx context.Context, l *ledger.Ledger) error {
	r, err := newReading(l, d.path("ledger"))
	if err != nil {
		return err
	}
	truth := d.scenario.Truth()
	var wrong int
	for _, part := range []struct {
		title string
		list  []scenario.Planted
	}{{"US on CN", truth.Headline}, {"the mirror, CN on US", truth.Mirror}, {"other pairs", truth.Others}} {
		fmt.Fprintf(d.out, "\n%-50s %14s %14s\n", part.title, "planted", "counted")
		differ, err := d.compareAll(ctx, r, part.list)
		if err != nil {
			return errors.Join(err, r.close())
		}
		wrong += differ
	}
	for _, name := range truth.Unobservable {
		fmt.Fprintf(d.out, "%-50s %14s\n", name+", mirror", "not observable")
	}
	differ, err := d.compareTraps(ctx, r)
	if wrong += differ; wrong > 0 {
		err = errors.Join(err, fmt.Errorf("%s what was planted", wording.Plural(uint64(wrong), "figure is not", "figures are not")))
	}
	return errors.Join(err, r.close())
}

// compareTraps says what each trap is, and compares the numbers that it has of its own. The
// others show in the numbers above, which they leave as they are.
func (d *demo) compareTraps(ctx context.Context, r *reading) (wrong int, err error) {
	fmt.Fprintf(d.out, "\ntraps\n")
	for _, t := range d.scenario.Traps() {
		fmt.Fprintf(d.out, "%s: %s. A naive count %s.\n", t.Name, t.What, t.Naive)
		differ, err := d.compareAll(ctx, r, t.Want)
		if err != nil {
			return wrong, fmt.Errorf("trap %s: %w", t.Name, err)
		}
		wrong += differ
	}
	return wrong, nil
}

// compareAll returns how many numbers differ.
func (d *demo) compareAll(ctx context.Context, r *reading, list []scenario.Planted) (wrong int, err error) {
	for _, p := range list {
		same, err := d.compareOne(ctx, r, p)
		if err != nil {
			return wrong, err
		}
		if !same {
			wrong++
		}
	}
	return wrong, nil
}

func (d *demo) compareOne(ctx context.Context, r *reading, p scenario.Planted) (bool, error) {
	m, err := measure.ByName(p.Measure)
	if err != nil {
		return false, err
	}
	question := count.Question{Measure: m, Window: scenario.Window()}
	if question.By, err = ts.ParseCountries(p.By); err != nil {
		return false, err
	}
	if question.On, err = ts.ParseCountries(p.On); err != nil {
		return false, err
	}
	if question.Verdict, err = place.ParseVerdict(p.Verdict); err != nil {
		return false, err
	}
	for g, err := range r.scan.Count(ctx, question) {
		if err != nil {
			return false, err
		}
		same := g.Members == p.Value && g.Internal == p.Internal
		mark := ""
		if !same {
			mark = "  DIFFERS"
		}
		label := fmt.Sprintf("%s by %s on %s", p.Measure, orAny(p.By), orAny(p.On))
		if p.Verdict != "" {
			label += ", " + p.Verdict
		}
		fmt.Fprintf(d.out, "%-50s %14s %14s%s\n", label, apart(p.Value, p.Internal), apart(g.Members, g.Internal), mark)
		return same, nil
	}
	return false, errors.New("no count")
}

func orAny(group string) string {
	if group == "" {
		return "any"
	}
	return group
}

// apart writes public and internal members, which are never added.
func apart(public, internal uint64) string {
	if internal == 0 {
		return wording.Thousands(public)
	}
	return wording.Thousands(public) + " | " + wording.Thousands(internal)
}
