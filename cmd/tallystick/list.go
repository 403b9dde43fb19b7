package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/measure"
)

func listCommand(s streams) *cobra.Command {
	var q questionFlags
	var dir string
	var asCSV bool
	c := &cobra.Command{
		Use:   "list MEASURE",
		Short: "List the contacts behind a measure, for those who must clean up",
		Long: `List each counted row: the address of the counted end, its port (behind a carrier's NAT
nothing else tells customers apart), first and last contact (UTC), the other end, and
what named it. Addresses of victims are personal data: give each network its own only.`,
		Example: `  tallystick list infected.addresses --on CZ --on-as 64496 --csv
  tallystick list control.servers --by US --from 2014-03-19 --to 2014-05-18`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			ask, err := q.ask(args[0], nil)
			if err != nil {
				return err
			}
			r, err := openReading(dir)
			if err != nil {
				return err
			}
			question := count.Question{Measure: ask.Measure, Window: ask.Window, By: ask.By, On: ask.On,
				ByAS: ask.ByAS, OnAS: ask.OnAS, Sensor: ask.Sensor, Site: ask.Site, Family: ask.Family, Verdict: ask.Verdict}
			write := writeText
			if asCSV {
				write = writeCSV
			}
			header := listHeader(&ask.Measure)
			next := func(yield func([]string, error) bool) {
				for row, err := range r.scan.Rows(c.Context(), question) {
					if !yield(listed(&ask.Measure, &row), err) {
						return
					}
				}
			}
			return errors.Join(write(s.out, header, next), r.close())
		},
	}
	q.add(c)
	ledgerFlag(c, &dir)
	c.Flags().BoolVar(&asCSV, "csv", false, "write CSV")
	return c
}

// listHeader names the columns: the counted end is the address, the other end is a
// server to a victim and a victim to a server.
func listHeader(m *measure.Measure) []string {
	other := "server"
	if m.Member == measure.Perp {
		other = "victim"
	}
	return []string{"address", "port", "first", "last", other, other + "_port", "name", "family",
		"feed", "indicator", "class", "grade", "by", "on", "by_as", "on_as", "site", "path", "sensor", "flags"}
}

// listed is one row as its counted end sees it.
func listed(m *measure.Measure, r *ts.Row) []string {
	own, ownPort, other, otherPort := r.Victim, r.VictimPort, r.Perp, r.PerpPort
	if m.Member == measure.Perp {
		own, ownPort, other, otherPort = r.Perp, r.PerpPort, r.Victim, r.VictimPort
	}
	text := func(valid bool, s fmt.Stringer) string {
		if !valid {
			return ""
		}
		return s.String()
	}
	fields := []string{text(own.IsValid(), own), port(ownPort), stamp(r.First), stamp(r.Last),
		text(other.IsValid(), other), port(otherPort), r.PerpName + r.VictimName, r.Family, r.Feed, r.Indicator,
		r.Class.String(), r.Grade.String(), string(r.By), string(r.On), decimal(uint64(r.ByAS)), decimal(uint64(r.OnAS)),
		r.Site, r.Path, r.Sensor, strings.Join(r.Flags.Words(), " ")}
	return cells(fields)
}

func port(p uint16) string {
	if p == 0 {
		return ""
	}
	return decimal(uint64(p))
}

func stamp(unix int64) string { return time.Unix(unix, 0).UTC().Format(time.RFC3339) }

// writeCSV writes rows as they come.
func writeCSV(w io.Writer, header []string, rows func(func([]string, error) bool)) error {
	out := csv.NewWriter(w)
	failed := out.Write(header)
	for row, err := range rows {
		if failed = errors.Join(failed, err); failed != nil {
			break
		}
		failed = out.Write(row)
	}
	out.Flush()
	return errors.Join(failed, out.Error())
}

// writeText writes rows with only the fields that are filled.
func writeText(w io.Writer, header []string, rows func(func([]string, error) bool)) error {
	for row, err := range rows {
		if err != nil {
			return err
		}
		var parts []string
		for i, cell := range row {
			if cell != "" && cell != "0" {
				parts = append(parts, header[i]+"="+cell)
			}
		}
		if _, err := fmt.Fprintln(w, strings.Join(parts, " ")); err != nil {
			return err
		}
	}
	return nil
}
