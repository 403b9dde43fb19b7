package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/wording"
)

func showCommand(s streams) *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:   "show [ENTRY]",
		Short: "Show an entry of the ledger with its private records, or list all entries",
		Example: `  tallystick show
  tallystick show 2 --ledger ledger`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			l, err := ledger.OpenReadOnly(dir, ledger.Options{})
			if err != nil {
				return fmt.Errorf("%s: %w", dir, err)
			}
			if len(args) == 0 {
				return listEntries(s, l)
			}
			i, err := strconv.ParseUint(args[0], 10, 64)
			if err != nil {
				return usage(fmt.Errorf("entry %q is no number", args[0]))
			}
			return showEntry(s, l, i)
		},
	}
	ledgerFlag(c, &dir)
	return c
}

func listEntries(s streams, l *ledger.Ledger) error {
	for i, entry := range l.Entries() {
		o, err := ts.ParseObject(entry)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%6d  %-18s %s\n", i, o.Type, wording.Plural(uint64(len(o.Fields)), "line", "lines"))
	}
	fmt.Fprintf(s.out, "%s, %s; key %s\n", l.Origin(), wording.Plural(l.Head().Size, "entry", "entries"), l.VerifierKey())
	return l.Err()
}

func showEntry(s streams, l *ledger.Ledger, i uint64) error {
	entry, err := l.Entry(i)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s", entry)
	o, err := ts.ParseObject(entry)
	if err != nil || o.Type != evidence.TypeBatch {
		return err
	}
	for _, f := range o.Fields {
		if path := recordPath(f); path != "" {
			text, err := l.Get(path)
			if err != nil {
				return err
			}
			fmt.Fprintf(s.out, "\n%s\n%s", path, text)
		}
	}
	return listAside(s, l, i)
}

// listAside names the files of records that the batch of an entry skipped.
func listAside(s streams, l *ledger.Ledger, entry uint64) error {
	files, err := l.List(evidence.AsideFolder(entry))
	if len(files) > 0 {
		fmt.Fprintf(s.out, "\nskipped records, which no entry names:\n%s\n", strings.Join(files, "\n"))
	}
	return err
}

// recordPath is where the private record lies that a line of a batch names.
func recordPath(f ts.Field) string {
	d, err := ts.ParseDigest(f.Value)
	if err != nil {
		return ""
	}
	switch f.Key {
	case "rules":
		return evidence.RulesPath(d)
	case "input":
		return evidence.InputPath(d)
	case "segment":
		return evidence.ManifestPath(d)
	default:
		return ""
	}
}
