package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/place"
)

func placeCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:     "place",
		Short:   "List the data sets that addresses are placed by",
		Example: "  tallystick place list --ledger ledger",
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
			return errors.Join(tellPlaced(s, dir), tellSnapshots(s, places))
		},
	}
	ledgerFlag(list, &dir)
	list.Flags().StringArrayVar(&places, "places", nil, "data set NAME@YYYY-MM-DD=FILE")
	c.AddCommand(list)
	return c
}

func tellPlaced(s streams, dir string) error {
	l, err := ledger.OpenReadOnly(dir, ledger.Options{})
	if errors.Is(err, ledger.ErrNoLedger) {
		return nil
	}
	if err != nil {
		return err
	}
	v, err := evidence.Read(l)
	if err != nil {
		return err
	}
	for _, e := range v.Places {
		fmt.Fprintf(s.out, "%s  (in the ledger)\n", e)
	}
	return nil
}

func tellSnapshots(s streams, args []string) error {
	list, err := snapshots(args)
	for _, snapshot := range list {
		e := evidence.Edition{Source: snapshot.Name, Day: snapshot.Day, Digest: snapshot.Digest}
		fmt.Fprintf(s.out, "%s  %s ranges\n", e, thousands(uint64(snapshot.Len())))
	}
	return err
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

// openSnapshot reads NAME@DAY=FILE; "embedded" is the embedded table.
func openSnapshot(arg string) (*place.Snapshot, error) {
	if arg == "embedded" {
		return place.Embedded()
	}
	label, path, ok := strings.Cut(arg, "=")
	name, date, dated := strings.Cut(label, "@")
	if !ok || !dated || name == "" || strings.ContainsAny(name, " \t") {
		return nil, usage(fmt.Errorf("--places %q: want NAME@YYYY-MM-DD=FILE, or embedded", arg))
	}
	day, err := ts.ParseDay(date)
	if err != nil {
		return nil, usage(err)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	snapshot, err := place.Open(name, day, f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return snapshot, nil
}

func sectionOf(f durable.File) io.Reader { return io.NewSectionReader(f, 0, f.Size()) }
