package main

import (
	"cmp"
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
		Long: `List each counted row: the counted address, its port (behind a carrier's NAT nothing else
tells customers apart), first and last contact (UTC), the other end, and what named it. Where no
address is counted, but a name, a site or an attack, both ends are headed by what they are:
server or source, and victim. Addresses of victims are personal data: give each network its own only.`,
		Example: `  tallystick list infected.addresses --on CZ --on-as 64496 --csv
  tallystick list control.servers --by US --from 2014-03-19 --to 2014-05-18`,
		Args: oneMeasure,
		RunE: func(c *cobra.Command, args []string) error {
			ask, err := q.ask(args[0], nil)
			if err != nil {
				return err
			}
			r, err := openReading(dir)
			if err != nil {
				return err
			}
			if err := r.checkAsk(s, ask); err != nil {
				return errors.Join(err, r.close())
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
					if err == nil && !supports(&ask.Measure, &row) {
						continue
					}
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

// supports reports whether a row supports a member. Others count in the part "unknown" of
// a figure.
func supports(m *measure.Measure, r *ts.Row) bool {
	member, _ := m.AppendMember(nil, r)
	return len(member) > 0
}

// listHeader names the columns: the counted address is that, any other end what it is.
func listHeader(m *measure.Measure) []string {
	perp := "source"
	if m.Class.PerpResponds() {
		perp = "server"
	}
	own, port, other := "address", "port", perp
	switch {
	case m.Member == measure.Perp:
		other = "victim"
	case m.Member != measure.Victim && perpFirst(m):
		own, port, other = perp, perp+"_port", "victim"
	case m.Member != measure.Victim:
		own, port = "victim", "victim_port"
	}
	return []string{own, port, "first", "last", other, other + "_port", "name", "family",
		"feed", "indicator", "class", "grade", "by", "on", "by_as", "on_as", "site", "path", "sensor", "flags"}
}

// perpFirst reports whether what is counted belongs to the perpetrator end.
func perpFirst(m *measure.Measure) bool {
	switch m.Member {
	case measure.Victim, measure.Site, measure.Contact:
		return false
	default:
		return true
	}
}

// listed is one row, the end that is counted first.
func listed(m *measure.Measure, r *ts.Row) []string {
	own, ownPort, other, otherPort := r.Victim, r.VictimPort, r.Perp, r.PerpPort
	if perpFirst(m) {
		own, ownPort, other, otherPort = r.Perp, r.PerpPort, r.Victim, r.VictimPort
	}
	text := func(valid bool, s fmt.Stringer) string {
		if !valid {
			return ""
		}
		return s.String()
	}
	fields := []string{text(own.IsValid(), own), number(ownPort), stamp(r.First), stamp(r.Last),
		text(other.IsValid(), other), number(otherPort), cmp.Or(r.PerpName, r.VictimName), r.Family, r.Feed, r.Indicator,
		r.Class.String(), r.Grade.String(), string(r.By), string(r.On), number(r.ByAS), number(r.OnAS),
		r.Site, r.Path, r.Sensor, strings.Join(r.Flags.Words(), " ")}
	return cells(fields)
}

// number writes a port or an AS, of which 0 is unknown.
func number[T uint16 | uint32](n T) string {
	if n == 0 {
		return ""
	}
	return decimal(uint64(n))
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
			if cell != "" {
				parts = append(parts, header[i]+"="+cell)
			}
		}
		if _, err := fmt.Fprintln(w, strings.Join(parts, " ")); err != nil {
			return err
		}
	}
	return nil
}
