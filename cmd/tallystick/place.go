package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/place"
	"github.com/tallystick/tallystick/internal/wording"
)

func placeCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:     "place",
		Short:   "List the data sets that addresses are placed by",
		Example: "  tallystick place list --ledger ledger",
		Args:    noCommand,
		RunE:    showHelp,
	}
	var dir string
	var places []string
	list := &cobra.Command{
		Use:   "list",
		Short: "List the data sets that batches were placed by, and those given",
		Example: `  tallystick place list --ledger ledger
  tallystick place list --places dbip@2014-03-19=dbip.mmdb`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error {
			return tellPlaces(s, dir, places)
		},
	}
	ledgerFlag(list, &dir)
	list.Flags().StringArrayVar(&places, "places", nil, "data set NAME@YYYY-MM-DD=FILE")
	c.AddCommand(list)
	return c
}

// tellPlaces lists the data sets of the ledger and those given, each once.
func tellPlaces(s streams, dir string, args []string) error {
	placed, err := placedBy(dir)
	if err != nil {
		return err
	}
	list, err := snapshots(args)
	if err != nil {
		return err
	}
	for _, snapshot := range list {
		e := evidence.Edition{Source: snapshot.Name, Day: snapshot.Day, Digest: snapshot.Digest}
		known := ""
		if slices.Contains(placed, e) {
			known = "  (in the ledger)"
		}
		fmt.Fprintf(s.out, "%s  %s%s\n", e, wording.Plural(uint64(snapshot.Len()), "range", "ranges"), known)
		placed = slices.DeleteFunc(placed, func(p evidence.Edition) bool { return p == e })
	}
	for _, e := range placed {
		fmt.Fprintf(s.out, "%s  (in the ledger)\n", e)
	}
	return nil
}

// placedBy returns the data sets that batches of a ledger, if there is one, were placed by.
func placedBy(dir string) ([]evidence.Edition, error) {
	l, err := ledger.OpenReadOnly(dir, ledger.Options{})
	if errors.Is(err, ledger.ErrNoLedger) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v, err := evidence.Read(l)
	if err != nil {
		return nil, err
	}
	return v.Places, nil
}

// openAtlas opens the data sets given, in their order, else the embedded table.
func openAtlas(args []string) (*place.Atlas, error) {
	list, err := snapshots(args)
	if err != nil {
		return nil, err
	}
	return place.New(list...)
}

func snapshots(args []string) ([]*place.Snapshot, error) {
	if len(args) == 0 {
		embedded, err := place.Embedded()
		return []*place.Snapshot{embedded}, err
	}
	var list []*place.Snapshot
	for _, arg := range args {
		snapshot, err := openSnapshot(arg)
		if err != nil {
			return nil, err
		}
		list = append(list, snapshot)
	}
	return list, nil
}

// dataSet is what a --places argument names.
type dataSet struct {
	name string
	day  ts.Day
	path string // "" for the embedded table
}

// parseDataSet reads NAME@DAY=FILE of a file that is there; "embedded" is the embedded table.
func parseDataSet(arg string) (d dataSet, err error) {
	if arg == "embedded" {
		return d, nil
	}
	label, path, ok := strings.Cut(arg, "=")
	name, date, dated := strings.Cut(label, "@")
	if !ok || !dated || name == "" || strings.ContainsAny(name, " \t") {
		return d, usage(fmt.Errorf("--places %q: want NAME@YYYY-MM-DD=FILE, or embedded", arg))
	}
	day, err := ts.ParseDay(date)
	if err != nil {
		return d, usage(err)
	}
	if err := checkPlaces(path); err != nil {
		return d, usage(fmt.Errorf("--places: %w", err))
	}
	return dataSet{name, day, path}, nil
}

// checkPlaces refuses what is no file. A data set is read twice: what placed rows is kept.
func checkPlaces(path string) error {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: is no file but a %s", path, kind(info.Mode()))
	}
	return err
}

func openSnapshot(arg string) (*place.Snapshot, error) {
	d, err := parseDataSet(arg)
	if err != nil {
		return nil, err
	}
	if d.path == "" {
		return place.Embedded()
	}
	snapshot, err := place.OpenFrom(d.name, d.day, func() (io.ReadCloser, error) { return os.Open(d.path) })
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.path, err)
	}
	return snapshot, nil
}

func sectionOf(f durable.File) io.Reader { return io.NewSectionReader(f, 0, f.Size()) }
