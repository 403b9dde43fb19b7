package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/publish"
	"github.com/tallystick/tallystick/internal/report"
	"github.com/tallystick/tallystick/internal/wording"
)

func reportCommand(s streams) *cobra.Command {
	var q questionFlags
	var dir, out string
	c := &cobra.Command{
		Use:   "report",
		Short: "Publish a signed report: HTML, JSON and CSV, committed to by the ledger",
		Example: `  tallystick report --from 2014-03-19 --to 2014-05-18 --by US --on CN --out report/
  tallystick report --on CZ --out cz/`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if err := checkOut(out); err != nil {
				return err
			}
			l, err := ledger.Open(dir, ledger.Options{})
			if err != nil {
				return fmt.Errorf("%s: %w", dir, err)
			}
			return q.publish(c.Context(), s, l, dir, out)
		},
	}
	q.addWindow(c)
	ledgerFlag(c, &dir)
	c.Flags().StringVar(&out, "out", "report", "folder of the report")
	return c
}

// runsPay is how many rows a ledger must have for the sorted runs in its cache to save
// more time than building them takes.
const runsPay = 10_000_000

// checkOut refuses what cannot be the folder of a report, before anything is committed.
func checkOut(out string) error {
	if out == "" {
		return usage(errors.New("--out is empty: want a folder"))
	}
	if info, err := os.Stat(out); err == nil && !info.IsDir() {
		return usage(fmt.Errorf("--out %s: is a file, want a folder", out))
	}
	return nil
}

// publish writes the report that the flags ask for, and prints its sentences: last, since
// nobody may be reading them any more.
func (f *questionFlags) publish(ctx context.Context, s streams, l *ledger.Ledger, dir, out string) error {
	a, err := f.parse()
	if err != nil {
		return err
	}
	r, err := newReading(l, dir)
	if err != nil {
		return err
	}
	r.checkWindow(s, a.window)
	e, err := publish.Evidence(l, r.view, tool())
	if err != nil {
		return errors.Join(err, r.close())
	}
	if e.Recipe.Rows >= runsPay {
		if err := r.scan.BuildRuns(ctx); err != nil {
			return errors.Join(err, r.close())
		}
	}
	built, err := report.Build(ctx, r.scan, e, report.Request{Window: a.window, By: a.by, On: a.on, Verdict: a.verdict})
	if err != nil {
		return errors.Join(err, r.close())
	}
	if err := publish.Write(durable.OS{}, l, r.view, built, out); err != nil {
		return errors.Join(err, r.close())
	}
	for i := range built.Figures {
		if f := &built.Figures[i]; f.Value > 0 || f.Internal > 0 {
			fmt.Fprintln(s.out, wording.Printable(f.Sentence))
		}
	}
	fmt.Fprintf(s.out, "%s written; signed by %s\n", filepath.Join(out, publish.FileHTML), l.VerifierKey())
	return r.close()
}

// tool names the program and its version in recipes.
func tool() string {
	version := "devel"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		version = info.Main.Version
	}
	return "tallystick " + version
}
