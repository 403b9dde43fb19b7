package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/publish"
	"github.com/tallystick/tallystick/internal/report"
	"github.com/tallystick/tallystick/internal/wording"
)

func figureCommand(s streams) *cobra.Command {
	var f figureFlags
	var groupBy []string
	c := &cobra.Command{
		Use:   "figure MEASURE",
		Short: "Count one measure, with its bounds and its recipe",
		Long:  "Count one measure. The measures are:\n\n" + measureList(),
		Example: `  tallystick figure control.hosts --by US --on CN --from 2014-03-19 --to 2014-05-18
  tallystick figure infected.addresses --on CZ --group-by family,day --csv`,
		Args: oneMeasure,
		RunE: func(c *cobra.Command, args []string) error {
			return f.write(c.Context(), s, args[0], groupBy)
		},
	}
	f.add(c)
	c.Flags().StringSliceVar(&groupBy, "group-by", nil, "groups, such as family,day: "+dimensionList())
	return c
}

// oneMeasure wants the name of a measure, and says where they are told.
func oneMeasure(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return errors.New("no measure is named: tallystick help figure lists them")
	}
	return cobra.ExactArgs(1)(c, args)
}

// figureFlags are those of the commands that print one figure.
type figureFlags struct {
	questionFlags
	ledger        string
	asJSON, asCSV bool
}

func (f *figureFlags) add(c *cobra.Command) {
	f.questionFlags.add(c)
	ledgerFlag(c, &f.ledger)
	c.Flags().BoolVar(&f.asJSON, "json", false, "write JSON (doc/formats/figure.md)")
	c.Flags().BoolVar(&f.asCSV, "csv", false, "write CSV, one line a group")
}

// write counts and writes one figure.
func (f *figureFlags) write(ctx context.Context, s streams, name string, groupBy []string) error {
	if f.asJSON && f.asCSV {
		return usage(errors.New("--json and --csv: want one of them"))
	}
	ask, err := f.ask(name, groupBy)
	if err != nil {
		return err
	}
	r, err := openReading(f.ledger)
	if err != nil {
		return err
	}
	if err := r.checkAsk(s, ask); err != nil {
		return errors.Join(err, r.close())
	}
	figure, err := r.figure(ctx, ask)
	if err == nil {
		err = r.tellNothing(ctx, s, ask, figure.Figure)
	}
	if err != nil {
		return errors.Join(err, r.close())
	}
	return errors.Join(writeFigure(s.out, figure, f.asJSON, f.asCSV), r.close())
}

func (f *questionFlags) ask(name string, groupBy []string) (report.Ask, error) {
	m, err := measure.ByName(name)
	if err != nil {
		return report.Ask{}, usage(err)
	}
	a, err := f.parse()
	if err != nil {
		return report.Ask{}, err
	}
	if (len(a.by) > 0 || f.byAS != 0) && !m.HasBy {
		return report.Ask{}, usage(fmt.Errorf("%s has no perpetrator's country or network: --by and --by-as cannot be asked", m.Name))
	}
	ask := report.Ask{Measure: m, Window: a.window, By: a.by, On: a.on, Verdict: a.verdict,
		ByAS: f.byAS, OnAS: f.onAS, Sensor: f.sensor, Site: f.site, Family: f.family}
	for _, g := range groupBy {
		if !slices.Contains(count.Dimensions(), count.Dimension(g)) {
			return ask, usage(fmt.Errorf("--group-by %q is none of: %s", g, dimensionList()))
		}
		if d := count.Dimension(g); !m.HasBy && (d == count.By || d == count.ByAS) {
			return ask, usage(fmt.Errorf("%s has no perpetrator's country or network: --group-by %s cannot be asked", m.Name, g))
		}
		ask.GroupBy = append(ask.GroupBy, count.Dimension(g))
	}
	return ask, nil
}

// mirrored is a figure with the other direction beside it, where there is one.
type mirrored struct {
	ts.Figure
	mirror *ts.Figure
}

// MarshalJSON writes the figure's object with "observable" and, where there is one,
// "mirror" added.
func (f mirrored) MarshalJSON() ([]byte, error) {
	text, err := json.Marshal(report.Finding{Figure: f.Figure})
	if err != nil || f.mirror == nil {
		return text, err
	}
	mirror, err := json.Marshal(report.Finding{Figure: *f.mirror})
	if err != nil {
		return nil, err
	}
	text = append(text[:len(text)-1], `,"mirror":`...)
	return append(append(text, mirror...), '}'), nil
}

func (r *reading) figure(ctx context.Context, ask report.Ask) (mirrored, error) {
	e, err := publish.Evidence(r.ledger, r.view, tool())
	if err != nil {
		return mirrored{}, err
	}
	f, err := report.Figure(ctx, r.scan, e, ask)
	if err != nil {
		return mirrored{}, err
	}
	// Rows that support no member make groups of nobody.
	f.Groups = slices.DeleteFunc(f.Groups, func(g ts.FigureGroup) bool { return g.Value+g.Internal == 0 })
	m, ok, err := report.Mirror(ctx, r.scan, e, ask)
	if err != nil || !ok {
		return mirrored{Figure: f}, err
	}
	return mirrored{f, &m}, nil
}

func writeFigure(w io.Writer, f mirrored, asJSON, asCSV bool) error {
	switch {
	case asJSON:
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(f)
	case asCSV:
		return writeFigureCSV(w, f.Figure)
	}
	fmt.Fprintln(w, wording.Printable(f.Sentence))
	for _, p := range f.Bounds.Parts {
		if p.Value > 0 || p.Internal > 0 {
			fmt.Fprintf(w, "  %s: %s (internal %s): %s\n", p.Name, wording.Thousands(p.Value), wording.Thousands(p.Internal), wording.Printable(p.Text))
		}
	}
	if f.mirror != nil {
		fmt.Fprintf(w, "mirror: %s\n", wording.Printable(f.mirror.Sentence))
	}
	for _, g := range inTime(f.Figure) {
		key := slices.Clone(g.Key)
		for i := range key {
			key[i] = cmp.Or(key[i], "(unknown)")
		}
		fmt.Fprintf(w, "%10s %10s  %s\n", wording.Thousands(g.Value), wording.Thousands(g.Internal), wording.Printable(strings.Join(key, "  ")))
	}
	return nil
}

// inTime returns the groups of a figure for people: by their keys where days are among
// them, else as they are, by falling value.
func inTime(f ts.Figure) []ts.FigureGroup {
	groups := slices.Clone(f.Groups)
	if slices.Contains(f.GroupBy, string(count.Date)) {
		slices.SortStableFunc(groups, func(a, b ts.FigureGroup) int { return slices.Compare(a.Key, b.Key) })
	}
	return groups
}

// writeFigureCSV writes a line a group, or one for the figure. What nobody could have seen
// has no number.
func writeFigureCSV(w io.Writer, f ts.Figure) error {
	out := csv.NewWriter(w)
	rows := [][]string{append(slices.Clone(f.GroupBy), "value", "internal", "observable")}
	switch {
	case !report.Observable(&f):
		rows = append(rows, append(make([]string, len(f.GroupBy)), "", "", "false"))
	case len(f.GroupBy) == 0:
		rows = append(rows, []string{decimal(f.Value), decimal(f.Internal), "true"})
	}
	for _, g := range inTime(f) {
		rows = append(rows, append(cells(g.Key), decimal(g.Value), decimal(g.Internal), "true"))
	}
	return errors.Join(out.WriteAll(rows), out.Error())
}

// cells guards texts that attackers wrote against spreadsheets, which take what begins
// with these signs for a formula.
func cells(texts []string) []string {
	list := make([]string, len(texts))
	for i, t := range texts {
		list[i] = wording.Printable(t)
		if t != "" && strings.ContainsRune("=+-@\t\r", rune(t[0])) {
			list[i] = "'" + list[i]
		}
	}
	return list
}

func decimal(n uint64) string { return strconv.FormatUint(n, 10) }

func measureList() string {
	var b strings.Builder
	for _, m := range measure.All() {
		fmt.Fprintf(&b, "  %-24s %s\n", m.Name, m.Caption(2, "", ""))
	}
	return b.String()
}

func dimensionList() string {
	var names []string
	for _, d := range count.Dimensions() {
		names = append(names, string(d))
	}
	return strings.Join(names, " ")
}
