package main

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/spf13/cobra"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/intel"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/publish"
	"github.com/tallystick/tallystick/internal/segment"
	"github.com/tallystick/tallystick/internal/wording"
)

func excludeCommand(s streams) *cobra.Command {
	var dir, reason string
	c := &cobra.Command{
		Use:   "exclude INDICATOR|ADDRESS --reason WHY",
		Short: "Take an indicator or address out of every later count, for all to see",
		Long: `Take the rows whose indicator, perpetrator name, or address of either end is the value out of
every later count. It may be spelled as feeds do; rows hold it in one spelling, which is printed.
A network is excluded as an indicator only: the addresses in it are excluded one by one.`,
		Example: `  tallystick exclude cdn.example --reason "shared hosting, reported by its owner"
  tallystick exclude 240.0.0.1:1177 --reason "feed retracted it"`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if reason == "" {
				return usage(fmt.Errorf("--reason is missing: every report lists it"))
			}
			l, err := ledger.Open(dir, ledger.Options{})
			if err != nil {
				return fmt.Errorf("%s: %w", dir, err)
			}
			return exclude(s, l, args[0], reason)
		},
	}
	ledgerFlag(c, &dir)
	c.Flags().StringVar(&reason, "reason", "", "why; listed in every report")
	return c
}

// exclude commits an exclusion, and says what it changes.
func exclude(s streams, l *ledger.Ledger, text, reason string) error {
	v, err := evidence.Read(l)
	if err != nil {
		return err
	}
	value, rows, err := exclusionOf(publish.Source(l, v), text)
	if err != nil {
		return err
	}
	head, err := commitExclusion(l, v, evidence.Exclusion{Value: value, Reason: reason})
	if err != nil {
		return err
	}
	meets := wording.Plural(rows, "row counts no more", "rows count no more")
	if rows == 0 {
		meets = "WARNING: no row has it, so no figure changes; `tallystick list` shows what rows have"
	}
	fmt.Fprintf(s.errs, "%s is excluded, in entry %d: %s\n", wording.Printable(value), head.Size-1, meets)
	return nil
}

func commitExclusion(l *ledger.Ledger, v *evidence.View, x evidence.Exclusion) (ledger.Head, error) {
	return l.Commit(func(ledger.Head) ([][]byte, error) {
		if err := v.Extend(l); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(v.Exclusions, func(y evidence.Exclusion) bool { return y.Value == x.Value }) {
			return nil, fmt.Errorf("%s is excluded already", x.Value)
		}
		entry, err := evidence.FormatExclusion(x)
		return [][]byte{entry}, err
	})
}

// exclusionOf returns the value that rows hold for a text, and how many rows meet it. What no
// row can hold is refused: an alert's signature or a report's type is no indicator of
// a feed, and a network is only the indicator of rows.
func exclusionOf(src count.Source, text string) (value string, rows uint64, err error) {
	kind, value, errForm := intel.Canonical(text)
	if errForm != nil {
		value = text
	}
	if rows, err = meeting(src, value); err != nil || rows > 0 {
		return value, rows, err
	}
	switch {
	case errForm != nil:
		return "", 0, usage(fmt.Errorf("%q is no value that rows hold: %w", text, errForm))
	case kind == intel.KindPrefix:
		return "", 0, usage(fmt.Errorf("%s: no row was found by this network as an indicator, and the addresses in it are excluded one by one", value))
	}
	return value, 0, nil
}

// meeting counts the rows that an exclusion of the value takes out, as count.Source tells.
func meeting(src count.Source, value string) (rows uint64, err error) {
	var addr netip.Addr
	if a, err := netip.ParseAddr(value); err == nil {
		addr = ts.Canonical(a)
	}
	for i := range src.Segments {
		err := eachRow(&src.Segments[i], func(r *ts.Row) {
			if r.Indicator == value || r.PerpName == value || addr.IsValid() && (r.Perp == addr || r.Victim == addr) {
				rows++
			}
		})
		if err != nil {
			return 0, fmt.Errorf("segment %s: %w", src.Segments[i].Name, err)
		}
	}
	return rows, nil
}

func eachRow(seg *count.Segment, visit func(*ts.Row)) error {
	f, err := seg.Open()
	if err != nil {
		return err
	}
	defer f.Close() // only read: nothing is lost if closing fails
	r, err := segment.Open(f, f.Size())
	if err != nil {
		return err
	}
	for row, err := range r.Rows() {
		if err != nil {
			return err
		}
		visit(&row)
	}
	return nil
}
